"""The pulse of the worker and of the sealer: while its loop moves, a thread gives a sign of life to the store and to the supervisor.

A step may take minutes (a first copy of a long ledger), so the loop itself does not give them; and a loop that hangs gives
none, because the thread looks at when it last moved.
"""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

from pymongo.errors import PyMongoError

from engine.places import Places
from engine.watching import leave_pulse
from operations.beats import WORKER, Beats

EVERY = 5.0
LONGEST_STEP = 600.0
"""A loop that has not moved for so many seconds hangs: no call to the store lasts longer."""


class Pulse:
    """From the beginning of the block to its end."""

    def __init__(self, places: Places, name: str = WORKER) -> None:
        self._places, self._name = places, name
        self._beats = Beats(name=name)
        self._moved = time.monotonic()
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True, name="pulse")

    def moved(self) -> None:
        """The loop goes on."""
        self._moved = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        if kind is None:
            with suppress(PyMongoError):
                self._beats.end()

    def _run(self) -> None:
        while True:
            if time.monotonic() - self._moved < LONGEST_STEP:
                with suppress(OSError):
                    leave_pulse(self._places, self._name)
                with suppress(PyMongoError):
                    self._beats.beat()
            if self._over.wait(EVERY):
                return
