"""The store with the demo's world in it, as tests/gate has it."""

from tests.gate.conftest import database, hashes, stood, store

__all__ = ["database", "hashes", "store", "stood"]
