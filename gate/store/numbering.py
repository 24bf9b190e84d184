"""採番: the next number of a noun in an institution. Gaps are allowed, repeats are not."""

from __future__ import annotations

import re

from mongoengine.connection import get_db
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from gate.store.collections import records_of
from models.declaration import Noun


def next_number(noun: Noun, institution: str) -> str:
    """Take the next number: the prefix and six digits, beyond every number of that form already there.

    The counter is one document and its increment is one conditional update, so two people never get the same.
    """
    counter = f"{noun.name}:{institution}"
    for _ in range(5):
        try:
            taken = get_db()["counters"].find_one_and_update(
                {"_id": counter}, {"$inc": {"n": 1}}, return_document=ReturnDocument.AFTER
            )
            if taken is None:
                get_db()["counters"].insert_one({"_id": counter, "n": _highest(noun, institution)})
                continue
        except DuplicateKeyError:
            continue  # another process has just made the counter
        return f"{noun.numbering}{taken['n']:06d}"
    raise RuntimeError("the counter could not be made")


def foreseen_number(noun: Noun, institution: str) -> str:
    """The number that the next record gets unless somebody takes it first; nothing is taken by asking."""
    counter = get_db()["counters"].find_one({"_id": f"{noun.name}:{institution}"}) or {}
    number = f"{noun.numbering}{int(counter.get('n') or 0) + 1:06d}"
    there = not counter or records_of(noun).find_one(
        {"institution": institution, noun.number: number}, {"_id": 1}
    )
    return f"{noun.numbering}{_highest(noun, institution) + 1:06d}" if there else number


def catch_up(noun: Noun, institution: str) -> None:
    """Move the counter to the highest number there is: an import may have typed thousands of them meanwhile."""
    highest = _highest(noun, institution)
    get_db()["counters"].update_one(
        {"_id": f"{noun.name}:{institution}", "n": {"$lt": highest}}, {"$set": {"n": highest}}
    )


def _highest(noun: Noun, institution: str) -> int:
    """The highest number of our own form among the records there; 0 when there is none."""
    pattern = f"^{re.escape(noun.numbering)}\\d{{6}}$"
    found = (
        records_of(noun)
        .find({"institution": institution, noun.number: {"$regex": pattern}}, {noun.number: 1})
        .sort(noun.number, -1)
        .limit(1)
    )
    return max((int(each[noun.number][len(noun.numbering) :]) for each in found), default=0)
