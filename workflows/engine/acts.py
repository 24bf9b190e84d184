"""What may be done to a record now, and doing it: one conditional update of one document, the from-state in its condition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gate.reading.loading import find_document
from gate.refusals import Invalid, Refused
from gate.store.collections import key_of, records_of
from gate.writing.changes import Origin
from gate.writing.conflicts import conflict
from gate.writing.permissions import editable
from gate.writing.writing import patch, write
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may
from workflows.engine.table import Act, Acting, Workflow

Document = dict[str, Any]
CHOOSE: Words = (
    "何をするかを、下のボタンで選んでください。まだ何も決まっていません。",
    "Choose what to do by one of the buttons below. Nothing is decided yet.",
)


def possible_acts(actor: Actor, workflow: Workflow, record: str, institution: str) -> list[Act]:
    """The acts that this person may do to a record as it stands, in the order of the table."""
    noun = NOUNS[workflow.noun]
    document = records_of(noun).find_one({"_id": key_of(noun, record)}) or {}
    return possible_on(actor, workflow, document, institution)


def possible_on(actor: Actor, workflow: Workflow, document: Mapping[str, Any], institution: str) -> list[Act]:
    """As possible_acts, of a document that was read."""
    return [
        act
        for act in workflow.acts
        if granted(actor, workflow, act, institution)
        and _fields_editable(actor, workflow, act, institution)
        and not objection(actor, workflow, act, document)
    ]


def granted(actor: Actor, workflow: Workflow, act: Act, institution: str) -> bool:
    """Whether a role grants one of the act's actions there; what the system does by itself is granted to no person."""
    return any(may(actor, workflow.noun, action, institution) for action in act.actions)


def permit(actor: Actor, workflow: Workflow, act: Act, institution: str) -> None:
    """Check that an actor may do an act there.

    Raises:
        Refused: no role grants one of its actions.
    """
    # guard: act-granted
    if not granted(actor, workflow, act, institution):
        raise Refused(may(actor, workflow.noun, (*act.actions, "")[0], institution))


def objection(actor: Actor, workflow: Workflow, act: Act, document: Mapping[str, Any]) -> Words | None:
    """Why a granted act may not be done to this document: its state, or a condition; None when it may."""
    # guard: act-from-state
    if workflow.state_of(document) not in act.from_:
        return workflow.elsewhere
    # guard: act-conditions
    return next((each.words for each in act.holds if not each.holds(actor, document)), None)


def perform(
    actor: Actor, workflow: Workflow, record: str, revision: int | None, name: str, given: Mapping[str, str]
) -> Act:
    """Do an act to a record; it holds for everybody's next request.

    Args:
        actor: who does it.
        workflow: its table.
        record: the record's id.
        revision: the revision that was looked at when deciding; None for an act that no other change makes wrong.
        name: the act.
        given: what was typed for what the act asks.

    Returns:
        The act that was done.

    Raises:
        NotFound, Refused: out of reach, or not granted.
        Invalid: no such act, not at that stage, a condition does not hold, or an answer is lacking.
        Conflict: somebody changed the record since; nothing was done.
    """
    noun = NOUNS[workflow.noun]
    try:
        act = workflow.act(name)
    except KeyError:
        raise Invalid({"": CHOOSE}) from None
    document = find_document(actor, noun, record)  # nothing of it is shown, so nothing is disclosed
    house = document["institution"]
    permit(actor, workflow, act, house)
    typed = _typed(noun, workflow, act)
    editable(actor, noun, house, typed)
    if why := objection(actor, workflow, act, document):
        raise Invalid({"": why})
    if revision is not None and document["revision"] != revision:
        raise conflict(actor, noun, document, revision)
    answers = {ask.name: given.get(ask.name, "").strip()[: ask.at_most] for ask in act.asks}
    if lacking := {ask.name: ask.lacking for ask in act.asks if ask.lacking and not answers[ask.name]}:
        raise Invalid(lacking)
    values = act.writes(Acting(actor, document, answers, datetime.now(UTC)))
    if act.to and workflow.state_field:
        values[workflow.state_field] = act.to
    if not values:
        return act  # done already
    reason = " ".join(answers[ask.name] for ask in act.asks if ask.is_reason and answers[ask.name])
    from_ = workflow.condition(workflow.state_of(document))
    if typed:
        patch(
            actor, noun, record, document["revision"], values, reason=reason, action=act.name, where=from_,
            origin=Origin.WORKFLOW,
        )  # fmt: skip
    else:
        write(noun, document, values, actor=actor, reason=reason, action=act.name, where=from_)
    return act


def _typed(noun: Noun, workflow: Workflow, act: Act) -> list[str]:
    """What an act writes into fields that also stand in the form: its person must be allowed to edit those."""
    written = [*act.fields, workflow.state_field] if act.to and workflow.state_field else [*act.fields]
    return [name for name in written if not noun.fields[name].declared.kept_by_system]


def _fields_editable(actor: Actor, workflow: Workflow, act: Act, institution: str) -> bool:
    noun = NOUNS[workflow.noun]
    try:
        editable(actor, noun, institution, _typed(noun, workflow, act))
    except Refused:
        return False
    return True
