"""The store with the demo's world in it, as tests/gate has it."""

from threading import BoundedSemaphore

import pytest

from accounts.sign_in import hashing, passwords
from tests.gate.conftest import database, hashes, stood, store

__all__ = ["database", "hashes", "store", "stood"]


@pytest.fixture
def cheap(hashes: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """New passwords at a lower cost, and places for all who try at once."""
    monkeypatch.setattr(passwords, "COST", 4)
    monkeypatch.setattr(hashing, "_places", BoundedSemaphore(100))
    monkeypatch.setattr(hashing, "EACH", 100)
