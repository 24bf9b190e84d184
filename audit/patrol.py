"""The second place read again, a few entries at a time, day and night: what was altered there is found before it is needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from audit.canonical import digest, read
from audit.chain import Head
from audit.copies import set_damaged
from audit.place import Place

EVERY = 5.0
"""Seconds between two looks."""
LINES = 2_000
"""Entries that one look reads: a tenth of a second's work; a million take 40 minutes."""


@dataclass
class _Round:
    """How far the present reading of one copy has come: behind this byte, which is behind this entry."""

    byte: int = 0
    head: Head = Head()
    damaged: int = 0
    """The first entry that was wrong in this round."""
    said: int | None = None
    """What was last said of this copy; None where this process has not said anything yet."""


class Patrol:
    """A step of the worker's."""

    def __init__(self, place: Place, clock: Callable[[], float] = time.monotonic) -> None:
        self._place = place
        self._clock = clock
        self._next = 0.0
        self._rounds: dict[str, _Round] = {}

    def step(self) -> int:
        """Read the next entries of each copy, when it is time to; returns 0, for nothing waits for it."""
        if self._clock() >= self._next:
            self._next = self._clock() + EVERY
            for institution in self._place.institutions():
                self._look(institution, self._rounds.setdefault(institution, _Round()))
        return 0

    def _look(self, institution: str, now: _Round) -> None:
        try:
            with (self._place.of(institution) / "entries.jsonl").open("rb") as file:
                file.seek(now.byte)
                lines = [line for line, _ in zip(file, range(LINES), strict=False) if line.endswith(b"\n")]
        except OSError:
            return  # who copies says so
        for line in lines:
            now.byte += len(line)
            now.head = self._follows(now, line)
        over = len(lines) < LINES
        if now.damaged != now.said and (now.damaged or over):
            set_damaged(institution, now.damaged)
            now.said = now.damaged
        if over:
            self._rounds[institution] = _Round(said=now.said)

    def _follows(self, now: _Round, line: bytes) -> Head:
        number = now.head.number + 1
        try:
            entry = read(line)
            found = Head(entry["number"], entry["hash"])
            fits = (found.number, entry["prev"], found.hash) == (number, now.head.hash, digest(entry))
        except (ValueError, KeyError, TypeError):
            found, fits = Head(number, ""), False
        if not fits and not now.damaged:
            now.damaged = number
        return found
