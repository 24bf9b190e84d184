"""Load one record, reveal one field, look one up by its full value, offer choices by type-ahead."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db

from audit.disclosures import disclose
from gate.questions import Question, field_named, institutions, selector
from gate.references import label, resolve
from gate.refusals import BadQuestion, NotFound, Refused
from gate.search_keys import read_query
from gate.shown import Plans, Reference, Row, row, verdict_on
from gate.store import key_of, records_of
from models.declaration import Noun
from policies.actor import Actor
from policies.effects import Effect
from policies.exits import NEEDS
from policies.verdict import Verdict, may

Document = dict[str, Any]
PURPOSES = {
    "contact": ("寄贈・貸出の連絡", "Contact about a gift or loan"),
    "return": ("返還の手続き", "Return of an object"),
    "enquiry": ("本人からの照会", "An enquiry from the person"),
    "check": ("内容の点検", "Content check"),
    "audit": ("監査", "Audit"),
}
REVEAL_MINUTES = 5
LOOKUP_HITS = 5
CHOICES = 20


def find_document(actor: Actor, noun: Noun, record: str, action: str = "read") -> Document:
    """The stored document of a record within reach, for the gate's own rooms only.

    Raises:
        NotFound: there is none, or its institution is out of reach: the two are one answer.
        Refused: it is within reach, but not for this action.
    """
    document = records_of(noun).find_one({"_id": key_of(noun, record)})
    if document is None or actor.scope_of(document.get("institution")) is None:
        raise NotFound
    verdict = may(actor, noun.name, "read", document["institution"])
    if verdict and action != "read":
        verdict = may(actor, noun.name, action, document["institution"])
    if not verdict:
        raise Refused(verdict)
    return document


def load(actor: Actor, noun: Noun, record: str, *, exit_: str = "detail") -> Row:
    """A record as this actor may see it, its disclosure written first.

    Raises:
        NotFound, Refused: as find_document.
        LedgerClosed: the disclosure could not be written.
    """
    document = find_document(actor, noun, record, NEEDS.get(exit_) or "read")
    return as_seen(actor, noun, document, exit_)


def as_seen(actor: Actor, noun: Noun, document: Document, exit_: str) -> Row:
    """A stored document as a row with its references, its disclosure written first."""
    names = [field.name for field in noun if field.kind != "system"]
    seen = resolve(actor, [row(Plans(actor, noun, exit_, names), document)], exit_)[0]
    if fields := seen.discloses():
        disclose(
            actor=actor.user,
            institution=actor.institution,
            noun=noun.name,
            exit_=exit_,
            breadth="document" if exit_ == "print" else "record",
            subjects=[seen.id],
            fields=fields,
        )
    return seen


def reveal(actor: Actor, noun: Noun, record: str, field: str, purpose: str) -> None:
    """Open one masked field of one record to this actor for REVEAL_MINUTES, for a purpose from the list.

    The disclosure is written here, before anything is shown; the record's page then shows the value.

    Raises:
        NotFound, Refused: no such record, or the role does not grant reveals here.
        BadQuestion: unknown purpose, or a field that is not masked.
    """
    if purpose not in PURPOSES:
        raise BadQuestion(("目的を一覧から選んでください。", "Choose a purpose from the list."))
    document = find_document(actor, noun, record, "reveal")
    verdict = verdict_on(actor, field_named(noun, field), "detail", document["institution"])
    if verdict.effect is not Effect.MASK:
        raise Refused(Verdict(Effect.HIDE, verdict.rule, verdict.reason), status=403, field=field)
    disclose(
        actor=actor.user,
        institution=actor.institution,
        noun=noun.name,
        exit_="detail",
        breadth="record",
        subjects=[str(document["_id"])],
        fields=[field],
        purpose=purpose,
    )
    get_db()["reveals"].insert_one(
        {
            "actor": actor.user,
            "noun": noun.name,
            "record": str(document["_id"]),
            "field": field,
            "ends_at": datetime.now(UTC) + timedelta(minutes=REVEAL_MINUTES),
        }
    )


def look_up(actor: Actor, noun: Noun, field: str, value: str, purpose: str) -> list[Row]:
    """Records whose field is exactly this value, at most LOOKUP_HITS, disclosed before they are shown.

    The way to a masked value for a clerk with a caller on the line (law 2): one has to know it to find it.

    Raises:
        Refused: no look-up grant, or a field that is hidden here (400). BadQuestion: unknown purpose, empty value, or more hits than are shown.
    """
    if purpose not in PURPOSES:
        raise BadQuestion(("目的を一覧から選んでください。", "Choose a purpose from the list."))
    if not value.strip():
        raise BadQuestion(("照会する値を入れてください。", "Give the value to look up."))
    asked = field_named(noun, field)
    verdicts = {
        each: verdict_on(actor, asked, "lookup", each)
        for each in sorted(institutions(actor, noun, Question(), "lookup"))
    }
    # A field that is not even masked cannot be asked for: each answer would tell it.
    covered = [each for each, verdict in verdicts.items() if verdict.effect >= Effect.MASK]
    if not covered:
        raise Refused(next(iter(verdicts.values())), status=400, field=field)
    where = {"institution": {"$in": covered}, asked.name: value.strip()}
    documents = list(records_of(noun).find(where, {"keys": 0, "outbox": 0}).limit(LOOKUP_HITS + 1))
    plans = Plans(actor, noun, "list", [each.name for each in noun if each.declared.listed])
    rows = [row(plans, each) for each in documents]
    disclose(
        actor=actor.user,
        institution=actor.institution,
        noun=noun.name,
        exit_="lookup",
        breadth="list_page",
        subjects=[each.id for each in rows],
        # What was asked is confirmed by the hit; what the rows show beside it is shown too.
        fields={asked.name}.union(*(each.discloses() for each in rows)),
        purpose=purpose,
    )
    if len(documents) > LOOKUP_HITS:
        raise BadQuestion(
            (
                "該当が多すぎます。ほかの項目で照会してください。",
                "Too many records match; look up another field.",
            )
        )
    return resolve(actor, rows)


def choices(actor: Actor, noun: Noun, text: str, *, limit: int = CHOICES) -> list[Reference]:
    """Records to choose from, for a type-ahead: found by what this actor may search, labelled by what may be seen.

    Raises:
        Refused: nothing of this noun is within reach.
        BadQuestion: the text is too long.
    """
    question = Question(text=text)
    covered = institutions(actor, noun, question)
    where = (
        selector(actor, noun, question, covered)
        if read_query(text)
        else selector(actor, noun, Question(), covered)
    )
    found = records_of(noun).find(where, {"_id": 1}).sort("_id", -1).limit(min(limit, CHOICES))
    keys = [each["_id"] for each in found]
    labels = label(actor, noun, keys)
    return [labels[str(key)] for key in keys]


def keep_question(actor: Actor, noun: Noun, asked: Document) -> str:
    """Store a query over personal data with its owner and end; the address carries only the id (law 5)."""
    id_ = secrets.token_urlsafe(18)
    get_db()["questions"].insert_one(
        {
            "_id": id_,
            "actor": actor.user,
            "noun": noun.name,
            "asked": asked,
            "ends_at": datetime.now(UTC) + timedelta(hours=12),
        }
    )
    return id_


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
    asked: Document = found["asked"]
    return asked
