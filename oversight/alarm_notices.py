"""Alarms that are delivered: each is stored once, counted on the first page of who audits, and sent by the hooks.

The ledgers stay what says what happened. A notice holds where to look: the kind, the institution, the hour, and how many.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from mongoengine.connection import get_db
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from audit.chain import SITE, institutions
from oversight.alarms import Alarm, alarms

Document = dict[str, Any]
KEPT = timedelta(days=7)
"""So long a notice of an alarm is kept; afterwards only the ledgers hold it."""
INDEXES = [
    IndexModel([("institution", ASCENDING), ("found_at", DESCENDING)]),
    IndexModel([("ends_at", ASCENDING)], expireAfterSeconds=0),
]


def notice_alarms(now: datetime) -> int:
    """Store the alarms of this hour and of the last one; how many are new."""
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    # SITE last: what an institution's own chain tells is not told again for it.
    ordered = sorted(institutions(), key=lambda each: (each == SITE, each))
    return sum(_keep(each, now) for each in alarms(ordered, since, now + timedelta(minutes=1)))


def _keep(alarm: Alarm, now: datetime) -> bool:
    """Store it unless it is there; whether it was new."""
    name = f"{alarm.institution} {alarm.kind} {alarm.actor or alarm.detail[:60]} {alarm.at:%Y-%m-%dT%H}"
    notices = get_db()["alarm_notices"]
    if notices.find_one({"_id": name}, {"_id": 1}):
        return False
    told = {
        "institution": alarm.institution,
        "kind": alarm.kind,
        "found_at": now,
        "ends_at": now + KEPT,
        "sent": [],
    }
    with suppress(DuplicateKeyError):
        notices.insert_one({"_id": name, **told})
        return True
    return False


def count_unseen(user: str, houses: Iterable[str], now: datetime) -> int:
    """Notices of these institutions since this account last looked at the alarms."""
    looked = get_db()["alarm_looks"].find_one({"_id": user}) or {}
    since = max(looked.get("at", now - KEPT), now - KEPT)
    asked = {"institution": {"$in": sorted(houses)}, "found_at": {"$gt": since}}
    number: int = get_db()["alarm_notices"].count_documents(asked)
    return number


def looked_at(user: str, now: datetime) -> None:
    """This account has the alarms before it."""
    get_db()["alarm_looks"].update_one({"_id": user}, {"$set": {"at": now}}, upsert=True)


def unsent(channel: str, institution: str) -> list[str]:
    """Ids of the notices that have not gone out by this channel. `institution`: of which; "" of all."""
    asked: Document = {"sent": {"$ne": channel}}
    if institution:
        asked["institution"] = institution
    return [each["_id"] for each in get_db()["alarm_notices"].find(asked, {"_id": 1})]


def sent(channel: str, ids: list[str]) -> None:
    """They have gone out by this channel."""
    get_db()["alarm_notices"].update_many({"_id": {"$in": ids}}, {"$addToSet": {"sent": channel}})
