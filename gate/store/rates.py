"""So many of something in a minute, over all processes: the store counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

INDEXES = {"api_rates": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)]}

REFUSALS_NOTED = 30
"""Refusals of an address or account that are noted in a minute: whoever tries without end shall not fill the history."""


def within_rate(what: str, limit: int) -> bool:
    """Count one more of `what` in this minute; False beyond the limit. Exact over all processes: the store counts."""
    now = datetime.now(UTC)
    counter = {"_id": f"{what} {now:%Y%m%d%H%M}", "count": {"$lt": limit}}
    more = {"$inc": {"count": 1}, "$set": {"ends_at": now + timedelta(minutes=2)}}
    rates = get_db()["api_rates"]
    try:
        rates.update_one(counter, more, upsert=True)
    except DuplicateKeyError:
        # Either spent, or two processes began the minute at once: then the plain update decides.
        return bool(rates.update_one(counter, more).modified_count)
    return True
