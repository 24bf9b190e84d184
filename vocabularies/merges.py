"""Merges of terms in the store: what was merged into what, how far its records are, and which ones it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.collection import Collection

from gate.refusals import NotFound

INDEXES = {
    "term_merges": [IndexModel([("institution", 1), ("vocabulary", 1)])],
    "term_merge_records": [IndexModel([("merge", 1)])],
}
Document = dict[str, Any]
MERGING, MERGED, UNDOING, UNDONE = "merging", "merged", "undoing", "undone"
STOPPED = "stopped"
"""Its job killed whoever took it, again and again. It can be undone."""


def merges() -> Collection[Document]:
    """The collection of all merges."""
    found: Collection[Document] = get_db()["term_merges"]
    return found


def _chunks() -> Collection[Document]:
    found: Collection[Document] = get_db()["term_merge_records"]
    return found


def begin(merge: Document) -> None:
    """Write down a merge, once."""
    merges().update_one({"_id": merge["_id"]}, {"$setOnInsert": merge}, upsert=True)


def known(merge: str) -> Document:
    """A merge by its id in an address or a job.

    Raises:
        NotFound: there is none.
    """
    try:
        found = merges().find_one({"_id": ObjectId(merge)})
    except (InvalidId, TypeError) as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found


def of(vocabulary: str, institution: str) -> list[Document]:
    """The merges of an institution's terms, the newest first."""
    asked = {"vocabulary": vocabulary, "institution": institution}
    return list(merges().find(asked).sort("_id", -1).limit(50))


def advance(merge: ObjectId, from_: Iterable[str], to: str, *, mark: str = "") -> bool:
    """Let a merge come from one of some states to another; False where it stands in none of them."""
    change: Document = {"$set": {"state": to}}
    if mark:
        change["$set"]["mark"] = mark
    return bool(merges().update_one({"_id": merge, "state": {"$in": list(from_)}}, change).modified_count)


def bears(merge: str, mark: str) -> bool:
    """Whether this operation changed the merge."""
    return merges().find_one({"_id": ObjectId(merge), "mark": mark}, {"_id": 1}) is not None


def count(merge: ObjectId, **numbers: int) -> None:
    """Write down how many records were changed, or restored and left."""
    merges().update_one({"_id": merge}, {"$set": numbers})


def leave(merge: ObjectId, records: Iterable[Any]) -> None:
    """Write down records that could not be changed: the job goes on without them, and the page tells how many."""
    merges().update_one({"_id": merge}, {"$addToSet": {"left": {"$each": list(records)}}})


def note_records(merge: ObjectId, noun: str, field: str, records: Iterable[Any]) -> None:
    """Write down which records are about to be changed: an undo looks at these. Some may stand there twice."""
    _chunks().insert_one({"merge": merge, "noun": noun, "field": field, "records": list(records)})


def noted_records(merge: ObjectId) -> Iterator[Document]:
    """What was written down, by batches, in its order."""
    yield from _chunks().find({"merge": merge}).sort("_id", 1)


def noted(merge: ObjectId) -> int:
    """How many records were written down, those of a batch that was done again once."""
    return len({(each["noun"], record) for each in noted_records(merge) for record in each["records"]})


def last_changes(noun: str, records: Iterable[Document], field: str) -> dict[Any, Document]:
    """Record → the last act that changed this field, as its history has it."""
    those = {str(each["_id"]): each["_id"] for each in records}
    found: dict[Any, Document] = {}
    asked = {"noun": noun, "record": {"$in": list(those)}, "fields": field}
    acts = list(get_db()["revisions"].find(asked, {"record": 1, "revision": 1, "action": 1, "reason": 1}))
    acts += [
        {**act, "record": str(each["_id"])}
        for each in records
        for act in each.get("outbox", ())
        if field in act["fields"]
    ]
    for act in sorted(acts, key=lambda each: int(each["revision"])):
        found[those[act["record"]]] = act
    return found
