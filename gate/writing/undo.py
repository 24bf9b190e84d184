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

from gate.reading.loading import find_document
from gate.refusals import BadQuestion, Conflict, Invalid, NotFound, Refused
from gate.writing.permissions import editable
from gate.writing.writing import patch, write
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
    outcome = Undone()
    for record, revision in found["stands"]:
        try:
            _put_back(actor, noun, record, revision, found["fields"])
        except Conflict:
            outcome.since.append(record)
        except NotFound:
            outcome.gone += 1
        except (Refused, Invalid):
            outcome.refused.append(record)
        else:
            outcome.done += 1
    get_db()["undos"].delete_one({"_id": id_})
    return outcome


def _put_back(actor: Actor, noun: Noun, record: str, revision: int, fields: list[str]) -> None:
    document = find_document(actor, noun, record, "edit")
    if document["revision"] != revision:
        raise Conflict(
            None, frozenset()
        )  # which is only counted: nothing of the record is shown, and none disclosed
    editable(actor, noun, document["institution"], fields)
    before = _before(noun, document, revision)
    if "input_status" in before:
        # What follows from a status (when, by whom, who entered it) goes back with it, and is not worked out anew.
        write(noun, document, before, actor=actor, reason=REASON)
    else:
        changes = {name: before[name] or "" for name in fields if name in before}
        patch(actor, noun, record, revision, changes, reason=REASON)


def _before(noun: Noun, document: Document, revision: int) -> Document:
    """What the act that led to this revision changed, as it stood before."""
    waiting = (each for each in document.get("outbox", []) if each["revision"] == revision)
    sealed = {"noun": noun.name, "record": str(document["_id"]), "revision": revision}
    act = next(waiting, None) or get_db()["revisions"].find_one(sealed)
    if act is None:
        raise Invalid({"": ("前の値はもう残っていません。", "The former value is not kept any more.")})
    return {name: act["before"].get(name) for name in act["fields"] if name in noun.fields}
