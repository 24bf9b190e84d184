"""A record's history: who changed what and when, the values before under the same rules as the values now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db

from audit.disclosures import disclose
from gate.loading import find_document
from gate.references import label, resolve
from gate.shown import Plans, Row, row
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor

SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class Entry:
    """One act on a record. `before` is the record's changed fields as they were, as this actor may see them."""

    at: datetime
    who: str
    action: str
    reason: str
    before: Row


def history(actor: Actor, noun: Noun, record: str) -> list[Entry]:
    """The acts on a record, newest first, at most SHOWN_AT_MOST.

    Raises:
        NotFound, Refused: out of reach, or no grant to read histories there.
        LedgerClosed: the disclosure could not be written.
    """
    document = find_document(actor, noun, record, "history")
    record = str(document["_id"])  # as written in the ledger, however it stood in the address
    sealed = (
        get_db()["revisions"]
        .find({"noun": noun.name, "record": record})
        .sort("revision", -1)
        .limit(SHOWN_AT_MOST)
    )
    waiting = {each["revision"]: each for each in document.get("outbox", [])}
    acts = {each["revision"]: each for each in sealed} | waiting
    newest_first = [acts[revision] for revision in sorted(acts, reverse=True)]
    names = _names(actor, newest_first)
    entries = [_entry(actor, noun, document, each, names) for each in newest_first]
    if told := set().union(*(each.before.discloses() for each in entries)):
        disclose(
            actor=actor.user,
            institution=actor.institution,
            noun=noun.name,
            exit_="history",
            breadth="record",
            subjects=[record],
            fields=told,
        )
    return entries


def _entry(
    actor: Actor, noun: Noun, document: dict[str, Any], act: dict[str, Any], names: dict[str, str]
) -> Entry:
    fields = [name for name in act["fields"] if name in noun.fields and noun.fields[name].kind != "system"]
    plans = Plans(actor, noun, "history", fields)
    was = {**act["before"], "_id": document["_id"], "institution": document["institution"]}
    before = resolve(actor, [row(plans, was)])[0]
    return Entry(act["at"], names.get(act["actor"], act["actor"]), act["action"], act["reason"], before)


def _names(actor: Actor, acts: list[dict[str, Any]]) -> dict[str, str]:
    """Account id → the name that this actor may see of it."""
    from bson import ObjectId

    keys = {each["actor"] for each in acts if ObjectId.is_valid(each["actor"])}
    return {key: each.label for key, each in label(actor, NOUNS["user"], map(ObjectId, keys)).items()}
