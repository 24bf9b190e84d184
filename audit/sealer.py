"""The sealer: moves what waits in the records' outboxes into the ledger and the records' histories.

Killed at any point it goes on: a ledger entry's id is noun, record and revision, so that writing it twice is
writing it once, and the outbox is emptied only after the ledger has acknowledged.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from gridfs import GridFSBucket, NoFile
from mongoengine.connection import get_db
from pymongo import IndexModel, InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from audit.canonical import seal_of
from models.declaration import Noun
from models.registry import NOUNS
from models.stored_files import family

INDEXES = {"revisions": [IndexModel([("noun", 1), ("record", 1), ("revision", 1)])]}

BATCH = 1_000
_DUPLICATE = 11000


def seal() -> int:
    """Drain every outbox once.

    Returns:
        How many records were drained; 0 when nothing waited.
    """
    return sum(_seal_noun(noun) for noun in NOUNS.values())


def waits_since(before: datetime) -> bool:
    """Whether a record's outbox has not been drained since before that time."""
    old = {"outbox_at": {"$lt": before}}
    return any(
        get_db()[noun.document._meta["collection"]].find_one(old, {"_id": 1}) for noun in NOUNS.values()
    )


def _seal_noun(noun: Noun) -> int:
    records = get_db()[noun.document._meta["collection"]]
    waiting = list(
        records.find(
            {"outbox_at": {"$exists": True}},
            {"outbox": 1, "institution": 1, "revision": 1, "tombstone": 1, **dict.fromkeys(_images(noun), 1)},
        ).limit(BATCH)
    )
    if not waiting:
        return 0
    # The history first: an entry of the chain can then be held against it from the moment that it is there.
    _write(
        "revisions",
        (_revision(noun, record, each) for record in waiting for each in record.get("outbox", [])),
    )
    _write(
        "ledger",
        (_ledger_entry(noun, record, each) for record in waiting for each in record.get("outbox", [])),
    )
    gone = [record for record in waiting if "tombstone" in record]
    _erase_replaced(noun, [record for record in waiting if "tombstone" not in record])
    emptied = [_emptied(record) for record in waiting if "tombstone" not in record]
    if emptied:
        records.bulk_write(emptied, ordered=False)
    if gone:
        _erase(noun, gone)
        records.delete_many({"_id": {"$in": [record["_id"] for record in gone]}})
    return len(waiting)


def _images(noun: Noun) -> list[str]:
    return [field.name for field in noun if field.is_picture]


def _erase(noun: Noun, gone: list[dict[str, Any]]) -> None:
    """What removed records held goes with them: the values in their sealed histories, and every picture they had."""
    of = {"noun": noun.name, "record": {"$in": [str(record["_id"]) for record in gone]}}
    if _images(noun):
        acts = [
            *get_db()["revisions"].find(of, {"before": 1}),
            *(e for r in gone for e in r.get("outbox", [])),
        ]
        _delete(_files(noun, [each["before"] for each in acts] + [record["tombstone"] for record in gone]))
    get_db()["revisions"].update_many(of, {"$set": {"before": {}}, "$unset": {"salt": ""}})
    # A reason is a person's free text. That of the removal stays, without what it said of the record (gate.writing.tombstones).
    get_db()["revisions"].update_many({**of, "action": {"$ne": "remove"}}, {"$set": {"reason": ""}})


def _erase_replaced(noun: Noun, there: list[dict[str, Any]]) -> None:
    """A picture that was replaced goes, its original too: no screen shows it, and it may be what must not be kept."""
    if _images(noun):
        replaced = _files(noun, [each["before"] for record in there for each in record.get("outbox", [])])
        _delete(replaced - _files(noun, there) if replaced else replaced)


def _files(noun: Noun, values: list[dict[str, Any]]) -> set[ObjectId]:
    """The ids of all files that these values name, and of those that belong to them."""
    found: set[ObjectId] = set()
    for each in values:
        for name in _images(noun):
            with suppress(InvalidId):
                found |= set(family(ObjectId(each[name]))) if each.get(name) else set()
    return found


def _delete(files: set[ObjectId]) -> None:
    bucket = GridFSBucket(get_db())
    for file in files:
        with suppress(NoFile):  # gone already, when this was killed half-way
            bucket.delete(file)


def _emptied(record: dict[str, Any]) -> UpdateOne:
    # Only if nothing was pushed meanwhile: the last entry's revision must still be the last one.
    last = record["outbox"][-1]["revision"] if record.get("outbox") else record.get("revision")
    return UpdateOne(
        {"_id": record["_id"], "revision": last}, {"$set": {"outbox": []}, "$unset": {"outbox_at": ""}}
    )


def _key(noun: Noun, record: dict[str, Any], each: dict[str, Any]) -> str:
    return f"{noun.name}:{record['_id']}:{each['revision']:08d}"


def _house(record: dict[str, Any]) -> Any:
    return record.get("institution") or record.get("tombstone", {}).get("institution")


def _ledger_entry(noun: Noun, record: dict[str, Any], each: dict[str, Any]) -> dict[str, Any]:
    kept = {name: each[name] for name in ("at", "actor", "action", "revision", "fields")}
    if "salt" in each:
        kept["seal"] = seal_of(each["salt"], each["before"])
    if "seals" in each:
        kept["seals"] = each["seals"]
    return {
        "_id": _key(noun, record, each),
        "noun": noun.name,
        "record": str(record["_id"]),
        "institution": _house(record),
        **kept,
    }


def _revision(noun: Noun, record: dict[str, Any], each: dict[str, Any]) -> dict[str, Any]:
    # What a removed record held goes with it: its history keeps names of fields only.
    gone = "tombstone" in record
    before = {} if gone else each["before"]
    salt = {"salt": each["salt"]} if "salt" in each and not gone else {}
    # The reason is a person's free text, so it stays out of the ledger with the values (law 5).
    told = {name: value for name, value in _ledger_entry(noun, record, each).items() if name != "seals"}
    return {**told, "reason": each["reason"], "before": before, **salt}


def _write(collection: str, entries: Iterable[dict[str, Any]]) -> None:
    try:
        get_db()[collection].bulk_write([InsertOne(each) for each in entries], ordered=False)
    except BulkWriteError as error:
        others = [each for each in error.details["writeErrors"] if each["code"] != _DUPLICATE]
        if others:
            raise
