"""Attempts to sign in, counted before a hash is computed; each count is one conditional update, exact under any load (S9).

The name's counter says how often it was tried. A known device (accounts.sign_in.devices) has one of its own, so that strangers cannot
keep an account's person out. With which names an address has failed is counted beside it (accounts.failed_names). All are kept
under keyed hashes, so that they tell no name, known or unknown.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from japanese.keys import search_key
from policies.lockout import DAY, LONGEST, Limits

INDEXES = {
    "attempts": [
        IndexModel([("forget_at", 1)], expireAfterSeconds=0),
        IndexModel([("of", 1)], sparse=True),
    ]
}

Document = dict[str, Any]
REMEMBERED = timedelta(days=30)
"""For so long an account's person can still be told that it was locked."""


@dataclass(frozen=True)
class Lock:
    """What its person is told at the next sign-in: since when, after how many wrong attempts, and until when."""

    at: datetime
    wrong: int
    until: datetime


def folded(login_id: str) -> str:
    """A login id as it is compared: width and case folded, as every record's key is."""
    return search_key(login_id[:200]).strip()


def _attempts() -> Collection[Document]:
    found: Collection[Document] = get_db()["attempts"]
    return found


def keyed(kind: str, what: str, pepper: bytes) -> str:
    """A keyed hash by which something is counted and not named."""
    return hmac.new(pepper, f"{kind}:{what}".encode(errors="surrogatepass"), sha256).hexdigest()


def counter_of(name: str, pepper: bytes, *, outside: bool = False, device: str = "") -> str:
    """The id of a name's counter. Who comes from outside the allowed networks has one of their own: they spend their
    attempts, and nobody's inside. So has a known device (its id)."""
    if device:
        return keyed("device", f"{device}:{name}", pepper)
    return keyed("outside" if outside else "attempts", name, pepper)


def reserve(counter: str, limits: Limits, *, of: str = "") -> bool:
    """Take one of a counter's attempts, or say that they are spent.

    `of`: for a known device's counter, the name's.
    """
    now = datetime.now(UTC)
    # guard: attempts
    # guard: lockout-condition
    free = {"_id": counter, "$or": [{"count": {"$lt": limits.attempts}}, {"until": {"$not": _ahead(now)}}]}
    return _taken(free, _taking(limits, now, of))


def _taking(limits: Limits, now: datetime, of: str) -> list[Document]:
    """The update: when the time is over it begins anew, and a lock that is over makes the day's next one longer."""
    # What is missing sorts before any time; what lies too far ahead was set before the clock was set back.
    gone, day_gone = (
        {"$or": [{"$lte": [time, now]}, {"$gt": [time, now + longest]}]}
        for time, longest in (("$until", LONGEST), ("$day_ends", DAY))
    )
    was_locked = {"$and": [gone, {"$eq": ["$locked", True]}]}
    ends = [now + each for each in limits.ladder]
    return [
        {"$set": {
            "locks": {"$cond": [day_gone, 0, {"$add": ["$locks", {"$cond": [was_locked, 1, 0]}]}]},
            "day_ends": {"$cond": [day_gone, now + DAY, "$day_ends"]},
            "count": {"$cond": [gone, 1, {"$add": ["$count", 1]}]},
            "told": {"$cond": [gone, False, "$told"]},
            "wrong": {"$add": [{"$ifNull": ["$wrong", 0]}, 1]},
        }},
        {"$set": {
            "locked": {"$gte": ["$count", limits.attempts]},
            "until": {"$arrayElemAt": [ends, {"$min": ["$locks", len(ends) - 1]}]},
            "forget_at": now + REMEMBERED,
            **({"of": of} if of else {}),
        }},
    ]  # fmt: skip


def _ahead(now: datetime) -> Document:
    """The ends of locks that hold. None lies further ahead than LONGEST, unless the clock was set back meanwhile."""
    return {"$gt": now, "$lte": now + LONGEST}


