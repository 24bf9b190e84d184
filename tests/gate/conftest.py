"""A store with the demo's world in it, for every test of this folder."""

from collections.abc import Iterator
from typing import Any

import bcrypt
import pytest
from mongoengine.connection import disconnect
from pymongo.database import Database

from accounts.sign_in import passwords
from operations.store_indexes import ensure_indexes
from tests.world import connect, world
from tests.written import WRITTEN

Document = dict[str, Any]


@pytest.fixture(scope="package")
def store(database_uri: str) -> Iterator[Database[Document]]:
    """The session's database, connected and indexed."""
    database = connect(database_uri)
    ensure_indexes()
    yield database
    disconnect("default")


@pytest.fixture(scope="package")
def stood(store: Database[Document]) -> dict[str, list[Document]]:
    """The world as it stands before each test: collection → its documents."""
    WRITTEN.empty(store)
    world(store)
    return {name: list(store[name].find()) for name in store.list_collection_names()}


@pytest.fixture
def database(store: Database[Document], stood: dict[str, list[Document]]) -> Database[Document]:
    """The same, holding the world and nothing else."""
    WRITTEN.put_back(store, stood)
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
