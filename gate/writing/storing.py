"""The last step of the pipeline: one conditional update of one document for each change, its outbox entry within (law 4)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from audit.seals.field_seals import SALT, seal_new, seal_update
from gate.fields.pictures import Picture
from gate.fields.stored_pictures import with_stored_pictures
from gate.reading.loading import find_document
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.store.collections import records_of, retry_deadlock
from gate.writing.behaviours import around_write
from gate.writing.changes import MARK, Batch, Change, Origin
from gate.writing.conflicts import conflict
from gate.writing.patches import derived, update_of
from gate.writing.tombstones import tombstone_of
from models.data_classes import Words

Document = dict[str, Any]
TAKEN: Words = (
    "この番号はすでに使われています。別の番号にしてください。",
    "This number is already in use; choose another.",
)
_DUPLICATE = 11000
_COUNTED_ONLY = frozenset({Origin.IMPORT, Origin.UNDO, Origin.CONSOLE})
"""Origins of which a conflict is only counted: nothing of the record is shown, and nothing disclosed."""


def store(batch: Batch) -> None:
    """Write what `gate.writing.pipeline.check` let through; a change that fails bears its `error`.

    Raises:
        PyMongoError: the store did not answer.
    """
    if not batch.open():
        return
    with around_write(batch):
        _insert(batch, list(batch.new()))
        _update(batch, list(batch.edits()))
        _replace(batch, list(batch.removals()))


def stale(batch: Batch, before: Document, revision: int) -> Exception:
    """That somebody saved since that revision; `before` is the record as it stands now."""
    if batch.origin in _COUNTED_ONLY:
        return Conflict(None, frozenset())
    return conflict(batch.actor, batch.noun, before, revision)


def _overtaken(batch: Batch, change: Change, before: Document) -> Exception:
    """Why a conditional write met nothing: the record was saved or removed meanwhile."""
    if batch.origin in _COUNTED_ONLY:
        return Conflict(None, frozenset())
    try:
        # Read, not edit: who decides on a record by an act need not be allowed to edit it.
        action = "remove" if change.removes else "read" if batch.permitted else "edit"
        now = find_document(batch.actor, batch.noun, str(before["_id"]), action)
    except (NotFound, Refused) as error:
        return error
    return conflict(batch.actor, batch.noun, now, before["revision"])


def _insert(batch: Batch, new: list[Change]) -> None:
    records, taken = records_of(batch.noun), list[Change]()
    if len(new) > 1 and not _pictures(batch):
        for each in new:
            # guard: seal-new
            seal_new(batch.noun, each.after)
        try:
            records.insert_many([each.after for each in new], ordered=False)
        except BulkWriteError as error:
            taken = [new[at] for at in _duplicates(error)]
    else:
        for each in new:
            try:
                with with_stored_pictures(batch.noun, each.after, each.after) as ready:
                    seal_new(batch.noun, ready)
                    each.after[SALT] = ready[SALT]
                    retry_deadlock(partial(records.insert_one, ready))
            except DuplicateKeyError:
                taken.append(each)
    if not taken:
        return
    # A duplicate of its own id is this very record, written before this was cut short; one of a number is another's.
    there = {
        each["_id"]
        for each in records.find({"_id": {"$in": [each.after["_id"] for each in taken]}}, {"_id": 1})
    }
    for each in taken:
        if each.after["_id"] in there and not batch.noun.is_institution:
            each.idle = True
        else:
            each.error = Invalid({batch.noun.number: TAKEN})


def _update(batch: Batch, edits: list[tuple[Change, Document]]) -> None:
    if len(edits) == 1 or _pictures(batch):
        for change, before in edits:
            _update_one(batch, change, before)
        return
    if not edits:
        return
    updates = [_update_of(batch, change, before, change.kept) for change, before in edits]
    writes = [
        UpdateOne({"_id": before["_id"], "revision": before["revision"], **batch.where}, update)
        for (_, before), update in zip(edits, updates, strict=True)
    ]
    try:
        if records_of(batch.noun).bulk_write(writes, ordered=False).modified_count == len(edits):
            return
    except BulkWriteError as error:
        for at in _duplicates(error):
            edits[at][0].error = Invalid({batch.noun.number: TAKEN})
    _find_overtaken(batch, edits, updates)


def _update_one(batch: Batch, change: Change, before: Document) -> None:
    revision = before["revision"]
    try:
        with with_stored_pictures(batch.noun, before, change.kept) as kept:
            update = _update_of(batch, change, before, kept)
            # Not findAndModify: of a taken number the embedded engine tells it only as an internal error.
            # guard: update-on-revision
            standing = {"_id": before["_id"], "revision": revision, **batch.where}
            saving = partial(records_of(batch.noun).update_one, standing, update)
            if not retry_deadlock(saving).modified_count:
                raise _overtaken(batch, change, before)
    except DuplicateKeyError:
        change.error = Invalid({batch.noun.number: TAKEN})
    except (Conflict, NotFound, Refused) as error:
        change.error = error


def _find_overtaken(batch: Batch, edits: list[tuple[Change, Document]], updates: list[Document]) -> None:
    """Tell which records of a bulk were not this batch's to change any more: they do not stand as it left them."""
    seen = ("changed_at", "changed_by", *(edits[0][0].beside))
    ids = [before["_id"] for _, before in edits]
    stored = {
        each["_id"]: each
        for each in records_of(batch.noun).find({"_id": {"$in": ids}}, dict.fromkeys(seen, 1))
    }
    for (change, before), update in zip(edits, updates, strict=True):
        now = stored.get(before["_id"], {})
        # A mark says it for good; else who and when, to the millisecond that the store keeps.
        if change.beside:
            ours = all(now.get(name) == value for name, value in change.beside.items())
        else:
            at = update["$set"]["changed_at"]
            at = at.replace(microsecond=at.microsecond // 1000 * 1000)
            ours = (now.get("changed_at"), now.get("changed_by")) == (at, batch.actor.user)
        if not ours and change.error is None:
            change.error = _overtaken(batch, change, before)


def _update_of(batch: Batch, change: Change, before: Document, kept: Document) -> Document:
    after = change.after or derived(batch.noun, {**before, **kept})
    action = batch.action or "edit"
    update = update_of(before, kept, after, actor=batch.actor.user, action=action, reason=batch.reason)
    update["$set"] |= change.beside
    if batch.mark:
        update["$addToSet"] = {MARK: batch.mark}
    # guard: seal-update
    seal_update(batch.noun, before, update)
    return update


def _replace(batch: Batch, removals: list[tuple[Change, Document]]) -> None:
    """Replace records by their tombstones, which the sealer drains into the ledger and then removes."""
    if not removals:
        return
    if batch.told and not batch.noun.picture:
        _delete(batch, removals)
        return
    records, user = records_of(batch.noun), batch.actor.user
    writes = [
        ReplaceOne(
            {"_id": before["_id"], "revision": before["revision"]},
            tombstone_of(batch.noun, before, actor=user, reason=batch.reason),
        )
        for _, before in removals
    ]
    if records.bulk_write(writes, ordered=False).modified_count == len(writes):
        return
    ids = [before["_id"] for _, before in removals]
    # A record that was edited meanwhile is no tombstone.
    there = {
        each["_id"] for each in records.find({"_id": {"$in": ids}, "institution": {"$ne": None}}, {"_id": 1})
    }
    for change, before in removals:
        if before["_id"] in there:
            change.error = _overtaken(batch, change, before)


def _delete(batch: Batch, removals: list[tuple[Change, Document]]) -> None:
    """Delete records of whose end the ledger has been told: their tombstones would cost ten times what making them did."""
    by_revision: dict[int, list[Any]] = {}
    for _, before in removals:
        by_revision.setdefault(before["revision"], []).append(before["_id"])
    records = records_of(batch.noun)
    for revision, ids in by_revision.items():
        records.delete_many({"_id": {"$in": ids}, "revision": revision})
    there = {
        each["_id"]
        for each in records.find({"_id": {"$in": [before["_id"] for _, before in removals]}}, {"_id": 1})
    }
    for change, before in removals:
        if before["_id"] in there:
            change.error = _overtaken(batch, change, before)


def _duplicates(error: BulkWriteError) -> list[int]:
    """The positions of the writes that met a taken number; any other fault is raised."""
    failed = error.details["writeErrors"]
    if any(each["code"] != _DUPLICATE for each in failed):
        raise error
    return [each["index"] for each in failed]


def _pictures(batch: Batch) -> bool:
    """Whether files are to be stored with the records."""
    name = batch.noun.picture
    return bool(name) and any(
        isinstance((each.after or each.kept).get(name), Picture) for each in batch.open()
    )
