"""A workflow's table: complete, or the start names what is missing; a new transition is one more row of it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from operations.declared_workflows import OPERATIONS, WORKFLOWS
from policies.actor import Actor
from workflows.data_release.table import OUT, RELEASED, SETTLED
from workflows.engine.acts import objection
from workflows.engine.registry import register
from workflows.engine.table import Act, Condition, State, Workflow, faults
from workflows.work_requests.table import WORK

REOPEN = Act(
    name="reopen",
    words=("出し直す", "Reopen"),
    history=("出し直し", "Reopened"),
    from_=("refused",),
    to="requested",
    actions=("edit",),
)


def with_act(**other: Any) -> Workflow:
    return replace(WORK, acts=(*WORK.acts, replace(REOPEN, **other)))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.name)
def test_every_table_of_the_application_is_complete(workflow: Workflow) -> None:
    assert faults(workflow) == []


@pytest.mark.parametrize(
    ("workflow", "said"),
    [
        (with_act(words=("出し直す", "")), "act reopen: no words in both languages"),
        (with_act(history=("", "")), "act reopen: no history in both languages"),
        (with_act(done=("済", " ")), "act reopen: no done in both languages"),
        (with_act(from_=()), "act reopen: from no state"),
        (with_act(from_=("lost",)), "act reopen: there is no state 'lost'"),
        (with_act(to="lost"), "act reopen: there is no state 'lost'"),
        (with_act(actions=("reopen",)), "act reopen: there is no action 'reopen' (policies/exits.py)"),
        (with_act(fields=("reopened_by",)), "act reopen: it writes 'reopened_by', which is no field of work_request (models/work_request.py)"),
        (with_act(paper="permit"), "act reopen: there is no paper 'permit' (Workflow.papers)"),
        (with_act(tone="red"), "act reopen: there is no tone 'red'"),
        (with_act(holds=(Condition("", lambda _a, _d: True, ("", "")),)), "act reopen: condition '' has no words"),
        (with_act(name="approve"), "act approve: declared twice"),
        (replace(WORK, noun="lost"), "there is no noun 'lost'"),
        (replace(WORK, state_field="lost"), "work_request has no field 'lost' (models/work_request.py)"),
        (replace(WORK, states=(*WORK.states, State("kept", ("保留", "Kept")))), "state kept: no act leads to it"),
        (replace(WORK, states=(*WORK.states, State("kept", ("保留", "Kept")))), "state kept: no act leads out of it, and it is no end (State.ends)"),
        (replace(WORK, states=tuple(replace(each, begins=False) for each in WORK.states)), "no state begins it (State.begins)"),
        (replace(RELEASED, states=RELEASED.states[1:]), "there is no state 'out'"),
        (replace(RELEASED, states=tuple(replace(each, empty="") for each in RELEASED.states)), "no field holds its state: name it (Workflow.state_field), or what is empty in all states but the last"),
    ],
)  # fmt: skip
def test_what_was_forgotten_is_named(workflow: Workflow, said: str) -> None:
    assert any(each.endswith(said) for each in faults(workflow)), faults(workflow)
    with pytest.raises(RuntimeError) as error:
        register([workflow], [])
    assert f"workflow {workflow.name}: " in str(error.value)


def test_the_start_names_an_act_whose_name_has_other_words_elsewhere() -> None:
    with pytest.raises(RuntimeError, match="'remove' is called"):
        register([with_act(name="remove")], [])


def test_registering_again_changes_nothing() -> None:
    register(WORKFLOWS, OPERATIONS)


@pytest.mark.parametrize(
    ("act", "status", "requester", "allowed"),
    [
        ("approve", "requested", "other", True),
        ("approve", "requested", "me", False),
        ("refuse", "requested", "me", False),
        ("refuse", "requested", "other", True),
        ("withdraw", "requested", "me", True),
        ("withdraw", "approved", "other", True),
        ("finish", "approved", "me", True),
        ("approve", "refused", "other", False),
        ("approve", "withdrawn", "other", False),
        ("approve", "finished", "other", False),
        ("finish", "requested", "other", False),
        ("enter", "approved", "other", True),
        ("enter", "requested", "other", False),
    ],
)
def test_who_decides_on_what(act: str, status: str, requester: str, allowed: bool) -> None:
    me = cast("Actor", SimpleNamespace(user="me"))
    request = {"work_status": status, "created_by": requester, "work_place": "machine_room"}
    assert (objection(me, WORK, WORK.act(act), request) is None) is allowed


@pytest.mark.parametrize(("returned_on", "state"), [(None, OUT), ("", OUT), ("2026-11-29", SETTLED)])
def test_a_state_may_follow_from_what_is_filled_in(returned_on: str | None, state: str) -> None:
    assert RELEASED.state_of({"returned_on": returned_on}) == state


def test_what_the_store_is_asked_for_a_state() -> None:
    assert WORK.condition("approved") == {"work_status": "approved"}
    assert RELEASED.condition(OUT) == {"returned_on": None}
    assert RELEASED.condition(SETTLED) == {"returned_on": {"$ne": None}}
