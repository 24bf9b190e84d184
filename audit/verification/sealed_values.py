"""The histories held against the ledger: each revision under its seal, and none that the ledger does not know."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

from audit.canonical import seal_of
from audit.chain import chain
from models.registry import NOUNS

Document = dict[str, Any]
BATCH = 2_000
ERASING = ("remove", "erase")
REMOVED_MANY, KEPT_MANY = "import_removed", "import_kept"
"""An import that is undone tells first of all records that it removes, then of those that stayed all the same."""
"""Acts after which a record's earlier values, and their salts, are gone by right."""
_SAME = ("noun", "record", "institution", "at", "actor", "action", "revision", "fields")


def not_as_sealed(looked: list[Document], rolled_back: list[range]) -> tuple[int, str, str] | None:
    """The first of these entries whose revision is not as it was sealed: its number, a key of WRONG, the revision's id.

    Args:
        looked: entries of one chain.
        rolled_back: numbers whose records a restore took back; there is nothing to hold them against.
    """
    changes = [
        each for each in looked if each.get("kind") == "change" and not _in(each["number"], rolled_back)
    ]
    ids = [_revision_of(each) for each in changes]
    stored = {each["_id"]: each for each in get_db()["revisions"].find({"_id": {"$in": ids}})} if ids else {}
    for each, id_ in zip(changes, ids, strict=True):
        revision = stored.get(id_)
        if revision is None:
            return each["number"], "revision", id_
        if any(revision.get(name) != each.get(name) for name in _SAME) or not _sealed(each, revision):
            return each["number"], "values", id_
    return None


def _in(number: int, ranges: list[range]) -> bool:
    return any(number in each for each in ranges)


def _revision_of(entry: Document) -> str:
    return f"{entry.get('noun')}:{entry.get('record')}:{entry.get('revision', 0):08d}"


def _sealed(entry: Document, revision: Document) -> bool:
    if "seal" not in entry:
        return True  # written before there were seals
    if "salt" not in revision:
        return not revision.get("before") and _erased(entry["record"])
    try:
        return seal_of(str(revision["salt"]), revision["before"]) == str(entry["seal"])
    except (KeyError, TypeError, ValueError):
        return False


def _erased(record: str) -> bool:
    return chain().find_one({"subjects": record, "action": {"$in": ERASING}}, {"_id": 1}) is not None


def forged_revision() -> Document | None:
    """A revision that no entry tells of, in the chain or on its way there; None where every one is known."""
    last: Any = None
    while True:
        asked = {} if last is None else {"_id": {"$gt": last}}
        found: list[Document] = list(
            get_db()["revisions"]
            .find(asked, {"noun": 1, "record": 1, "revision": 1, "institution": 1})
            .sort("_id", 1)
            .limit(BATCH)
        )
        if not found:
            return None
        last = found[-1]["_id"]
        known = _known(found)
        for each in found:
            if each["_id"] not in known and not _on_its_way(each) and each["_id"] not in _known([each]):
                return each


def _known(revisions: list[Document]) -> set[str]:
    # The waiting room before the chain: what moves on between the two looks is seen by the second.
    ids = [each["_id"] for each in revisions]
    waiting = {each["_id"] for each in get_db()["ledger"].find({"_id": {"$in": ids}}, {"_id": 1})}
    records = [each.get("record") for each in revisions]
    asked = {"subjects": {"$in": records}, "kind": "change"}
    told = chain().find(asked, {"noun": 1, "record": 1, "revision": 1})
    return waiting | {_revision_of(each) for each in told}


def _on_its_way(revision: Document) -> bool:
    """Whether the record's own outbox still holds it: the sealer was between its two writes."""
    noun = NOUNS.get(str(revision.get("noun")))
    if noun is None:
        return False
    record = str(revision.get("record"))
    key = ObjectId(record) if ObjectId.is_valid(record) else record
    asked = {"_id": key, "outbox.revision": revision.get("revision")}
    return get_db()[noun.document._meta["collection"]].find_one(asked, {"_id": 1}) is not None
