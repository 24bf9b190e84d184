"""Which collections were written to, so that only those are emptied or put back: asking all of them costs more than a test."""

from __future__ import annotations

import resource
from collections.abc import Mapping
from typing import Any

from pymongo import monitoring
from pymongo.database import Database

Document = dict[str, Any]
Used = tuple[float, float, int]
NOTHING: Mapping[str, list[Document]] = {}
WRITES = ("insert", "update", "delete", "findAndModify")


class Written(monitoring.CommandListener):
    """Hears what this process writes to. Of what its child processes write it knows only that some of them ended.

    One for each purpose: what was taken is forgotten.
    """

    def __init__(self) -> None:
        self._touched: set[tuple[str, str]] = set()
        self._stands: dict[str, tuple[Mapping[str, list[Document]], Used]] = {}
        """Database → which documents were put into it, and what child processes had used then."""

    def take(self, database: str) -> set[str]:
        """The collections of a database that were written to since they were taken last."""
        taken = {collection for name, collection in self._touched if name == database}
        self._touched -= {(database, each) for each in taken}
        return taken

    def put_back(self, database: Database[Document], documents: Mapping[str, list[Document]]) -> None:
        """Let a database hold these documents of each collection and no other; collections and their indexes stay.

        Only what was written to is looked at where the same documents were put back before, unless a child process of
        ours has ended since. Not for databases that something else writes to meanwhile: tests.world.emptied.
        """
        names, used = self.take(database.name), _of_children()
        stands, then = self._stands.get(database.name, (None, None))
        if stands is not documents or then != used:
            there = {each for each in database.list_collection_names() if not each.startswith("system.")}
            names = there | documents.keys()
        for each in sorted(names):
            database[each].delete_many({})
            if documents.get(each):
                database[each].insert_many(documents[each])
        self.take(database.name)  # this was heard as well
        self._stands[database.name] = documents, used

    def empty(self, database: Database[Document]) -> None:
        """Delete every document, see put_back."""
        self.put_back(database, NOTHING)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Note a command that writes."""
        if event.command_name in WRITES:
            self._touched.add((event.database_name, str(event.command[event.command_name])))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing."""


def _of_children() -> Used:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime, used.ru_stime, used.ru_minflt


WRITTEN = Written()
"""Registered before anything connects (tests/conftest.py)."""
