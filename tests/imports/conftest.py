"""A database of this folder's own, empty before each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from mongoengine.connection import disconnect
from pymongo.database import Database

from operations.store_indexes import ensure_indexes
from tests.serving import beside
from tests.world import connect, emptied


@pytest.fixture(scope="package")
def own(database_uri: str) -> Iterator[Database[dict[str, Any]]]:
    """The database, beside the session's."""
    uri, name = beside(database_uri, "migration")
    disconnect("default")  # another folder's tests may have left theirs open
    database = connect(uri)
    yield database
    database.client.drop_database(name)
    disconnect("default")


@pytest.fixture
def database(own: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    """The same, emptied."""
    emptied(own)
    return own


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    """The same with its indexes: the unique ones are what finds a taken number."""
    ensure_indexes()
    return database
