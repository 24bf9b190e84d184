"""A batch of an import into the store: told to the ledger first, then stored; done twice, it is done once.

New records have ids that follow from the import and the row, so a batch that was cut short is simply stored again. A
changed record bears the mark of the import and the row that changed it, by the same update that changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from audit.events import note_once
from gate.store.collections import records_of
from gate.writing.batch_validation import Preparing
from gate.writing.patches import same, update_of
from gate.writing.writing import derived
from models.declaration import Noun

Document = dict[str, Any]
_DUPLICATE = 11000
MARK = "imported"


def id_of(run: str, began: datetime, row: int, part: str = "") -> ObjectId:
    """The id of the record that a row of an import makes: always the same, and in the order of the rows.

    Args:
        run: the import's id.
        began: when it began; ids of records sort by when they were made.
        row: its number in the file.
        part: what of the row, where it makes more than one record.
    """
    seconds = int(began.timestamp()).to_bytes(4, "big")
    return ObjectId(
        seconds + sha256(f"{run}:{part}".encode()).digest()[:5] + (row & 0xFFFFFF).to_bytes(3, "big")
    )


def standing(noun: Noun, institution: str, numbers: Iterable[str], *, whole: bool) -> dict[str, Document]:
    """Number → the record of this institution that has it, as stored, for the import's own rooms.

    `whole`: with all its values; else its id, revision and mark only.
    """
    asked = {"institution": institution, noun.number: {"$in": list(numbers)}}
    found = records_of(noun).find(
        asked, {"keys": 0, "masked": 0, "outbox": 0} if whole else {noun.number: 1, "revision": 1, MARK: 1}
    )
    return {each[noun.number]: each for each in found}


@dataclass(frozen=True)
class Batch:
    """Which batch of which import, by whom, into what."""

    run: str
    no: int
    actor: str
    noun: Noun
    institution: str


def insert(batch: Batch, documents: list[Document], fields: Iterable[str]) -> set[Any]:
    """Store new records; the ids of those whose number somebody else took in the meantime.

    Raises:
        PyMongoError: the store did not answer; the batch is to be done again.
    """
    if not documents:
        return set()
    _tell(batch, "import_created", [each["_id"] for each in documents], fields)
    records = records_of(batch.noun)
    try:
        records.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if any(each["code"] != _DUPLICATE for each in failed):
            raise
        ids = [documents[each["index"]]["_id"] for each in failed]
        # A duplicate of an own id is this very batch, cut short before; a duplicate of a number is another's.
        ours = {each["_id"] for each in records.find({"_id": {"$in": ids}}, {"_id": 1})}
        taken = set(ids) - ours
        if taken:
            _tell(batch, "import_refused", list(taken), [batch.noun.number])
        return taken
    return set()


@dataclass(frozen=True)
class Change:
    """A record as it stood, and the fields that a row changes in it."""

    row: int
    before: Document
    kept: Document


def changed(noun: Noun, before: Document, kept: Document) -> Document:
    """Of the values of a row those that are not what the record has already."""
    return {
        name: value
        for name, value in kept.items()
        if name != noun.number and not _alike(before.get(name), value)
    }


def _alike(stored: Any, given: Any) -> bool:
    return same(bare(stored), bare(given))


def bare(value: Any) -> Any:
    """A value to compare: rows inside a record without their own ids, and nothing of what they leave empty."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name != "id" and each not in (None, "")}


def update(batch: Batch, preparing: Preparing, changes: list[Change], reason: str) -> set[int]:
    """Change records; the rows whose record somebody else changed or removed in the meantime.

    Raises:
        PyMongoError: as insert.
    """
    if not changes:
        return set()
    writes = []
    for each in changes:
        after = derived(batch.noun, {**each.before, **each.kept})
        kept = each.kept
        if "input_status" in kept:  # whoever runs an import entered none of it
            kept = {**kept, "entered_by": each.before.get("entered_by")}
        made = update_of(each.before, kept, after, actor=preparing.actor.user, action="edit", reason=reason)
        made["$set"][MARK] = {"run": batch.run, "row": each.row, "revision": each.before["revision"] + 1}
        writes.append(UpdateOne({"_id": each.before["_id"], "revision": each.before["revision"]}, made))
    done = records_of(batch.noun).bulk_write(writes, ordered=False)
    if done.modified_count == len(changes):
        return set()
    ids = [each.before["_id"] for each in changes]
    done_here = {"_id": {"$in": ids}, f"{MARK}.run": batch.run}
    rows = {each["_id"]: each[MARK]["row"] for each in records_of(batch.noun).find(done_here, {MARK: 1})}
    return {each.row for each in changes if rows.get(each.before["_id"]) != each.row}


def stored(noun: Noun, ids: Iterable[Any]) -> dict[Any, Document]:
    """Records by id as they stand, for reconciling."""
    found = records_of(noun).find({"_id": {"$in": list(ids)}}, {"keys": 0, "masked": 0, "outbox": 0})
    return {each["_id"]: each for each in found}


def before_of(noun: Noun, record: Any, revision: int) -> Document | None:
    """What a record's fields were before the act that made this revision; None where its history is gone."""
    found = get_db()["revisions"].find_one({"noun": noun.name, "record": str(record), "revision": revision})
    if found is None:
        document = records_of(noun).find_one({"_id": record}, {"outbox": 1}) or {}
        found = next((each for each in document.get("outbox", []) if each["revision"] == revision), None)
    return {name: found["before"].get(name) for name in found["fields"]} if found else None


def _tell(batch: Batch, kind: str, ids: list[Any], fields: Iterable[str]) -> None:
    note_once(
        f"{kind}:{batch.run}:{batch.noun.name}:{batch.no:06d}", kind, actor=batch.actor, institution=batch.institution,
        noun=batch.noun.name, subjects=[str(each) for each in ids], fields=sorted(fields), detail=f"import={batch.run}",
    )  # fmt: skip


def tell(batch: Batch, kind: str, detail: str, *, once: str = "") -> None:
    """One entry of the import as a whole: begun, ended, signed, undone, its source erased.

    `once`: the operation that tells it, however often.
    """
    note_once(
        f"{kind}:{batch.run}:{once or int(datetime.now(UTC).timestamp() * 1000)}", kind, actor=batch.actor,
        institution=batch.institution, noun=batch.noun.name, subjects=[], fields=[], detail=f"import={batch.run} {detail}",
    )  # fmt: skip


def in_batches(ids: list[Any], size: int = 500) -> Iterator[list[Any]]:
    """Parts of a list."""
    for at in range(0, len(ids), size):
        yield ids[at : at + size]
