"""A record's history: who changed what and when, the values before under the same rules as the values now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db

from audit.disclosures import disclose
from gate.reading.loading import find_document
from gate.reading.names import names_of
from gate.reading.references import resolve
from gate.reading.shown import Plans, Row, row
from models.declaration import Noun
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
    acts = _made_by_import(document) | {each["revision"]: each for each in sealed} | waiting
    newest_first = [acts[revision] for revision in sorted(acts, reverse=True)]
    names = names_of(actor, (each["actor"] for each in newest_first))
    entries = [_entry(actor, noun, document, each, names) for each in newest_first]
    tell(actor, noun, record, (each.before for each in entries))
    return entries


def _made_by_import(document: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The first act on a record that an import made: the ledger has it with its whole batch, the record by itself."""
    if "imported" not in document or not document.get("created_at"):
        return {}
    act = {"at": document["created_at"], "actor": document["created_by"], "action": "create", "reason": "",
           "fields": [], "before": {}}  # fmt: skip
    return {1: act}


def tell(actor: Actor, noun: Noun, record: str, rows: Iterable[Row]) -> None:
    """One disclosure for the earlier values of a record that are about to be shown; none for masked ones."""
    if told := set().union(*(each.discloses() for each in rows)):
        disclose(
            actor=actor.user,
            institution=actor.institution,
            noun=noun.name,
            exit_="history",
            breadth="record",
            subjects=[record],
            fields=told,
        )


def _entry(
    actor: Actor, noun: Noun, document: dict[str, Any], act: dict[str, Any], names: dict[str, str]
) -> Entry:
    before = as_it_was(actor, noun, document, {name: act["before"].get(name) for name in act["fields"]})
    return Entry(act["at"], names.get(act["actor"], act["actor"]), act["action"], act["reason"], before)


def as_it_was(actor: Actor, noun: Noun, document: dict[str, Any], values: dict[str, Any]) -> Row:
    """Earlier values of a record, as this actor may see them in its history; the caller tells the ledger."""
    fields = [name for name in values if name in noun.fields and not noun.fields[name].is_system]
    was = {**values, "_id": document["_id"], "institution": document["institution"]}
    return resolve(actor, [row(Plans(actor, noun, "history", fields), was)], "history")[0]
