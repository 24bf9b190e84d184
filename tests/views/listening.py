"""What the store is asked while a page is answered."""

from __future__ import annotations

from typing import NamedTuple

from pymongo import monitoring


class Command(NamedTuple):
    """A command, the collection that it is about, and the fields that it asks for or leaves out: name → 1 or 0."""

    name: str
    collection: str
    fields: dict[str, int]


class Asked(monitoring.CommandListener):
    """What the store was asked, while it listens."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.listens = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Note it."""
        if self.listens:
            name, told = event.command_name, event.command
            self.commands.append(Command(name, str(told[name]), dict(told.get("projection") or {})))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing."""


ASKED = Asked()
# A client takes the listeners that there are when it is made: before the panel of these tests is.
monitoring.register(ASKED)
