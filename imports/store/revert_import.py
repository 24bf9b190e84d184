"""Taking an import back: new records go, changed ones are as they were before; what was edited since stays, and is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from pymongo import ReplaceOne, UpdateOne

from gate.refusals import Refused
from gate.store.collections import records_of
from gate.writing.patches import update_of
from gate.writing.tombstones import referred, tombstone_of
from gate.writing.writing import derived
from imports.store.record_writes import MARK, before_of
from models.declaration import Noun
from policies.actor import Actor
from policies.verdict import may

Document = dict[str, Any]


def marked(noun: Noun, institution: str, run: str) -> tuple[list[Any], list[tuple[Any, int]]]:
    """What bears an import's mark: the ids of what it made; of what it changed, (id, the revision that it made)."""
    found = list(records_of(noun).find({"institution": institution, f"{MARK}.run": run}, {MARK: 1}))
    made = [each["_id"] for each in found if "revision" not in each[MARK]]
    return made, [(each["_id"], each[MARK]["revision"]) for each in found if "revision" in each[MARK]]


def remove_new(actor: Actor, noun: Noun, institution: str, ids: Iterable[Any], reason: str) -> set[Any]:
    """Remove records that are as the import made them; the ids of those that stay: edited since, or referred to.

    Raises:
        Refused: no grant to remove there.
    """
    _permit(actor, noun, institution, "remove")
    records = records_of(noun)
    asked = list(ids)
    there = list(records.find({"_id": {"$in": asked}, "institution": institution}, {"keys": 0, "masked": 0}))
    kept = {each["_id"] for each in there if each["revision"] != 1}
    kept |= referred(noun, [each["_id"] for each in there])
    writes = [
        ReplaceOne(
            {"_id": each["_id"], "revision": each["revision"]},
            tombstone_of(noun, each, actor=actor.user, reason=reason),
        )
        for each in there
        if each["_id"] not in kept
    ]
    if writes:
        records.bulk_write(writes, ordered=False)
        gone = [each["_id"] for each in there if each["_id"] not in kept]
        # Whoever edited in between was faster: theirs is no tombstone.
        kept |= {
            each["_id"]
            for each in records.find({"_id": {"$in": gone}, "institution": institution}, {"_id": 1})
        }
    return kept


def put_back(
    actor: Actor, noun: Noun, institution: str, changed: Iterable[tuple[Any, int]], reason: str
) -> set[Any]:
    """Give changed records their earlier values; the ids of those that stay: edited since, or their history is gone.

    Args:
        changed: (id, the revision that the import made).

    Raises:
        Refused: no grant to edit there.
    """
    _permit(actor, noun, institution, "edit")
    made = dict(changed)
    there = {each["_id"]: each for each in records_of(noun).find({"_id": {"$in": list(made)}}, {"outbox": 0})}
    kept: set[Any] = set()
    writes = []
    for id_, revision in made.items():
        document = there.get(id_)
        if document is None or document.get("institution") != institution:
            continue
        if document["revision"] == revision + 1 and document.get(MARK, {}).get("undone") == revision:
            continue  # put back already, before this was cut short
        before = before_of(noun, id_, revision) if document["revision"] == revision else None
        if before is None:
            kept.add(id_)
            continue
        writes.append((id_, _restored(noun, document, before, actor.user, reason)))
    if writes:
        records_of(noun).bulk_write([write for _, write in writes], ordered=False)
        ids = [id_ for id_, _ in writes]
        after = records_of(noun).find({"_id": {"$in": ids}}, {"revision": 1, MARK: 1})
        kept |= {each["_id"] for each in after if each.get(MARK, {}).get("undone") != made[each["_id"]]}
    return kept


def _restored(noun: Noun, document: Document, before: Document, actor: str, reason: str) -> UpdateOne:
    whole = {name: value for name, value in {**document, **before}.items() if value is not None}
    after = derived(noun, whole)
    made = update_of(document, before, after, actor=actor, action="edit", reason=reason)
    made["$set"][MARK] = {"undone": document["revision"]}
    return UpdateOne({"_id": document["_id"], "revision": document["revision"]}, made)


def _permit(actor: Actor, noun: Noun, institution: str, action: str) -> None:
    for asked in ("import", action):
        verdict = may(actor, noun.name, asked, institution)
        if not verdict:
            raise Refused(verdict)


def numbered(noun: Noun, institution: str, ids: Iterable[Any]) -> list[tuple[str, str]]:
    """(id, number) of records of an institution, to name those that stayed."""
    asked = {"_id": {"$in": [each for each in ids if isinstance(each, ObjectId)]}, "institution": institution}
    found = records_of(noun).find(asked, {noun.number: 1}).limit(500)
    return [(str(each["_id"]), each[noun.number]) for each in found]
