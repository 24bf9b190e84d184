"""Which collections were written to, so that only those are emptied or put back: asking all of them costs more than a test."""

from __future__ import annotations

import resource

from pymongo import monitoring

WRITES = ("insert", "update", "delete", "findAndModify")


class Written(monitoring.CommandListener):
    """What this process wrote to; what its child processes wrote it cannot hear, only that some of them ended."""

    def __init__(self) -> None:
        self._touched: set[tuple[str, str]] = set()
        self._children = _of_children()

    def take(self, database: str) -> set[str]:
        """The collections of a database that were written to since they were taken last."""
        taken = {collection for name, collection in self._touched if name == database}
        self._touched -= {(database, each) for each in taken}
        return taken

    def others_may_have_written(self) -> bool:
        """Whether a child process ended since this was asked last."""
        before, self._children = self._children, _of_children()
        return before != self._children

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Note a command that writes."""
        if event.command_name in WRITES:
            self._touched.add((event.database_name, str(event.command[event.command_name])))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing."""


def _of_children() -> tuple[float, float, int]:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime, used.ru_stime, used.ru_minflt


WRITTEN = Written()
monitoring.register(WRITTEN)
