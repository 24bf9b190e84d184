"""Two people saved: what the second is told, as far as each value may be seen (law 3)."""

from __future__ import annotations

from typing import Any

from mongoengine.connection import get_db

from gate.card.histories import as_it_was
from gate.reading.loading import as_seen
from gate.refusals import Conflict
from models.declaration import Noun
from policies.actor import Actor

Document = dict[str, Any]


def conflict(actor: Actor, noun: Noun, document: Document, since: int) -> Conflict:
    """What to tell the second editor: the record as it stands, which fields changed since theirs was read, and from what."""
    waiting = [each for each in document.get("outbox", []) if each["revision"] > since]
    sealed = get_db()["revisions"].find(
        {"noun": noun.name, "record": str(document["_id"]), "revision": {"$gt": since}},
        {"fields": 1, "before": 1, "revision": 1},
    )
    newest_first = sorted((*sealed, *waiting), key=lambda each: -int(each["revision"]))
    before: Document = {}
    for each in newest_first:
        before |= {name: each["before"].get(name) for name in each["fields"]}
    (was,) = as_it_was(actor, noun, document, [before])
    return Conflict(as_seen(actor, noun, document, "form"), frozenset(before), was)
