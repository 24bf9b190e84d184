"""Every kind of query and write that Shuzoko uses, against whatever store MONGODB_URI names.

An owner of another MongoDB-compatible service runs this one folder before trusting it with records:
`MONGODB_URI=… .venv/bin/pytest tests/engine/conformance`.
"""

from collections.abc import Iterator

import pytest
from bson import ObjectId
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from tests.engine.conformance.records import Record


@pytest.fixture(scope="package")
def client(database_uri: str) -> Iterator[MongoClient[Record]]:
    with MongoClient[Record](database_uri, tz_aware=True, serverSelectionTimeoutMS=10_000) as client:
        yield client


@pytest.fixture
def database(client: MongoClient[Record]) -> Database[Record]:
    return client.get_default_database()


@pytest.fixture
def records(database: Database[Record]) -> Iterator[Collection[Record]]:
    collection = database[f"conformance_{ObjectId()}"]
    yield collection
    collection.drop()
