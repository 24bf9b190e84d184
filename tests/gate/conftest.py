"""A store with the demo's world in it, for every test of this folder."""

from collections.abc import Iterator
from typing import Any

import bcrypt
import pytest
from mongoengine.connection import disconnect
from pymongo.database import Database

from accounts.sign_in import passwords
from operations.store_indexes import ensure_indexes
from tests.world import connect, emptied, world
from tests.written import WRITTEN


@pytest.fixture(scope="package")
def store(database_uri: str) -> Iterator[Database[dict[str, Any]]]:
    """The session's database, connected and indexed."""
    database = connect(database_uri)
    ensure_indexes()
    emptied(database)  # another folder's tests leave theirs
    yield database
    disconnect("default")


@pytest.fixture
def database(store: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    """The same, emptied and filled with the world."""
    if WRITTEN.others_may_have_written():
        emptied(store)
    for name in WRITTEN.take(store.name):
        store[name].delete_many({})
    WRITTEN.take(store.name)  # they are empty
    world(store)
    return store


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What reaches the password check. The check itself is the real one, at a lower cost for the unknown."""
    seen: list[bytes] = []
    check = bcrypt.checkpw

    def counted(password: bytes, stored: bytes) -> bool:
        seen.append(stored)
        return check(password, stored)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    monkeypatch.setattr(passwords, "NOBODY", bcrypt.hashpw(b"nobody", bcrypt.gensalt(4)).decode())
    return seen
