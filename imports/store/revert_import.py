"""Taking an import back: new records go, changed ones are as they were before; what was edited since stays, and is named."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from bson import ObjectId

from gate.store.collections import records_of
from gate.writing.changes import Batch, Change, Origin
from gate.writing.pipeline import check, permit, write
from gate.writing.storing import store
from imports.store.record_writes import MARK, RunBatch, befores_of, tell_of
from models.declaration import Noun
from policies.actor import Actor

Document = dict[str, Any]


def marked(noun: Noun, institution: str, run: str) -> tuple[list[Any], list[tuple[Any, int]]]:
    """What bears an import's mark: the ids of what it made; of what it changed, (id, the revision that it made)."""
    found = list(records_of(noun).find({"institution": institution, f"{MARK}.run": run}, {MARK: 1}))
    made = [each["_id"] for each in found if "revision" not in each[MARK]]
    return made, [(each["_id"], each[MARK]["revision"]) for each in found if "revision" in each[MARK]]


def remove_new(actor: Actor, noun: Noun, institution: str, run: str, ids: Iterable[Any]) -> set[Any]:
    """Remove records that are as the import made them; the ids of those that stay: edited since, or referred to.

    The ledger is told first, once for all of them, as it was of their making.

    Raises:
        Refused: no grant to remove there.
    """
    asked = {"_id": {"$in": list(ids)}, "institution": institution}
    there = list(records_of(noun).find(asked, {"keys": 0, "masked": 0}))
    # As the import made it, and no later.
    batch = _batch(actor, noun, [Change(before=each, revision=1, removes=True) for each in there], run)
    batch.told = True
    permit(batch, institution, "remove")
    check(batch)
    if gone := [before["_id"] for _, before in batch.removals()]:
        told, name = RunBatch(run, 0, actor.user, noun, institution), _name_of(gone)
        tell_of(told, "import_removed", gone, name=name)
        store(batch)
        if stayed := sorted(_stayed(batch) & set(gone)):
            tell_of(told, "import_kept", stayed, name=name)
    return _stayed(batch)


def _name_of(ids: list[Any]) -> str:
    """A name for these records: an undoing that goes on may meet others of the same batch."""
    return sha256(b"".join(each.binary for each in ids)).hexdigest()[:24]


def put_back(
    actor: Actor, noun: Noun, institution: str, run: str, changed: Iterable[tuple[Any, int]]
) -> set[Any]:
    """Give changed records their earlier values; the ids of those that stay: edited since, or their history is gone.

    Args:
        changed: (id, the revision that the import made).

    Raises:
        Refused: no grant to edit there.
    """
    batch = _batch(actor, noun, [], run)
    permit(batch, institution, "edit")
    made = dict(changed)
    there = {each["_id"]: each for each in records_of(noun).find({"_id": {"$in": list(made)}}, {"outbox": 0})}
    befores = befores_of(noun, made)
    kept: set[Any] = set()
    for id_, revision in made.items():
        document = there.get(id_)
        if document is None or document.get("institution") != institution:
            continue
        if document["revision"] == revision + 1 and document.get(MARK, {}).get("undone") == revision:
            continue  # put back already, before this was cut short
        before = befores.get(id_) if document["revision"] == revision else None
        if before is None:
            kept.add(id_)
            continue
        batch.changes.append(Change(before=document, kept=before, beside={MARK: {"undone": revision}}))
    write(batch)
    return kept | _stayed(batch)


def _batch(actor: Actor, noun: Noun, changes: list[Change], run: str) -> Batch:
    return Batch(actor, noun, Origin.UNDO, changes, reason=f"取込 {run} の取消", needs=("import",))


def _stayed(batch: Batch) -> set[Any]:
    return {(each.before or {}).get("_id") for each in batch.changes if each.error is not None}


def numbered(noun: Noun, institution: str, ids: Iterable[Any]) -> list[tuple[str, str]]:
    """(id, number) of records of an institution, to name those that stayed."""
    asked = {"_id": {"$in": [each for each in ids if isinstance(each, ObjectId)]}, "institution": institution}
    found = records_of(noun).find(asked, {noun.number: 1}).limit(500)
    return [(str(each["_id"]), each[noun.number]) for each in found]
