"""Load one record, reveal one field, keep a question out of the address."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from gate.reading.judging import Plans, judged
from gate.reading.questions import field_named
from gate.reading.references import resolve
from gate.reading.show import Act, disclose_act, show
from gate.reading.shown import Row, verdict_on
from gate.refusals import BadQuestion, NotFound, Refused
from gate.store.collections import key_of, records_of
from gate.store.hourly_limits import spend
from models.declaration import Noun
from models.vocabularies import offered
from policies.actor import Actor
from policies.effects import Effect
from policies.exits import NEEDS
from policies.verdict import Verdict, may

INDEXES = {
    "questions": [
        IndexModel([("ends_at", 1)], expireAfterSeconds=0),
        IndexModel([("actor", 1), ("noun", 1), ("ends_at", -1)]),
    ],
    "reveals": [IndexModel([("actor", 1)]), IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
}

Document = dict[str, Any]
PURPOSES = "use_purpose"
"""The vocabulary of what personal data is looked at for, and what leaves is used for: one list for both."""
REVEAL_MINUTES = 5
RECENT = 10
KEPT_HOURS = 12
"""So long a question that was searched for can be asked again."""


def find_document(actor: Actor, noun: Noun, record: str, action: str = "read") -> Document:
    """The stored document of a record within reach, for the gate's own rooms only.

    Raises:
        NotFound: there is none, or its institution is out of reach: the two are one answer.
        Refused: it is within reach, but not for this action.
    """
    return reached(actor, noun, records_of(noun).find_one({"_id": key_of(noun, record)}), action)


def reached(actor: Actor, noun: Noun, document: Document | None, action: str = "read") -> Document:
    """The same document, where it is one within reach.

    Raises:
        NotFound, Refused: as find_document.
    """
    # guard: record-within-reach
    if document is None or actor.scope_of(document.get("institution")) is None:
        raise NotFound
    verdict = may(actor, noun.name, "read", document["institution"])
    if verdict and action != "read":
        # guard: record-action
        verdict = may(actor, noun.name, action, document["institution"])
    if not verdict:
        raise Refused(verdict)
    return document


def load(actor: Actor, noun: Noun, record: str, *, exit_: str = "detail", purpose: str = "") -> Row:
    """A record as this actor may see it, its disclosure written first.

    Raises:
        NotFound, Refused: as find_document.
        LedgerClosed: the disclosure could not be written.
    """
    document = find_document(actor, noun, record, NEEDS.get(exit_) or "read")
    return as_seen(actor, noun, document, exit_, purpose)


def load_several(actor: Actor, noun: Noun, records: Iterable[Any]) -> dict[str, Row]:
    """Id → record as this actor may see it beside others on one page, of those within reach; one disclosure for all.

    Raises:
        LedgerClosed: the disclosure could not be written.
    """
    plans = Plans(actor, noun, "detail", [field.name for field in noun if not field.is_system])
    kept = []
    for document in records_of(noun).find({"_id": {"$in": list(records)}}):
        try:
            kept.append(judged(plans, reached(actor, noun, document)))
        except (NotFound, Refused):
            continue
    act = Act(actor, noun, "detail", "record" if len(kept) == 1 else "batch")
    return {row.id: row for row in show(act, resolve(actor, kept, "detail"))}


def permitted(actor: Actor, noun: Noun, record: str, action: str) -> None:
    """Let pass who may do this to that record; nothing of it is shown.

    Raises:
        NotFound, Refused: as find_document.
    """
    find_document(actor, noun, record, action)


def as_seen(actor: Actor, noun: Noun, document: Document, exit_: str, purpose: str = "") -> Row:
    """A stored document as a row with its references, its disclosure written first."""
    names = [field.name for field in noun if not field.is_system]
    act = Act(actor, noun, exit_, "document" if exit_ == "print" else "record", purpose)
    return show(act, resolve(actor, [judged(Plans(actor, noun, exit_, names), document)], exit_))[0]


def may_reveal(actor: Actor, noun: Noun, record: str, field: str, purpose: str) -> None:
    """Let pass who would be answered a reveal, before a password is asked for it.

    Raises:
        NotFound, Refused: no such record, the role does not grant reveals here, or the field is not masked.
        BadQuestion: unknown purpose or field.
    """
    _to_reveal(actor, noun, record, field, purpose)


def _to_reveal(actor: Actor, noun: Noun, record: str, field: str, purpose: str) -> Document:
    if purpose not in offered(PURPOSES, actor.institution):
        raise BadQuestion(("目的を一覧から選んでください。", "Choose a purpose from the list."))
    document = find_document(actor, noun, record, "reveal")
    verdict = verdict_on(actor, field_named(noun, field), "detail", document["institution"])
    # guard: reveal-only-masked
    if verdict.effect is not Effect.MASK:
        raise Refused(Verdict(Effect.HIDE, verdict.rule, verdict.reason), status=403, field=field)
    return document


def reveal(actor: Actor, noun: Noun, record: str, field: str, purpose: str) -> None:
    """Open one masked field of one record to this actor for REVEAL_MINUTES, for a purpose from the list.

    The disclosure is written here, before anything is shown; the record's page then shows the value.

    Raises:
        NotFound, Refused, BadQuestion: as may_reveal.
        TooMany: the reveals of the hour are spent.
    """
    document = _to_reveal(actor, noun, record, field, purpose)
    spend(actor, "reveal", noun.name)
    disclose_act(Act(actor, noun, "detail", "record", purpose), {str(document["_id"]): {field}})
    get_db()["reveals"].insert_one(
        {
            "actor": actor.user,
            "noun": noun.name,
            "record": str(document["_id"]),
            "field": field,
            "ends_at": datetime.now(UTC) + timedelta(minutes=REVEAL_MINUTES),
        }
    )


def keep_question(actor: Actor, noun: Noun, asked: Document) -> str:
    """Store a query with its owner and end, to be asked again; of one over personal data the address carries only the id
    (law 5)."""
    id_ = secrets.token_urlsafe(18)
    get_db()["questions"].insert_one(
        {
            "_id": id_,
            "actor": actor.user,
            "noun": noun.name,
            # As pairs: the names hold dots, which the store would read as paths.
            "asked": [[name, value] for name, value in asked.items()],
            "ends_at": datetime.now(UTC) + timedelta(hours=KEPT_HOURS),
        }
    )
    return id_


def recent_questions(actor: Actor, noun: Noun) -> list[tuple[str, Document]]:
    """What this actor searched for in the last hours, newest first, each once: (id, as asked)."""
    mine = {"actor": actor.user, "noun": noun.name, "ends_at": {"$gt": datetime.now(UTC)}}
    found = get_db()["questions"].find(mine).sort([("ends_at", -1), ("_id", 1)]).limit(10 * RECENT)
    once: dict[str, tuple[str, Document]] = {}
    for each in found:
        once.setdefault(repr(sorted(each["asked"])), (each["_id"], dict(each["asked"])))
    return list(once.values())[:RECENT]


def forget_questions(actor: Actor, noun: Noun) -> None:
    """Delete what this actor searched for among these records; addresses of such lists end with it."""
    get_db()["questions"].delete_many({"actor": actor.user, "noun": noun.name})


def kept_question(actor: Actor, noun: Noun, id_: str) -> Document:
    """A stored query of this actor's own.

    Raises:
        BadQuestion: unknown, ended, or another's.
    """
    found = get_db()["questions"].find_one({"_id": id_, "actor": actor.user, "noun": noun.name})
    if found is None or found["ends_at"] < datetime.now(UTC):
        raise BadQuestion(
            (
                "検索の期限が切れました。もう一度検索してください。",
                "The search has ended; please search again.",
            )
        )
    return dict(found["asked"])
