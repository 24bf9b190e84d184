"""The store with the demo's world in it, as tests/gate has it; every test twice, by counts made at once and by kept ones."""

import pytest

from gate.counts import counted, kept
from tests.gate.conftest import database, hashes, stood, store

__all__ = ["database", "hashes", "store", "stood"]


@pytest.fixture(autouse=True, params=["counted at once", "kept"])
def _counts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a large store shows from the last count says the same, and to the same people, as what a small one counts."""
    if request.param == "kept":
        monkeypatch.setattr(counted, "FEW", -1)
        monkeypatch.setattr(counted, "header_of", kept.recount)
