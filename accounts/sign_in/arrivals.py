"""Whether sign-ins come through a proxy that was not declared: then all people have one address, the proxy's.

Locks and alarms by address, lists of networks and the ledger's addresses are worth nothing there (decision 0013), so
doctor says it. Counted by day are attempts with and without the headers that proxies add; nothing of what they hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

HEADERS = frozenset({"x-forwarded-for", "forwarded", "x-real-ip", "via"})
DAYS = 7
"""For so many days they are counted together."""
NEARLY_ALL = 0.9
"""A health check or the operator at the machine itself may come without the proxy."""


def count_arrival(headers: Iterable[str]) -> None:
    """Count an attempt to sign in that came to a deployment without a declared proxy.

    `headers`: the names of its request's.
    """
    now = datetime.now(UTC)
    forwarded = not HEADERS.isdisjoint(each.lower() for each in headers)
    update = {
        "$inc": {"forwarded" if forwarded else "direct": 1},
        "$set": {"ends_at": now + timedelta(days=DAYS)},
    }
    today, rates = {"_id": f"arrivals {now:%Y%m%d}"}, get_db()["api_rates"]
    try:
        rates.update_one(today, update, upsert=True)
    except DuplicateKeyError:  # two processes began the day at once
        rates.update_one(today, update)


def undeclared_proxy() -> int:
    """How many attempts of the last days came through one, where nearly all did; 0 where they did not."""
    now = datetime.now(UTC)
    days = [f"arrivals {now - timedelta(days=n):%Y%m%d}" for n in range(DAYS)]
    found = list(get_db()["api_rates"].find({"_id": {"$in": days}}))
    forwarded = sum(int(each.get("forwarded", 0)) for each in found)
    whole = forwarded + sum(int(each.get("direct", 0)) for each in found)
    return forwarded if whole and forwarded >= NEARLY_ALL * whole else 0
