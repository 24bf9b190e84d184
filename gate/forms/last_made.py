"""What a form tells of the record before it: its number, and which one a person entered last."""

from __future__ import annotations

from gate.reading.loading import find_document
from gate.reading.shown import verdict_on
from gate.store.collections import records_of
from models.declaration import Noun
from policies.actor import Actor
from policies.verdict import may

LOOKED_AT = 200
"""Of an institution's newest records; older work is found by the list."""


def last_made(actor: Actor, noun: Noun, institution: str) -> str | None:
    """The id of the newest record of the institution that this person made, if it is among the newest of all."""
    if not may(actor, noun.name, "edit", institution):
        return None
    newest = records_of(noun).find({"institution": institution}, {"created_by": 1}).sort("_id", -1)
    return next(
        (str(each["_id"]) for each in newest.limit(LOOKED_AT) if each.get("created_by") == actor.user), None
    )


def number_of(actor: Actor, noun: Noun, record: str) -> str:
    """The number of a record, where this actor may see it.

    Raises:
        NotFound, Refused: out of reach.
    """
    document = find_document(actor, noun, record)
    seen = verdict_on(actor, noun.fields[noun.number], "choice", document["institution"]).shown
    return str(document.get(noun.number) or "") if seen else ""
