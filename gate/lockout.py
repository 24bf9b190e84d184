"""Attempts to sign in, counted before a hash is computed; each count is one conditional update, exact under any load (S9).

Two counters stand before the hash. One of the network address: with how many different names it has failed. One of the
name: how often it was tried. They are kept under keyed hashes, so that they tell no name, known or unknown.
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
from policies.lockout import DAY, NAMES, NAMES_LAST, Limits
from policies.networks import origin

INDEXES = {"attempts": [IndexModel([("forget_at", 1)], expireAfterSeconds=0)]}

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


def _id(kind: str, what: str, pepper: bytes) -> str:
    return hmac.new(pepper, f"{kind}:{what}".encode(errors="surrogatepass"), sha256).hexdigest()


def counter_of(name: str, pepper: bytes, *, outside: bool = False) -> str:
    """The id of a name's counter. Who comes from outside the allowed networks has one of their own: they spend their
    attempts, and nobody's inside."""
    return _id("outside" if outside else "attempts", name, pepper)


def reserve(counter: str, limits: Limits) -> bool:
    """Take one of a name's attempts, or say that they are spent."""
    now = datetime.now(UTC)
    free = {"_id": counter, "$or": [{"count": {"$lt": limits.attempts}}, {"until": {"$lte": now}}]}
    return _taken(free, _taking(limits, now))


def _taking(limits: Limits, now: datetime) -> list[Document]:
    """The update: when the time is over it begins anew, and a lock that is over makes the day's next one longer."""
    gone, day_gone = (
        {"$lte": ["$until", now]},
        {"$lte": ["$day_ends", now]},
    )  # what is missing sorts before any time
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
        }},
    ]  # fmt: skip


def reserve_name(address: str, name: str, institution: str, pepper: bytes) -> bool:
    """Add a name to those that an address has failed with, or say that it has failed with too many.

    Args:
        address: the network address; what is none counts as one.
        name: as folded.
        institution: whose account it is, "" where nobody's: these are told when the address is locked.
        pepper: the secret kept outside the store.
    """
    here, tried, now = (
        _id("address", origin(address), pepper),
        _id("tried", name, pepper)[:32],
        datetime.now(UTC),
    )
    _attempts().delete_one({"_id": here, "until": {"$lte": now}})
    free = {"_id": here, "$or": [{"names": tried}, {f"names.{NAMES - 1}": {"$exists": False}}]}
    ends = now + NAMES_LAST
    more = {
        "$addToSet": {"names": tried, "institutions": institution},
        "$setOnInsert": {"until": ends, "forget_at": ends, "told": False},
    }
    return _taken(free, more)


def _taken(free: Document, more: Document | list[Document]) -> bool:
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


def newly_locked_address(address: str, pepper: bytes) -> list[str]:
    """The institutions to tell, once for each lock, that an address has spent its names; empty when there is nothing."""
    here = {"_id": _id("address", origin(address), pepper)}
    spent = {f"names.{NAMES - 1}": {"$exists": True}, "told": False}
    if not _attempts().update_one({**here, **spent}, {"$set": {"told": True}}).modified_count:
        return []
    return sorted((_attempts().find_one(here) or {}).get("institutions", [""]))


def succeeded(name: str, address: str, pepper: bytes) -> Lock | None:
    """All that was asked for was right: what was counted against the name is forgotten, its last lock told."""
    counter = counter_of(name, pepper)
    lock = _lock(_attempts().find_one({"_id": counter}))
    _attempts().delete_one({"_id": counter})
    here = _id("address", origin(address), pepper)
    _attempts().update_one({"_id": here}, {"$pull": {"names": _id("tried", name, pepper)[:32]}})
    return lock


def _lock(found: Document | None) -> Lock | None:
    if not found or not found.get("locked_at"):
        return None
    return Lock(found["locked_at"], max(found["wrong"] - 1, 1), found["until"])  # the last one was right


def give_back(counter: str) -> None:
    """The attempt that was just taken was right, but not yet all: the wrong ones before it stay counted.

    Were they forgotten here, whoever has the password could try codes without end.
    """
    _attempts().update_one(
        {"_id": counter, "count": {"$gt": 0}}, {"$inc": {"count": -1, "wrong": -1}, "$set": {"locked": False}}
    )


def locked_until(login_id: str, *, pepper: bytes, outside: bool = False) -> datetime | None:
    """Until when a name is locked; None where it is not."""
    counter = counter_of(folded(login_id), pepper, outside=outside)
    found = _attempts().find_one({"_id": counter, "locked": True, "until": {"$gt": datetime.now(UTC)}})
    return found["until"] if found else None


def minutes_until(moment: datetime | None) -> int:
    """Whole minutes until then, at least one."""
    left = (moment - datetime.now(UTC)).total_seconds() if moment else 0
    return max(1, -int(-left // 60))


def address_locked_until(address: str, pepper: bytes) -> datetime | None:
    """Until when an address that has spent its names is refused new ones; None where it has not."""
    here = {"_id": _id("address", origin(address), pepper), f"names.{NAMES - 1}": {"$exists": True}}
    found = _attempts().find_one({**here, "until": {"$gt": datetime.now(UTC)}})
    return found["until"] if found else None


def is_locked(login_id: str, *, pepper: bytes) -> bool:
    """Whether its attempts are spent and the cool-off is not over."""
    return locked_until(login_id, pepper=pepper) is not None


def unlock(login_id: str, *, pepper: bytes) -> None:
    """Give back all attempts at once, inside and outside; that it was locked is still told to its person."""
    name, now = folded(login_id), datetime.now(UTC)
    both = [counter_of(name, pepper), counter_of(name, pepper, outside=True)]
    _attempts().update_many(
        {"_id": {"$in": both}}, {"$set": {"count": 0, "locks": 0, "locked": False, "until": now}}
    )
