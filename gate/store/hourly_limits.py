"""How often an account, and everybody of its institution together, may do what lets much be seen or taken away.

An act takes its turn before anything is read. The counters are exact over all processes and for any 60 minutes; the
numbers are data: a document of `hourly_limits` whose id is the institution changes them for its accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from audit.events import note
from gate.refusals import TooMany
from gate.store.rates import within_rate
from models.data_classes import Words
from policies.actor import Actor

INDEXES = {"hourly_counters": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)]}
HOUR = timedelta(hours=1)
ACTS: dict[str, Words] = {
    "reveal": ("伏せた項目の表示", "revealing masked fields"),
    "lookup": ("照会", "look-ups"),
    "export": ("書き出し", "exports"),
    "print": ("印刷", "prints"),
    "import": ("取込", "imports"),
}
"""Act → what it is called."""
DEFAULTS: dict[str, int] = {
    "reveal_account": 30, "reveal_institution": 150,
    "lookup_account": 30, "lookup_institution": 150,
    "export_account": 30, "export_institution": 150,
    "print_account": 100, "print_institution": 500,
    "import_account": 30, "import_institution": 100,
}  # fmt: skip
"""Act and who has it → times in an hour, where an institution has set nothing else."""
BOUNDS: dict[str, tuple[int, int]] = {
    name: (1, 1_000 if name.endswith("account") else 5_000) for name in DEFAULTS
}
"""Name → least and most."""


def hourly_limits_of(institution: str) -> dict[str, int]:
    """The numbers in force for the accounts of an institution."""
    own = get_db()["hourly_limits"].find_one({"_id": institution}) or {}
    return {name: int(own.get(name, number)) for name, number in DEFAULTS.items()}


def keep_hourly_limits(institution: str, numbers: Mapping[str, int]) -> None:
    """From now on these hold for an institution."""
    get_db()["hourly_limits"].update_one({"_id": institution}, {"$set": dict(numbers)}, upsert=True)


def spend(actor: Actor, act: str, noun: str = "") -> None:
    """Take one of the account's and one of the institution's turns at an act of ACTS.

    Raises:
        TooMany: either is spent; the first refusal of a minute is an entry of the operation history.
    """
    limits = hourly_limits_of(actor.institution)
    for who, key in (("account", actor.user), ("institution", actor.institution)):
        limit = limits[f"{act}_{who}"]
        until = _take(f"{act} {who} {key}", limit)
        if until is None:
            continue
        if within_rate(f"limit {act} {who} {key}", 1):
            note(
                "limit_reached",
                actor=actor.user,
                institution=actor.institution,
                noun=noun,
                detail=f"{act} {who} {limit}",
            )
        raise TooMany(until, _words(act, who, limit))


def _take(key: str, limit: int) -> datetime | None:
    """Take a turn, in one conditional update of the last hour's moments: exact under any load.

    Returns:
        None, or when the next turn is free, if all are taken.
    """
    counters, now = get_db()["hourly_counters"], datetime.now(UTC)
    counters.update_one({"_id": key}, {"$pull": {"moments": {"$lte": now - HOUR}}})
    # There are fewer than `limit` moments where there is none at its place.
    # guard: look-ups
    free = {"_id": key, f"moments.{limit - 1}": {"$exists": False}}
    taking = {"$push": {"moments": now}, "$set": {"ends_at": now + HOUR}}
    try:
        counters.update_one(free, taking, upsert=True)
        return None
    except DuplicateKeyError:
        # All are taken, or two processes made the counter at once: then the plain update decides.
        if counters.update_one(free, taking).modified_count:
            return None
    moments = (counters.find_one({"_id": key}) or {}).get("moments", [])
    return (sorted(moments)[-limit] if len(moments) >= limit else now) + HOUR


def _words(act: str, who: str, limit: int) -> Words:
    ja, en = ACTS[act]
    if who == "account":
        return (
            f"{ja}は1時間に{limit:,}回までです。使い切りました。",
            f"Your {en} are limited to {limit:,} an hour; they are used up.",
        )
    return (
        f"{ja}は館全体で1時間に{limit:,}回までです。使い切りました。",
        f"Your institution's {en} are limited to {limit:,} an hour; they are used up.",
    )
