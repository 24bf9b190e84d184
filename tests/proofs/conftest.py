"""The application of the proofs, and databases that it can be turned to within one process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import mongoengine
import pytest
from flask import Flask
from pymongo import MongoClient
from pymongo.database import Database

from operations.store_indexes import ensure_indexes
from tests.proofs.stage import Stage, build
from tests.serving import beside
from tests.views.panel import panel_app
from tests.written import WRITTEN
from views.shared.frame import forget_tallies


@dataclass
class House:
    """One application over several databases, one at a time."""

    app: Flask
    client: MongoClient[dict[str, Any]]
    name: str
    made: set[str] = field(default_factory=set)

    def turn_to(self, world: str) -> Database[dict[str, Any]]:
        """Let the application read and write this database from now on; it is made, with its indexes, when new."""
        database: Database[dict[str, Any]] = self.client[f"{self.name}_{world}"]
        mongoengine.connection._dbs["default"] = database
        if world not in self.made:
            ensure_indexes()
            self.made.add(world)
        forget_tallies()
        return database

    def empty(self, world: str) -> None:
        """Delete every document of a database; its indexes stay."""
        WRITTEN.empty(self.turn_to(world))

    def set_stage(self, world: str) -> Stage:
        """Let a database hold the stage of the proofs as it was built, and nothing else."""
        WRITTEN.put_back(self.turn_to(world), _stored())
        return _stage()


@cache
def _stage() -> Stage:
    return build()


@cache
def _stored() -> dict[str, list[dict[str, Any]]]:
    return _stage().stored()


@pytest.fixture(scope="package")
def house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application on databases of this session's own."""
    mongoengine.disconnect()  # another folder's tests may have left theirs open
    uri, name = beside(database_uri, "proofs")
    var = tmp_path_factory.mktemp("proofs")
    app = panel_app(uri, var)
    found = House(app, mongoengine.get_connection(), name)
    try:
        yield found
    finally:
        for world in found.made:
            found.client.drop_database(f"{name}_{world}")
        mongoengine.disconnect()
