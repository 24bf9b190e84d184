"""A record's history: who changed what and when, the values before under the same rules as the values now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db

from gate.reading.judging import Plans, judged
from gate.reading.loading import find_document
from gate.reading.names import names_of
from gate.reading.references import resolve
from gate.reading.show import Act, show
from gate.reading.shown import Row
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
    before = ({name: each["before"].get(name) for name in each["fields"]} for each in newest_first)
    return [
        Entry(each["at"], names.get(each["actor"], each["actor"]), each["action"], each["reason"], row)
        for each, row in zip(newest_first, as_it_was(actor, noun, document, before), strict=True)
    ]


def _made_by_import(document: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The first act on a record that an import made: the ledger has it with its whole batch, the record by itself."""
    if "imported" not in document or not document.get("created_at"):
        return {}
    act = {"at": document["created_at"], "actor": document["created_by"], "action": "create", "reason": "",
           "fields": [], "before": {}}  # fmt: skip
    return {1: act}


def as_it_was(
    actor: Actor, noun: Noun, document: dict[str, Any], values: Iterable[dict[str, Any]]
) -> list[Row]:
    """Earlier values of a record, as this actor may see them in its history; one disclosure for all.

    Raises:
        LedgerClosed: the disclosure could not be written.
    """
    whose = {"_id": document["_id"], "institution": document["institution"]}
    was = [judged(Plans(actor, noun, "history", _known(noun, each)), {**each, **whose}) for each in values]
    return show(Act(actor, noun, "history", "record"), resolve(actor, was, "history"))


def _known(noun: Noun, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in noun.fields and not noun.fields[name].is_system]
