"""A batch of an import into the store: told to the ledger first, then stored; done twice, it is done once.

New records have ids that follow from the import and the row, so a batch that was cut short is simply stored again. A
changed record bears the mark of the import and the row that changed it, by the same update that changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

from audit.events import note_once
from audit.seals.field_seals import IMPORTED, SALT, seal_many
from gate.store.collections import records_of
from gate.store.search_keys import condition
from gate.writing.changes import Batch, Change
from gate.writing.patches import same
from gate.writing.storing import store
from japanese.keys import search_key
from japanese.queries import Query
from models.declaration import Noun

Document = dict[str, Any]
MARK = "imported"
ALIKE = 1_000
"""Records that are looked through for one number, at most: of those whose texts hold it."""


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


def alike(noun: Noun, institution: str, numbers: Iterable[str]) -> dict[str, Document]:
    """Number → record of this institution whose number is one of these, in whatever case and width it is written.

    Asked one by one of the search's index; exact numbers are asked of `standing`.
    """
    data_class = str(noun.fields[noun.number].data_class)
    found: dict[str, Document] = {}
    for key in {search_key(each) for each in numbers} - {""}:
        asked = condition(noun, {data_class: [institution]}, Query((key,), ()))
        those = records_of(noun).find(asked, {noun.number: 1}).limit(ALIKE)
        found |= {each[noun.number]: each for each in those if search_key(each[noun.number]) == key}
    return found


@dataclass(frozen=True)
class RunBatch:
    """Which batch of which import, by whom, into what."""

    run: str
    no: int
    actor: str
    noun: Noun
    institution: str


def insert(run: RunBatch, batch: Batch, fields: Iterable[str]) -> list[Change]:
    """Store new records; those whose number somebody else took in the meantime.

    Raises:
        PyMongoError: the store did not answer; the batch is to be done again.
    """
    new = list(batch.new())
    if not new:
        return []
    tell_of(run, "import_created", [each.after["_id"] for each in new], fields)
    store(batch)
    _seal(run, new)
    taken = [each for each in new if each.error is not None]
    if taken:
        tell_of(run, "import_refused", [each.after["_id"] for each in taken], [run.noun.number])
    return taken


def _seal(run: RunBatch, new: list[Change]) -> None:
    """Tell the ledger what the records of the batch are. Those that were in already are sealed as they stand."""
    there = stored(run.noun, [each.after["_id"] for each in new if each.idle])
    made = [there.get(each.after["_id"], each.after) for each in new if each.error is None]
    made = [each for each in made if SALT in each]  # one without was put in by nobody of this panel
    if made:
        # Donors are made one by one, several of a row perhaps.
        name = f"{IMPORTED}:{run.run}:{run.noun.name}:{run.no:06d}:{made[0]['_id']}"
        detail = f"import={run.run}"
        seal_many(name, IMPORTED, run.noun, run.institution, made, actor=run.actor, detail=detail)


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


def mark_of(run: str, row: int, before: Document | None = None) -> Document:
    """What a record bears of the import and the row that made it, or changed it as it stood `before`."""
    mark: Document = {"run": run, "row": row}
    return {MARK: mark if before is None else {**mark, "revision": before["revision"] + 1}}


def row_of(change: Change) -> int:
    """The row of the file that makes this change."""
    return int(change.beside[MARK]["row"])


def stored(noun: Noun, ids: Iterable[Any]) -> dict[Any, Document]:
    """Records by id as they stand, for reconciling."""
    found = records_of(noun).find({"_id": {"$in": list(ids)}}, {"keys": 0, "masked": 0, "outbox": 0})
    return {each["_id"]: each for each in found}


def befores_of(noun: Noun, made: Mapping[Any, int]) -> dict[Any, Document]:
    """Id → what a record's fields were before the act that made this revision, of those whose history is not gone.

    Args:
        made: id → the revision.
    """
    asked = {"noun": noun.name, "record": {"$in": [str(each) for each in made]}}
    sealed = get_db()["revisions"].find({**asked, "revision": {"$in": sorted(set(made.values()))}})
    acts = {(each["record"], each["revision"]): each for each in sealed}
    lacking = [id_ for id_, revision in made.items() if (str(id_), revision) not in acts]
    for document in records_of(noun).find({"_id": {"$in": lacking}}, {"outbox": 1}):
        acts |= {(str(document["_id"]), each["revision"]): each for each in document.get("outbox", [])}
    return {
        id_: {name: act["before"].get(name) for name in act["fields"]}
        for id_, revision in made.items()
        if (act := acts.get((str(id_), revision)))
    }


def tell_of(batch: RunBatch, kind: str, ids: list[Any], fields: Iterable[str] = (), name: str = "") -> None:
    """One entry about many records, told again told once: by the number of its batch, or by a name."""
    note_once(
        f"{kind}:{batch.run}:{batch.noun.name}:{name or f'{batch.no:06d}'}", kind, actor=batch.actor, institution=batch.institution,
        noun=batch.noun.name, subjects=[str(each) for each in ids], fields=sorted(fields), detail=f"import={batch.run}",
    )  # fmt: skip


def tell(batch: RunBatch, kind: str, detail: str, *, once: str = "") -> None:
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
