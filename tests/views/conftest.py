"""The panel that the tests of the screens ask, on the session's store."""

from __future__ import annotations

from collections.abc import Iterator

import mongoengine
import pytest

from tests.serving import beside
from tests.views.imports.importing import forget_imports
from tests.views.listening import ASKED, Asked
from tests.views.panel import Panel, Person, build, panel_app


@pytest.fixture(scope="package")
def panel(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """The application with its records, in a database of its own."""
    uri, name = beside(database_uri, "views")
    var = tmp_path_factory.mktemp("panel")
    mongoengine.disconnect()  # another folder's tests may have left theirs open
    app = panel_app(uri, var)
    try:
        yield build(app)
    finally:
        client = mongoengine.get_connection()
        client.drop_database(name)
        mongoengine.disconnect()


@pytest.fixture
def shinjuku(panel: Panel) -> Person:
    """The curator of the museum that owns the records."""
    return panel.person("staff.shinjuku")


@pytest.fixture
def soseki(panel: Panel) -> Person:
    """The curator of the sister museum."""
    return panel.person("staff.soseki")


@pytest.fixture
def no_imports(panel: Panel) -> Iterator[None]:
    """Nothing of any import before the test, and nothing of this one's after it."""
    forget_imports()
    yield
    forget_imports()


@pytest.fixture
def listening() -> Iterator[Asked]:
    """The store's commands, noted until the test is over."""
    ASKED.listens = True
    yield ASKED
    ASKED.listens = False
    ASKED.commands.clear()


@pytest.fixture
def items(panel: Panel) -> None:
    """Items that photographs can come to; no_imports takes them away."""
    for number in ("L-1", "L-2", "L-2-3"):
        panel.make("item", "shinjuku", accession_number=number, title="壺")
