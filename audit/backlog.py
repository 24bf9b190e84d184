"""How long the oldest entry has waited for the sealer; when that is too long, nothing personal is shown (law 6)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from bson import ObjectId
from mongoengine.connection import get_db

from audit.streams import ROOMS

LAG = timedelta(minutes=60)
"""So long the sealer may be silent. It is done within seconds where it runs at all."""
_FRESH = 10.0
"""Seconds for which an answer holds in this process: a disclosure would otherwise ask three questions of the store."""


class _Last:
    at = -_FRESH
    lags = False


def oldest_waiting() -> datetime | None:
    """When the entry was written that has waited longest; None where nothing waits."""
    by_time = {"_id": {"$gte": ObjectId("0" * 24)}}  # ids of events and disclosures sort by their time
    found = [get_db()[room].find_one(by_time, {"at": 1}, sort=[("_id", 1)]) for room in ROOMS]
    moments = [each["at"] for each in found if each and isinstance(each.get("at"), datetime)]
    return min(moments, default=None)


def sealing_lags() -> bool:
    """Whether the oldest entry waits longer than LAG."""
    now = time.monotonic()
    if now - _Last.at >= _FRESH:
        oldest = oldest_waiting()
        _Last.lags = oldest is not None and datetime.now(UTC) - oldest > LAG
        _Last.at = now
    return _Last.lags


def look_again() -> None:
    """Forget the last answer: for tests, and after a sealing by hand."""
    _Last.at = -_FRESH
