"""The signs of life of the worker and of the sealer, a document of the store each: any machine can see when they last moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mongoengine.connection import get_db
from pymongo import timeout

WORKER, SEALER = "worker", "sealer"
SILENT = timedelta(seconds=30)
"""After so long without a sign of life one is taken for dead."""
SECONDS = 5.0
"""For the store to take one."""
JUMP = 30.0
"""Seconds by which the clock may differ from what passed since the last sign of life: time synchronisation moves it slowly."""
TOLD = timedelta(days=1)
"""For so long a jump of the clock is spoken of."""


def _passed() -> float:
    # It goes on while the machine sleeps, and cannot be set.
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Beats:
    """Gives the signs of life of this process."""

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        passed: Callable[[], float] = _passed,
        *,
        name: str = WORKER,
    ) -> None:
        self._key = {"_id": name}
        self._clock, self._passed = clock, passed
        self._last: tuple[datetime, float] | None = None

    def beat(self) -> None:
        """It lives.

        Raises:
            PyMongoError: the store does not answer.
        """
        now, passed = self._clock(), self._passed()
        told: dict[str, object] = {"at": now, "ended": False}
        if self._last:
            jump = (now - self._last[0]).total_seconds() - (passed - self._last[1])
            if abs(jump) > JUMP:
                told["jump"] = {"at": now, "seconds": round(jump)}
        with timeout(SECONDS):
            get_db()["deployment"].update_one(self._key, {"$set": told}, upsert=True)
        self._last = now, passed

    def end(self) -> None:
        """It ends in order.

        Raises:
            PyMongoError: the store does not answer.
        """
        with timeout(SECONDS):
            get_db()["deployment"].update_one(
                self._key, {"$set": {"at": self._clock(), "ended": True}}, upsert=True
            )


def last_beat(name: str = WORKER) -> tuple[datetime, bool] | None:
    """When a worker or sealer last gave one, and whether it ended in order; None where none ever ran."""
    found = get_db()["deployment"].find_one({"_id": name})
    return (found["at"], bool(found["ended"])) if found else None


def lives(name: str) -> bool:
    """Whether one gave a sign of life lately and did not end."""
    last = last_beat(name)
    return last is not None and not last[1] and abs(datetime.now(UTC) - last[0]) < SILENT


def last_jump() -> tuple[datetime, int] | None:
    """When the clock was set while a worker ran, and by how many seconds, if that was lately."""
    found = (get_db()["deployment"].find_one({"_id": WORKER}) or {}).get("jump")
    return (found["at"], found["seconds"]) if found and abs(datetime.now(UTC) - found["at"]) < TOLD else None
