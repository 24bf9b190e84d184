"""Derives again what follows from a record: for records that an older version of this panel wrote.

Keys of search and of order, masked forms, intervals of dates and what a card lacks are kept with the record when it is written, and
hold no more than it does. So working them out again is no edit: no revision, no entry of the ledger.

Only the bounds of a written date are values of the record. Where they were read from its text and the text is read
otherwise today (gate.store.rereading), they change as by any edit: with a revision, a history and an entry (law 9).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from pymongo import UpdateOne

from gate.fields.beginnings import BEGINNINGS, filtered_texts
from gate.fields.sort_keys import ORDER, ORDERING, ordered_fields
from gate.reading.names import CONSOLE
from gate.store.collections import records_of
from gate.store.date_intervals import INTERVALS, dated_fields, stored_before
from gate.store.masked_forms import masks_of
from gate.store.rereading import CURRENT, GIVEN, READING, reread
from gate.store.search_keys import searched_classes
from gate.writing.changes import Batch, Change, Origin
from gate.writing.patches import DERIVED, derived
from gate.writing.pipeline import write
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor, Role

Document = dict[str, Any]
BATCH = 500
DERIVING = 2
"""Raised by one whenever the same value has other search keys or another masked form than before: then the upgrade derives
those of every record again. For dates gate.store.rereading has a number of its own, READING."""
THERE: Document = {"tombstone": {"$exists": False}}
READER = Actor(CONSOLE, CONSOLE, "", frozenset(), Role(CONSOLE, ("操作卓", "Console"), "", {}, {}))
"""The actor of rereading dates: no account, no grant; only this act is permitted."""
REASON = "年代の読み方の改良 / dates are read better"


@dataclass
class Derived:
    """How many records were changed."""

    changed: int = 0
    reread: int = 0
    """Among them those of which a written date is read otherwise than before: these were edited."""


Keep = Callable[[Document, int], None]
"""Called with a position, {} or one that it was given, and how many more records were looked at."""


def derive_all(keep: Keep = lambda _position, _more: None, position: Document | None = None) -> Derived:
    """Derive again the stored values of every record that differ from what the record says now.

    It can be stopped and run again. A record that is saved meanwhile is skipped: the save derives its values.

    Args:
        keep: called after each batch.
        position: where to go on; without one, at the first record.
    """
    names, came_to = list(NOUNS), position or {}
    if came_to.get("noun") not in names:  # at the beginning, or of a noun that is no longer declared
        came_to = {"noun": names[0]}
    done = Derived(came_to.get("changed", 0), came_to.get("reread", 0))
    for name in names[names.index(came_to["noun"]) :]:
        noun, after = NOUNS[name], came_to.get("after") if name == came_to["noun"] else None
        for documents in _batches(noun, after):
            edits, others = [], []
            for document in documents:
                now = _now(noun, document)
                if better := _better(noun, document, now):
                    after = _now(noun, {**document, **better})
                    edits.append(Change(before=document, kept=better, after=after))
                elif update := _update(document, now):
                    others.append(update)
            done.reread += (edited := _edited(noun, edits))
            done.changed += edited + _written(noun, others)
            keep({"noun": name, "after": documents[-1]["_id"], **asdict(done)}, len(documents))
    return done


def _written(noun: Noun, updates: list[UpdateOne]) -> int:
    return records_of(noun).bulk_write(updates, ordered=False).modified_count if updates else 0


def older() -> list[Noun]:
    """The nouns of which a record lacks what this version derives from it."""
    return [noun for noun in NOUNS.values() if records_of(noun).find_one(_lacking(noun), {"_id": 1})]


def lacking() -> int:
    """How many records lack what this version derives from them."""
    return sum(records_of(noun).count_documents(_lacking(noun)) for noun in older())


def _lacking(noun: Noun) -> Document:
    parts = ["keys"] + ["masked"] * bool(masks_of(noun))
    parts += [BEGINNINGS] * bool(filtered_texts(noun))
    parts += [f"{ORDER}.{name}" for name, _ in ordered_fields(noun)]
    either: list[Document] = [{each: {"$exists": False}} for each in parts]
    either += [{f"{INTERVALS}.{name}.by": {"$nin": list(CURRENT)}} for name in dated_fields(noun)]
    return {**THERE, "$or": either}


def what_derives() -> str:
    """A short text that is another one when a version derives other values: which fields, and how texts are read."""
    by_noun = {
        noun.name: [
            {
                data_class: [each.name for each in fields]
                for data_class, fields in searched_classes(noun).items()
            },
            dict(masks_of(noun)),
            dated_fields(noun),
            noun.joined,
            ordered_fields(noun),
            filtered_texts(noun),
        ]
        for noun in NOUNS.values()
    }
    written = json.dumps([DERIVING, READING, ORDERING, by_noun], sort_keys=True)
    return sha256(written.encode()).hexdigest()[:16]


def how_many() -> int:
    """About how many records there are in all."""
    return sum(records_of(noun).estimated_document_count() for noun in NOUNS.values())


def _batches(noun: Noun, after: Any = None) -> Iterator[list[Document]]:
    beyond: Document = {} if after is None else {"_id": {"$gt": after}}
    while documents := list(records_of(noun).find({**THERE, **beyond}).sort("_id", 1).limit(BATCH)):
        yield documents
        beyond = {"_id": {"$gt": documents[-1]["_id"]}}


def _now(noun: Noun, document: Document) -> Document:
    bare = {name: value for name, value in document.items() if name not in DERIVED}
    before = stored_before(noun, document)
    return derived(noun, {**bare, INTERVALS: before} if before else bare)


def _better(noun: Noun, document: Document, now: Document) -> Document:
    """The dates that were read from their text and are read otherwise today: field → value."""
    return {
        name: value
        for name in dated_fields(noun)
        if now[INTERVALS][name]["by"] != GIVEN and (value := reread(document[name]))
    }


def _edited(noun: Noun, edits: list[Change]) -> int:
    """Edit the records whose dates are read otherwise; those that were saved meanwhile are left out."""
    batch = Batch(READER, noun, Origin.CONSOLE, edits, reason=REASON, permitted=True)
    write(batch)
    return len(batch.open())


def _update(document: Document, now: Document) -> UpdateOne | None:
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
