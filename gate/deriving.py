"""What follows from a record, worked out anew: for records that an older version of this panel wrote.

Keys of search, masked forms, intervals of dates and what a card lacks are kept with the record when it is written, and
hold no more than it does. So working them out again is no edit: no revision, no entry of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pymongo import UpdateOne

from gate.masked import masks_of
from gate.periods import INTERVALS, intervals_of
from gate.store import records_of
from gate.updating import DERIVED
from gate.writing import derived
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]
BATCH = 500
THERE: Document = {"tombstone": {"$exists": False}}


def derive_anew(tell: Callable[[int], None] = lambda _: None) -> int:
    """Set right what does not follow from its record; how many records were changed.

    Stopped midway, it is begun again. A record that somebody saves meanwhile is left to them: they derive it themselves.

    Args:
        tell: called with how many more records were looked at.
    """
    changed = 0
    for noun in NOUNS.values():
        for documents in _batches(noun):
            updates = [each for document in documents if (each := _update(noun, document))]
            if updates:
                changed += records_of(noun).bulk_write(updates, ordered=False).modified_count
            tell(len(documents))
    return changed


def older() -> list[Noun]:
    """The nouns of which a record lacks what this version derives from it."""
    found = []
    for noun in NOUNS.values():
        parts = ["keys"] + ["masked"] * bool(masks_of(noun)) + [INTERVALS] * bool(intervals_of(noun, {}))
        lacking = [{each: {"$exists": False}} for each in parts]
        if records_of(noun).find_one({**THERE, "$or": lacking}, {"_id": 1}):
            found.append(noun)
    return found


def how_many() -> int:
    """About how many records there are in all."""
    return sum(records_of(noun).estimated_document_count() for noun in NOUNS.values())


def _batches(noun: Noun) -> Iterator[list[Document]]:
    beyond: Document = {}
    while documents := list(records_of(noun).find({**THERE, **beyond}).sort("_id", 1).limit(BATCH)):
        yield documents
        beyond = {"_id": {"$gt": documents[-1]["_id"]}}


def _update(noun: Noun, document: Document) -> UpdateOne | None:
    bare = {name: value for name, value in document.items() if name not in DERIVED}
    now = derived(noun, bare)
    right = {
        name: now[name]
        for name in DERIVED
        if name in now and (name not in document or document[name] != now[name])
    }
    gone = {name: "" for name in DERIVED if name in document and name not in now}
    if not right and not gone:
        return None
    update = {"$set": right} if right else {}
    return UpdateOne(
        {"_id": document["_id"], "revision": document["revision"]},
        update | ({"$unset": gone} if gone else {}),
    )
