"""Acts that are buttons of a record's own form: what was typed is saved and the act done in one update (law 4)."""

from __future__ import annotations

from typing import Any, NamedTuple

from gate.reading.shown import Row
from gate.refusals import Invalid
from models.declaration import Noun
from views.requests.current_actor import actor
from workflows.engine.acts import possible_on
from workflows.engine.registry import workflows_of
from workflows.engine.table import Act, Workflow


class FormAct(NamedTuple):
    """An act, its workflow, and the state from which it is done."""

    act: Act
    workflow: Workflow
    state: str

    @property
    def values(self) -> dict[str, Any]:
        """What the act writes."""
        return {self.workflow.state_field: self.act.to}


def acts_in_form(noun: Noun, institution: str, row: Row | None) -> list[FormAct]:
    """The acts that this person may do from the form of a record, or of a new one (None)."""
    found = []
    for workflow in workflows_of(noun.name):
        acts = [each for each in workflow.acts if each.in_form]
        state = _state(workflow, row) if acts else None
        if state is not None:
            possible = possible_on(actor(), workflow, {workflow.state_field: state}, institution)
            found += [FormAct(each, workflow, state) for each in possible if each in acts]
    return found


def act_named(noun: Noun, institution: str, row: Row | None, name: str) -> FormAct | None:
    """The act that the pressed button names; None of a button that only saves.

    Raises:
        Invalid: it cannot be done as the record stands.
    """
    if not name:
        return None
    found = next((each for each in acts_in_form(noun, institution, row) if each.act.name == name), None)
    if found is None:
        workflows = workflows_of(noun.name)
        raise Invalid({"": workflows[0].elsewhere if workflows else _NONE})
    return found


_NONE = ("その操作はありません。", "There is no such action.")


def _state(workflow: Workflow, row: Row | None) -> str | None:
    """The state that the record is in, as far as this person may see it."""
    if row is None:
        begins = (each.code for each in workflow.states if each.begins)
        return workflow.entered or next(begins, None)
    shown = row.values.get(workflow.state_field)
    return str(shown.value or "") if shown is not None and shown.state == "shown" else None