def _taken(free: Document, more: list[Document]) -> bool:
    try:
        _attempts().update_one(free, more, upsert=True)
    except DuplicateKeyError:
        # Either spent, or two processes made the counter at once: then the plain update decides.
        return bool(_attempts().update_one(free, more).matched_count)
    return True


def newly_locked(counter: str) -> bool:
    """After a wrong attempt: whether the name is locked now, and nobody has said so yet; asked once for each lock."""
    fresh = {"_id": counter, "locked": True, "told": False}
    return bool(
        _attempts().update_one(fresh, {"$set": {"told": True, "locked_at": datetime.now(UTC)}}).modified_count
    )


def succeeded(name: str, pepper: bytes, *, device: str = "") -> Lock | None:
    """All that was asked for was right: what was counted against the counter is forgotten, the name's last lock told.

    From a known device the name's own counter stays, or every sign-in would give strangers new attempts.
    """
    counter = counter_of(name, pepper)
    if not device:
        lock = _lock(_attempts().find_one({"_id": counter}), right=1)
        _attempts().delete_one({"_id": counter})
        return lock
    own = counter_of(name, pepper, device=device)
    lock = _lock(_attempts().find_one({"_id": own}), right=1) or _lock(_attempts().find_one({"_id": counter}))
    _attempts().delete_one({"_id": own})
    _attempts().update_one({"_id": counter}, {"$unset": {"locked_at": ""}, "$set": {"wrong": 0}})
    return lock


def _lock(found: Document | None, right: int = 0) -> Lock | None:
    """The lock of a counter, of whose attempts so many were right."""
    if not found or not found.get("locked_at"):
        return None
    return Lock(found["locked_at"], max(found["wrong"] - right, 1), found["until"])


def give_back(counter: str) -> None:
    """The attempt that was just taken was right, but not yet all: the wrong ones before it stay counted.

    Were they forgotten here, whoever has the password could try codes without end.
    """
    _attempts().update_one(
        {"_id": counter, "count": {"$gt": 0}}, {"$inc": {"count": -1, "wrong": -1}, "$set": {"locked": False}}
    )


def locked_until(login_id: str, *, pepper: bytes) -> datetime | None:
    """Until when a name is locked, or a device that knows it; None where neither is."""
    counter = counter_of(folded(login_id), pepper)
    where = {"$or": [{"_id": counter}, {"of": counter}], "locked": True, "until": _ahead(datetime.now(UTC))}
    return max((each["until"] for each in _attempts().find(where)), default=None)


def counter_until(counter: str) -> datetime | None:
    """Until when a counter is spent; None where it is not."""
    found = _attempts().find_one({"_id": counter, "locked": True, "until": _ahead(datetime.now(UTC))})
    return found["until"] if found else None


def minutes_until(moment: datetime | None) -> int:
    """Whole minutes until then, at least one."""
    left = (moment - datetime.now(UTC)).total_seconds() if moment else 0
    return max(1, -int(-left // 60))


def anybody_is_locked() -> bool:
    """Whether any name of this deployment is locked now."""
    asked = {"locked": True, "until": {"$gt": datetime.now(UTC)}}
    return _attempts().find_one(asked, {"_id": 1}) is not None


def is_locked(login_id: str, *, pepper: bytes) -> bool:
    """Whether its attempts are spent and the cool-off is not over."""
    return locked_until(login_id, pepper=pepper) is not None


def unlock(login_id: str, *, pepper: bytes) -> None:
    """Give back all attempts at once, inside, outside and at known devices; that it was locked is still told to its
    person."""
    name, now = folded(login_id), datetime.now(UTC)
    both = [counter_of(name, pepper), counter_of(name, pepper, outside=True)]
    _attempts().update_many(
        {"$or": [{"_id": {"$in": both}}, {"of": both[0]}]},
        {"$set": {"count": 0, "locks": 0, "locked": False, "until": now}},
    )
