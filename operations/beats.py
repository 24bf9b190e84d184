"""The worker's signs of life, in one document of the store: any machine can see when it last moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mongoengine.connection import get_db
from pymongo import timeout

KEY = {"_id": "worker"}
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
    ) -> None:
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
            get_db()["deployment"].update_one(KEY, {"$set": told}, upsert=True)
        self._last = now, passed

    def end(self) -> None:
        """It ends in order.

        Raises:
            PyMongoError: the store does not answer.
        """
        with timeout(SECONDS):
            get_db()["deployment"].update_one(
                KEY, {"$set": {"at": self._clock(), "ended": True}}, upsert=True
            )


def last_beat() -> tuple[datetime, bool] | None:
    """When a worker last gave one, and whether it ended in order; None where none ever ran."""
    found = get_db()["deployment"].find_one(KEY)
    return (found["at"], bool(found["ended"])) if found else None


def last_jump() -> tuple[datetime, int] | None:
    """When the clock was set while a worker ran, and by how many seconds, if that was lately."""
    found = (get_db()["deployment"].find_one(KEY) or {}).get("jump")
    return (found["at"], found["seconds"]) if found and abs(datetime.now(UTC) - found["at"]) < TOLD else None
