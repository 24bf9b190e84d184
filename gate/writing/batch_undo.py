"""Taking back what was set for many at once: each record as a patch of its own, at the revision that the act left it at.

No value is kept for it: what stood there before is in the record's own history (law 5).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from gate.refusals import BadQuestion, Conflict, Invalid, NotFound
from gate.writing.changes import Batch, Change, Origin
from gate.writing.pipeline import read, write
from models.declaration import Noun
from policies.actor import Actor

INDEXES = {"undos": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)]}

Document = dict[str, Any]
MINUTES = 10
REASON = "一括設定の取消し / Setting for all undone"


@dataclass
class Undone:
    """What came of it: how many stand as before, and the ids of those that do not."""

    done: int = 0
    since: list[str] = field(default_factory=list)
    """Edited since."""
    refused: list[str] = field(default_factory=list)
    """No longer this actor's to edit, or the former value is not there any more or can no longer be stored."""
    gone: int = 0
    """Removed since, or out of reach: the two are one answer."""


def keep_undo(actor: Actor, noun: Noun, fields: list[str], stands: list[tuple[str, int]]) -> str:
    """Keep for MINUTES which fields of which records (id, revision afterwards) were set; its id."""
    id_ = secrets.token_hex(12)
    get_db()["undos"].insert_one(
        {
            "_id": id_,
            "actor": actor.user,
            "noun": noun.name,
            "fields": fields,
            "stands": [list(each) for each in stands],
            "ends_at": datetime.now(UTC) + timedelta(minutes=MINUTES),
        }
    )
    return id_


def undo(actor: Actor, noun: Noun, id_: str) -> Undone:
    """Set the fields back to what they were before; what somebody saved since stays as they left it.

    Raises:
        BadQuestion: unknown, another's, done already, or its time is over.
    """
    found = get_db()["undos"].find_one({"_id": id_, "actor": actor.user, "noun": noun.name})
    if found is None or found["ends_at"] < datetime.now(UTC):
        raise BadQuestion((
            "取り消せる時間が過ぎたか、もう取り消されています。記録の履歴から一件ずつ戻せます。",
            "The time for undoing is over, or it was undone already. The records' histories tell what stood there.",
        ))  # fmt: skip
    changes = [Change(record=record, revision=revision) for record, revision in found["stands"]]
    batch = Batch(actor, noun, Origin.UNDO, changes, reason=REASON)
    read(batch)
    for change, document in batch.edits():
        if document["revision"] == change.revision:
            _put_back(batch, change, document, found["fields"])
    write(batch)
    get_db()["undos"].delete_one({"_id": id_})
    return _undone(changes)


def _put_back(batch: Batch, change: Change, document: Document, fields: list[str]) -> None:
    """Set the fields to what they were. What followed from them (when, by whom) goes back too, and is not derived again."""
    try:
        before = _before(batch.noun, document, int(document["revision"]))
    except Invalid as error:
        change.error = error
        return
    change.typed = {name: before[name] or "" for name in fields if name in before}
    change.kept = {name: value for name, value in before.items() if name not in fields}


def _undone(changes: list[Change]) -> Undone:
    outcome = Undone()
    for each in changes:
        if each.error is None:
            outcome.done += 1
        elif isinstance(each.error, Conflict):
            outcome.since.append(each.record)
        elif isinstance(each.error, NotFound):
            outcome.gone += 1
        else:
            outcome.refused.append(each.record)
    return outcome


def _before(noun: Noun, document: Document, revision: int) -> Document:
    """What the act that led to this revision changed, as it stood before."""
    waiting = (each for each in document.get("outbox", []) if each["revision"] == revision)
    sealed = {"noun": noun.name, "record": str(document["_id"]), "revision": revision}
    act = next(waiting, None) or get_db()["revisions"].find_one(sealed)
    if act is None:
        raise Invalid({"": ("前の値はもう残っていません。", "The former value is not kept any more.")})
    return {name: act["before"].get(name) for name in act["fields"] if name in noun.fields}
