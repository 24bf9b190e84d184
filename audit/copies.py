"""How the copies in the second place stand: one document for each chain, written by the process that copies it.

The second place itself cannot say that it was shortened: an empty folder looks like a new one. What the store remembers
of it can, so a copy that has lost entries is noted in the ledger before it is filled up again.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db

from audit.chain import Head
from audit.events import note

Document = dict[str, Any]
RECENT = timedelta(days=30)
"""For so long after a copy was filled up again its operator is told."""


@dataclass(frozen=True)
class State:
    """What is known of one chain's copy. `wrong` is "", `diverged`, `damaged`, `full` or `unwritable`."""

    institution: str
    wrong: str
    number: int
    """The entry that `wrong` concerns; 0 where it concerns none."""
    lost: tuple[int, int] | None
    """Numbers of the first and the last entry that had gone from the copy and were written again lately."""


def last_known(institution: str) -> Head:
    """How far the copy had come when it was last written to; where no copy has been remembered, its last checkpoint."""
    found = get_db()["copies"].find_one({"_id": institution}, {"number": 1, "hash": 1})
    if found and "number" in found:
        return Head(found["number"], found["hash"])
    signed = get_db()["checkpoints"].find_one({"institution": institution}, {"number": 1}, sort=[("_id", -1)])
    return Head(signed["number"], "") if signed and isinstance(signed.get("number"), int) else Head()


def note_loss(institution: str, left: int, known: int) -> None:
    """Note in the ledger that the copy has lost the entries behind `left`, before they are written into it again."""
    note("copy_shortened", institution=institution, detail=f"{left + 1}-{known}")
    lost = {"from": left + 1, "to": known, "at": datetime.now(UTC)}
    _set(institution, {"lost": lost})


def remember(institution: str, ends: Head) -> None:
    """The copy has come so far, and nothing kept it from being written."""
    _set(institution, {"number": ends.number, "hash": ends.hash})


def set_wrong(institution: str, wrong: str, number: int = 0) -> None:
    """What keeps the copy from being written; "" when nothing does any more."""
    _set(institution, {"wrong": wrong, "wrong_number": number})


def set_damaged(institution: str, number: int) -> None:
    """Which entry of the copy is not as it was written; 0 when all are."""
    _set(institution, {"damaged": number})


def kind_of(error: Exception) -> str:
    """What to call an error of the place."""
    if isinstance(error, OSError):
        return "full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "unwritable"
    return "damaged" if isinstance(error, ValueError) else "diverged"


def states() -> list[State]:
    """What is known of every copy."""
    return [_state(each) for each in get_db()["copies"].find().sort("_id", 1)]


def _state(found: Document) -> State:
    lost: Document = found.get("lost") or {}
    recent = bool(lost) and datetime.now(UTC) - lost["at"] < RECENT
    damaged = int(found.get("damaged", 0))
    wrong = found.get("wrong") or ("damaged" if damaged else "")
    number = int(found.get("wrong_number", 0)) if found.get("wrong") else damaged
    return State(str(found["_id"]), wrong, number, (lost["from"], lost["to"]) if recent else None)


def _set(institution: str, values: Document) -> None:
    get_db()["copies"].update_one({"_id": institution}, {"$set": values}, upsert=True)
