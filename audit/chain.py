"""The chain: one append-only row of entries for each institution, each naming the hash of the one before it.

An entry's id is its institution and its number, so that two processes cannot both write the next one: the second is
told of a duplicate and tries again behind the first. There is no gap, because a batch is written in order and stops
at the first refusal, and no fork, because a number exists once. `source` names where an entry came from and exists
once too: a sealer that was killed after writing writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mongoengine.connection import get_db
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from audit.canonical import GENESIS, digest

Document = dict[str, Any]
SITE = "_site"
"""The chain of what belongs to no institution, such as a sign-in with a name that nobody has."""
WIDTH = 12
BATCH = 1_000
_DUPLICATE = 11000

BY_ACTOR = [("actor", ASCENDING), ("at", DESCENDING)]
INDEXES = [
    IndexModel([("source", ASCENDING)], unique=True),
    IndexModel([("subjects", ASCENDING), ("at", DESCENDING)]),
    IndexModel(BY_ACTOR),
    IndexModel([("institution", ASCENDING), ("at", DESCENDING)]),
]


@dataclass(frozen=True)
class Head:
    """Where a chain ends: how many entries it has, and the hash of the last."""

    number: int = 0
    hash: str = GENESIS


def chain() -> Collection[Document]:
    """The collection of all chains."""
    found: Collection[Document] = get_db()["chain"]
    return found


def id_of(institution: str, number: int) -> str:
    """An entry's id; ids of one chain sort as its numbers do."""
    return f"{institution}:{number:0{WIDTH}d}"


def _within(institution: str, after: int = 0) -> Document:
    # ";" follows ":", so the range ends with the institution, whatever stands after the colon.
    return {
        "_id": {"$gt": id_of(institution, after) if after else f"{institution}:", "$lt": f"{institution};"}
    }


def head(institution: str) -> Head:
    """The end of a chain as the store has it."""
    last = chain().find_one(_within(institution), {"number": 1, "hash": 1}, sort=[("_id", -1)])
    return Head(last["number"], last["hash"]) if last else Head()


def entries(institution: str, after: int = 0, batch: int = 5_000) -> Iterator[Document]:
    """All entries in the order of their ids, those up to number `after` left out; in constant memory."""
    asked = _within(institution, after)
    while True:
        found = list(chain().find(asked).sort("_id", 1).limit(batch))
        yield from found
        if len(found) < batch:
            return
        asked = {"_id": {"$gt": found[-1]["_id"], "$lt": f"{institution};"}}


def institutions() -> list[str]:
    """The institutions that have a chain: one step along the ids for each, not a reading of them all."""
    found: list[str] = []
    asked: Document = {}
    while (first := chain().find_one(asked, {"_id": 1}, sort=[("_id", 1)])) is not None:
        found.append(str(first["_id"]).rsplit(":", 1)[0])
        asked = {"_id": {"$gte": f"{found[-1]};"}}
    return found


def append(institution: str, new: Iterable[Document]) -> int:
    """Add entries behind the last one, in their order; those whose `source` is in already are left out.

    Args:
        institution: whose chain.
        new: entries without number, prev and hash, each with a `source` of its own.

    Returns:
        How many this call added.

    Raises:
        PyMongoError: the store refused or did not answer; some of the first may be in, and trying again is right.
    """
    waiting = list(new)
    added = 0
    while waiting := _not_in(waiting):
        linked = _linked(institution, head(institution), waiting[:BATCH])
        try:
            added += len(chain().insert_many(linked, ordered=True).inserted_ids)
        except BulkWriteError as error:
            if any(each["code"] != _DUPLICATE for each in error.details["writeErrors"]):
                raise
            added += int(error.details["nInserted"])  # another was first at the next number: behind it, then
    return added


def _not_in(waiting: list[Document]) -> list[Document]:
    if not waiting:
        return []
    sources = [each["source"] for each in waiting]
    there = {each["source"] for each in chain().find({"source": {"$in": sources}}, {"source": 1})}
    return [each for each in waiting if each["source"] not in there]


def _linked(institution: str, last: Head, new: list[Document]) -> list[Document]:
    linked, prev = [], last.hash
    for number, each in enumerate(new, last.number + 1):
        entry = {
            **each,
            "_id": id_of(institution, number),
            "institution": institution,
            "number": number,
            "prev": prev,
        }
        prev = entry["hash"] = digest(entry)
        linked.append(entry)
    return linked
