"""What a step of an upgrade is, and how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from models.data_classes import Words

Position = dict[str, Any]
"""Where a step stands, as the store keeps it: {} at its beginning, the rest is the step's own."""


class LeaseLost(Exception):
    """Another process has taken the upgrade over: this one writes nothing more."""


@dataclass
class Progress:
    """How far a step is. Each batch is told here when it is stored, and a killed run goes on behind it."""

    position: Position
    _keep: Callable[[Position], None]
    _tell: Callable[[int], None] = lambda _: None
    seen: int = 0
    """Units done so far, those of killed runs included."""

    def keep(self, position: Position, more: int) -> None:
        """Store that the step has come this far, and show that so many more units are done.

        Raises:
            LeaseLost: another process does the upgrade by now.
            PyMongoError: the store does not answer.
        """
        self.position = position
        self.seen += more
        self._keep(position)
        self._tell(more)


@dataclass(frozen=True)
class Step:
    """One change of stored data. What it does can be stopped at any point and done again: it must find what is left."""

    number: int
    words: Words
    """What is being done, for a progress bar and for `flask doctor`."""
    pending: Callable[[], int]
    """How many units wait for it; it asks the store, which may take seconds. 0 after it has run."""
    run: Callable[[Progress], Words | None]
    """Do it from the position on; what to say of it at the end, if anything."""
    total: Callable[[], int] | None = None
    """How many units a run looks at, where that is more than are pending."""
    follows: str = ""
    """What its result follows from, as a short text: where it is another than when it last ran, the step is due again."""
    cheap: bool = False
    """Whether `pending` asks so little that every start may ask it."""
    once: bool = False
    """Whether it is about what the former version left, and never about what was stored since: done, it is not asked again."""
    named: Callable[[], list[str]] = field(default=list)
    """Some of what waits for it, by name."""
