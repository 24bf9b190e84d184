"""The application with the panel's records, in a database of this folder's own, and programs that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import mongoengine
import pytest
from mongoengine.connection import get_db

from tests.api.program import Programs
from tests.serving import beside
from tests.views.panel import Panel, build, panel_app


@pytest.fixture(scope="package")
def panel(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """The application and its records."""
    uri, name = beside(database_uri, "api")
    mongoengine.disconnect()  # another folder's tests may have left theirs open
    var = tmp_path_factory.mktemp("api")
    app = panel_app(uri, var)
    try:
        yield build(app)
    finally:
        mongoengine.get_connection().drop_database(name)
        mongoengine.disconnect()


@pytest.fixture(scope="package")
def programs(panel: Panel) -> Programs:
    """A program of every account that may have one."""
    return Programs(panel.app)


@pytest.fixture(autouse=True)
def _new_minute(panel: Panel) -> None:
    """No test pays for the requests of the one before."""
    get_db()["api_rates"].delete_many({})


class Changing(Protocol):
    """Changes a stored document for the length of a block."""

    def __call__(
        self, collection: str, which: dict[str, Any], change: dict[str, Any]
    ) -> AbstractContextManager[None]: ...


@pytest.fixture
def changed(panel: Panel) -> Changing:
    """Change one stored document, as an administrator's screen would, and put it back afterwards."""

    @contextmanager
    def _changed(collection: str, which: dict[str, Any], change: dict[str, Any]) -> Iterator[None]:
        before = get_db()[collection].find_one(which)
        assert before is not None
        get_db()[collection].update_one(which, {"$set": change})
        try:
            yield
        finally:
            get_db()[collection].replace_one({"_id": before["_id"]}, before)

    return _changed
