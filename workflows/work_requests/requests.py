"""The procedure of a work request: decided by another person, watched at the door, reported from the ledger (S14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audit.reading import acts_of
from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.reading.loading import find_document, load
from gate.reading.names import names_of
from gate.reading.shown import Row
from gate.refusals import Invalid, NotFound, Refused
from gate.store.collections import key_of, records_of
from gate.writing.conflicts import conflict
from gate.writing.writing import write
from models.part import new_part_id
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may
from policies.work import BECOMES, JAPAN, MINUTE, why_not_decide

Document = dict[str, Any]
NOUN = NOUNS["work_request"]
REPORTED_AT_MOST = 2_000
NEEDS = {
    "approve": ("approve",),
    "refuse": ("approve",),
    "withdraw": ("approve", "edit"),
    "finish": ("approve", "edit"),
}
"""Act → the actions of which a role must grant one."""


@dataclass(frozen=True)
class Report:
    """A work report (作業報告書): the request, and what its contractor's sessions did, oldest first."""

    row: Row
    acts: list[Document]
    names: dict[str, str]
    whole: bool
    """False where there were more acts than a report holds."""


def possible_acts(actor: Actor, row: Row) -> list[str]:
    """The acts that this person may do to a request as it stands, in the order of BECOMES."""
    document = records_of(NOUN).find_one({"_id": key_of(NOUN, row.id)}) or {}
    return [
        act
        for act in BECOMES
        if _granted(actor, act, row.institution) and not _objection(actor, document, act)
    ]


def decide(actor: Actor, record: str, revision: int, act: str, note: str) -> None:
    """Approve, refuse, withdraw or finish a request; it holds for the account's next request in every process.

    Args:
        actor: who decides; never the requester, to approve or refuse.
        record: the request's id.
        revision: the revision that was looked at when deciding.
        act: a key of BECOMES.
        note: the reason or outcome; a refusal, a withdrawal and an end need one.

    Raises:
        NotFound, Refused: out of reach, or not granted.
        Invalid: not at that stage, one's own request, or no note.
        Conflict: somebody changed it since; nothing was decided.
    """
    document = find_document(actor, NOUN, record)
    if act in NEEDS and not _granted(actor, act, document["institution"]):
        raise Refused(may(actor, NOUN.name, NEEDS[act][0], document["institution"]))
    if objection := _objection(actor, document, act):
        raise Invalid({"": objection})
    if document["revision"] != revision:
        raise conflict(actor, NOUN, document, revision)
    said = note.strip()
    if act != "approve" and not said:
        raise Invalid({"note": ("理由か結果を入力してください。", "Please give the reason or the outcome.")})
    write(NOUN, document, _decided(actor, act, said[:500]), actor=actor, reason=said, action=act)


def _decided(actor: Actor, act: str, note: str) -> Document:
    now = datetime.now(UTC)
    if act in ("approve", "refuse"):
        found: Document = {"decided_by": actor.user, "decided_at": now, "decision_note": note or None}
    else:
        found = {"closed_by": actor.user, "closed_at": now, "outcome": note}
    return {"work_status": BECOMES[act], **found}


def _granted(actor: Actor, act: str, institution: str) -> bool:
    return any(may(actor, NOUN.name, action, institution) for action in NEEDS[act])


def _objection(actor: Actor, document: Document, act: str) -> tuple[str, str] | None:
    return why_not_decide(
        act,
        document.get("work_status", ""),
        requester=document.get("created_by", ""),
        decider=actor.user,
    )


def enter(actor: Actor, record: str, who: str) -> None:
    """Write down that somebody of the contractor entered the machine room now, seen by this person.

    Raises:
        NotFound, Refused: out of reach, or no edit grant.
        Invalid: no name, or the request is not approved.
    """
    document = _at_the_door(actor, record)
    of = _part("who")
    try:
        name = kind_of(of).read(of, who)
    except Wrong as error:
        raise Invalid({"who": error.words}) from error
    if not name:
        raise Invalid({"who": ("入室する人の名を入力してください。", "Give the name of who enters.")})
    passage = {
        "id": new_part_id(),
        "who": name,
        "entered_at": _now(),
        "left_at": None,
        "witness": names_of(actor, [actor.user])[actor.user],
    }
    passages = [*document.get("passages", []), passage]
    write(NOUN, document, {"passages": passages}, actor=actor, action="enter")


def leave(actor: Actor, record: str, passage: str) -> None:
    """Write down that they left now. To say it twice changes nothing.

    Raises:
        NotFound, Refused: out of reach, no such entry, or no edit grant.
    """
    document = find_document(actor, NOUN, record, "edit")
    passages = [dict(each) for each in document.get("passages", [])]
    found = next((each for each in passages if each["id"] == passage), None)
    if found is None:
        raise NotFound
    if not found.get("left_at"):
        found["left_at"] = _now()
        write(NOUN, document, {"passages": passages}, actor=actor, action="leave")


def _at_the_door(actor: Actor, record: str) -> Document:
    document = find_document(actor, NOUN, record, "edit")
    if document.get("work_status") != "approved":
        raise Invalid({"who": (
            "承認されている作業だけ、入室を記録できます。", "Only approved work lets anybody in.",
        )})  # fmt: skip
    if document.get("work_place") != "machine_room":
        raise Invalid({"who": ("機械室の作業ではありません。", "This work is not in the machine room.")})
    return document


def _part(name: str) -> Any:
    return next(each for each in NOUN.fields["passages"].parts if each.name == name)


def _now() -> str:
    return datetime.now(JAPAN).strftime(MINUTE)


def report(actor: Actor, record: str, purpose: str) -> Report:
    """The request as it may be printed, and the acts of its contractor's account within its window.

    Raises:
        NotFound, Refused: out of reach, or no grant to print.
        LedgerClosed: the disclosure could not be written.
    """
    document = find_document(actor, NOUN, record, "print")
    row = load(actor, NOUN, record, exit_="print", purpose=purpose)
    begins, ends = (
        datetime.strptime(document[name], MINUTE).replace(tzinfo=JAPAN).astimezone(UTC)
        for name in ("begins_at", "ends_at")
    )
    begins = max(begins, document.get("decided_at") or begins)
    ends = min(ends, document.get("closed_at") or ends)
    approved = document.get("decided_at") and document["work_status"] in ("approved", "withdrawn", "finished")
    acts = acts_of(document["contractor"], begins, ends, REPORTED_AT_MOST + 1) if approved else []
    names = names_of(actor, [document["contractor"]])
    return Report(row, acts[:REPORTED_AT_MOST], names, len(acts) <= REPORTED_AT_MOST)
