"""The store that tests run on: the one MONGODB_URI names, or an embedded engine of this session's own."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from pymongo import MongoClient, monitoring

import engine
from engine.places import PROJECT
from operations.declared_workflows import register_workflows
from roles.behaviours import register_behaviours
from tests.short_lived import spare_the_disk
from tests.world import hash_cheaply
from tests.written import WRITTEN

register_behaviours()
register_workflows()
monitoring.register(WRITTEN)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> None:
    hash_cheaply()


@pytest.fixture(scope="session")
def engine_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real store, up for the whole session."""
    var: Path = tmp_path_factory.mktemp("var")
    running = engine.start(var, os.environ)
    spare_the_disk(running)
    # It ends the store when its input does, be it that these tests were killed.
    command = [sys.executable, "-m", "tests.end_of_tests", str(var)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, start_new_session=True):
        try:
            yield running.uri
        finally:
            running.stop()


@pytest.fixture(scope="session")
def database_uri(engine_uri: str) -> Iterator[str]:
    """The same address naming a database of this session's own, dropped at the end."""
    parts = urlsplit(engine_uri)
    query = dict(parse_qsl(parts.query))
    if parts.username:
        # The users' database was the one the address named; ours has none.
        query.setdefault("authSource", parts.path.strip("/") or "admin")
    name = f"shuzoko_test_{uuid.uuid4().hex[:12]}"
    uri = urlunsplit((parts.scheme, parts.netloc, f"/{name}", urlencode(query), ""))
    yield uri
    with MongoClient[dict[str, object]](uri) as client:
        client.drop_database(name)


STARTING = ("tests/browser/", "tests/commands/", "tests/engine/", "tests/recovery/", "tests/server/")
"""Folders whose tests start stores and servers of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a store, so that `make check` can do without."""
    for item in items:
        if "engine_uri" in getattr(item, "fixturenames", ()) or item.nodeid.startswith(STARTING):
            item.add_marker(pytest.mark.store)
