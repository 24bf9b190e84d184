"""The panel with an ear at the store: every command that goes there is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import mongoengine
import pytest
from pymongo import monitoring

from accounts.tokens import make_token
from tests.serving import beside
from tests.views.panel import Panel, build, panel_app
from tests.world import PEPPER, actor

MARK = "zq7mark"
"""Stands in everything that is sent, so that it can be told from our own words."""


@dataclass
class Ear(monitoring.CommandListener):
    """What the store was asked, as far as it holds the mark where an operator or a name would stand."""

    heard: list[str] = field(default_factory=list)
    commands: int = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.commands += 1
        self.heard += [f"{event.command_name}: {each}" for each in _operators(event.command)]

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Not of interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Not of interest."""


PLAIN = frozenset({"$in", "$all", "$set", "$push", "$each", "$setOnInsert", "$eq", "$addToSet", "$nin", "$elemMatch",
                   "$and", "$or", "$not", "$gte", "$lte", "$gt", "$lt", "$regex"})  # fmt: skip
"""Our own; of a pattern it is asked further down whether its words are escaped."""


def _operators(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if MARK in name:
                yield f"a name {name!r}"
            if name in ("$ne", "$where", "$expr", "$function", "$exists", "$type") and MARK in repr(each):
                yield f"an operator {name}: {each!r}"
            if (
                name == "$regex"
                and MARK in repr(each)
                and any(sign in str(each) for sign in (".*", "(a+)", "|" + MARK))
            ):
                yield f"a pattern {each!r}"
            yield from _operators(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _operators(each, key)
    elif isinstance(value, str) and MARK in value and key.startswith("$") and key not in PLAIN:
        yield f"a value below {key}: {value!r}"


@pytest.fixture(scope="package")
def ear() -> Ear:
    """The ear."""
    found = Ear()
    monitoring.register(found)
    return found


@pytest.fixture(scope="package")
def tokens(panel: Panel) -> Callable[[str], dict[str, str]]:
    """The headers of a program of an account, its token made once."""
    made = cache(lambda login_id: make_token(actor(login_id), "試験", 30, pepper=PEPPER))
    return lambda login_id: {"Authorization": f"Bearer {made(login_id)}"}


@pytest.fixture(scope="package")
def panel(ear: Ear, database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """The application and its records."""
    uri, name = beside(database_uri, "injection")
    mongoengine.disconnect()  # a connection of before would not be heard
    var = tmp_path_factory.mktemp("injection")
    app = panel_app(uri, var)
    try:
        yield build(app)
    finally:
        mongoengine.get_connection().drop_database(name)
        mongoengine.disconnect()
