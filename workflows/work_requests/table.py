"""A work request's states and acts (S14): asked for, decided by another person, done, withdrawn; the machine room's door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.reading.names import names_of
from gate.refusals import Invalid, NotFound
from models.data_classes import Words
from models.part import new_part_id
from models.registry import NOUNS
from models.vocabularies import terms
from policies.actor import Actor
from policies.work import JAPAN, MINUTE
from workflows.engine.table import Act, Acting, Ask, Condition, State, Workflow

Document = dict[str, Any]
NOUN = NOUNS["work_request"]
ENDS = ("refused", "withdrawn", "finished")
REASON: Words = ("理由か結果を入力してください。", "Please give the reason or the outcome.")
NOTE = Ask("note", ("理由・意見・結果", "Reason, note or outcome"), is_reason=True)
"""One line for all acts of the card; all but the approval need it."""
NEEDED = replace(NOTE, lacking=REASON)
WHO = Ask(
    "who",
    ("入室する人", "Who enters"),
    lacking=("入室する人の名を入力してください。", "Give the name of who enters."),
)
PASSAGE = Ask("passage", ("入室の記録", "Entry"))
DONE: Words = ("記録しました。次の操作から効きます。", "Recorded. It applies from the next request.")


def _anothers(actor: Actor, document: Mapping[str, Any]) -> bool:
    return bool(document.get("created_by", "") != actor.user)


def _in_the_machine_room(_actor: Actor, document: Mapping[str, Any]) -> bool:
    return document.get("work_place") == "machine_room"


ANOTHERS = Condition(
    "second-person",
    _anothers,
    (
        "自分の申請は決裁できません。ほかの決裁者に依頼してください。",
        "You cannot decide on your own request; ask another person with that permission.",
    ),
)
MACHINE_ROOM = Condition(
    "machine-room",
    _in_the_machine_room,
    ("機械室の作業ではありません。", "This work is not in the machine room."),
)


def _decided(acting: Acting) -> Document:
    note = acting.answers["note"] or None
    return {"decided_by": acting.actor.user, "decided_at": acting.now, "decision_note": note}


def _closed(acting: Acting) -> Document:
    return {"closed_by": acting.actor.user, "closed_at": acting.now, "outcome": acting.answers["note"]}


def _entered(acting: Acting) -> Document:
    """Somebody of the contractor entered the machine room now, seen by this person."""
    actor, who = acting.actor, next(each for each in NOUN.fields["passages"].parts if each.name == "who")
    try:
        name = kind_of(who).read(who, acting.answers["who"])
    except Wrong as error:
        raise Invalid({"who": error.words}) from error
    passage = {
        "id": new_part_id(),
        "who": name,
        "entered_at": _minute(acting),
        "left_at": None,
        "witness": names_of(actor, [actor.user])[actor.user],
    }
    return {"passages": [*acting.document.get("passages", []), passage]}


def _left(acting: Acting) -> Document:
    """They left now; nothing where that was written down already."""
    passages = [dict(each) for each in acting.document.get("passages", [])]
    found = next((each for each in passages if each["id"] == acting.answers["passage"]), None)
    if found is None:
        raise NotFound
    if found.get("left_at"):
        return {}
    found["left_at"] = _minute(acting)
    return {"passages": passages}


def _minute(acting: Acting) -> str:
    return acting.now.astimezone(JAPAN).strftime(MINUTE)


DECISION, CLOSING = ("decided_by", "decided_at", "decision_note"), ("closed_by", "closed_at", "outcome")

WORK = Workflow(
    name="work_request",
    label=("作業申請", "Work request"),
    noun="work_request",
    state_field="work_status",
    states=tuple(
        State(code, words, begins=code == "requested", ends=code in ENDS)
        for code, words in terms("work_status").items()
    ),
    acts=(
        Act(
            name="approve", words=("承認する", "Approve"), history=("承認", "Approved"), from_=("requested",), to="approved",
            actions=("approve",), holds=(ANOTHERS,), asks=(NOTE,), writes=_decided, fields=DECISION, done=DONE, tone="primary",
        ),
        Act(
            name="refuse", words=("不承認にする", "Refuse"), history=("不承認", "Not approved"), from_=("requested",),
            to="refused", actions=("approve",), holds=(ANOTHERS,), asks=(NEEDED,), writes=_decided, fields=DECISION, done=DONE,
            tone="danger",
        ),
        Act(
            name="withdraw", words=("取り消す", "Withdraw"), history=("取消し", "Withdrawn"),
            from_=("requested", "approved"), to="withdrawn", actions=("approve", "edit"), asks=(NEEDED,), writes=_closed,
            fields=CLOSING, done=DONE, tone="danger",
        ),
        Act(
            name="finish", words=("作業を終える", "Finish"), history=("完了", "Finished"), from_=("approved",), to="finished",
            actions=("approve", "edit"), asks=(NEEDED,), writes=_closed, fields=CLOSING, done=DONE, paper="work_report",
        ),
        Act(
            name="enter", words=("入室を記録する", "Record the entry"), history=("入室", "Entered the machine room"),
            from_=("approved",), actions=("edit",), holds=(MACHINE_ROOM,), asks=(WHO,), writes=_entered, fields=("passages",),
            done=("入室を記録しました。", "The entry is recorded."), form="door",
        ),
        Act(
            name="leave", words=("退室を記録する", "Record the exit"), history=("退室", "Left the machine room"),
            from_=("approved", "withdrawn", "finished"), actions=("edit",), asks=(PASSAGE,), writes=_left, fields=("passages",),
            done=("退室を記録しました。", "The exit is recorded."), form="door",
        ),
    ),
    elsewhere=(
        "いまの状況では、この手続きはできません。状況を確かめてください。",
        "That cannot be done to the request as it stands; look at its current state.",
    ),
    papers=frozenset({"work_report"}),
)  # fmt: skip
