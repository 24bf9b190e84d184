"""The former version's store, restored into a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mongoengine.connection import disconnect
from pymongo import MongoClient

from tests.commands.conftest import Site
from tests.operations.former import restore
from tests.serving import beside
from tests.world import connect


@pytest.fixture
def empty(database_uri: str, tmp_path: Path) -> Iterator[Site]:
    """A deployment with nothing in its store; this process is connected to it too."""
    uri, name = beside(database_uri, f"upgrade_{tmp_path.name[-20:].replace('-', '_')}")
    disconnect("default")  # another folder's tests may have left theirs open
    connect(uri)
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        yield Site(client[name], uri, tmp_path / "var")
        client.drop_database(name)
    disconnect("default")


@pytest.fixture
def former(empty: Site) -> Site:
    """The same, holding what the former version stored."""
    restore(empty.database, empty.var)
    return empty
