"""Doing a declared act: one conditional update; of two who press at once one wins, and the other is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from audit import events
from gate.card.histories import history
from gate.refusals import Conflict, Invalid, Refused
from gate.writing.writing import create
from models.registry import NOUNS
from operations.declared_workflows import OPERATIONS, WORKFLOWS
from tests.workflows.test_tables import REOPEN
from tests.workflows.test_work_requests import asked, stored
from tests.world import actor, item, stored_item
from workflows.content_check.table import CHECK
from workflows.data_release.table import RELEASED
from workflows.engine.acts import perform, possible_acts
from workflows.engine.registry import register
from workflows.engine.table import Acting, Workflow
from workflows.work_requests.table import WORK

Document = dict[str, Any]
Store = Database[Document]


@pytest.fixture
def reopening() -> Iterator[Workflow]:
    """The work requests' table with one more row."""
    more = replace(WORK, acts=(*WORK.acts, REOPEN))
    register([more], [])
    yield more
    register(WORKFLOWS, OPERATIONS)
    for words in (events.ACTIONS, events.ACTS):
        words.pop(REOPEN.name)


def names(who: str, workflow: Workflow, id_: str, house: str = "shinjuku") -> list[str]:
    return [each.name for each in possible_acts(actor(who), workflow, id_, house)]


def test_a_new_transition_is_one_more_row(database: Store, reopening: Workflow) -> None:
    """Its button, its permission, its from-state and its line in the history: nothing else is written for it."""
    id_ = asked(database)
    perform(actor("manager"), reopening, id_, 1, "refuse", {"note": "日程が合わない"})
    assert names("staff.shinjuku", reopening, id_) == ["reopen"]
    assert names("auditor", reopening, id_) == []
    perform(actor("staff.shinjuku"), reopening, id_, 2, "reopen", {})
    assert stored(database, id_)["work_status"] == "requested"
    assert history(actor("staff.shinjuku"), NOUNS["work_request"], id_)[0].action == "reopen"
    assert events.ACTIONS["reopen"] == REOPEN.history
    with pytest.raises(Invalid):
        perform(actor("staff.shinjuku"), reopening, id_, 3, "reopen", {})


@pytest.mark.parametrize("acts", [("approve", "approve"), ("approve", "refuse"), ("refuse", "approve")])
def test_of_two_who_press_at_once_one_wins_and_the_other_is_told(
    database: Store, acts: tuple[str, str]
) -> None:
    """Both read the request before either writes. One of them may decide, and not edit."""
    id_ = asked(database)
    both = Barrier(2, timeout=20)

    def slowly(writes: Any) -> Any:
        def then(acting: Acting) -> Document:
            both.wait()
            found: Document = writes(acting)
            return found

        return then

    table = replace(WORK, acts=tuple(replace(each, writes=slowly(each.writes)) for each in WORK.acts))

    def presses(who: str, act: str) -> str:
        try:
            perform(actor(who), table, id_, 1, act, {"note": who})
        except Conflict:
            return "told"
        return "won"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(presses, ("manager", "admin"), acts))
    assert sorted(outcomes) == ["told", "won"]
    found = stored(database, id_)
    winner = outcomes.index("won")
    assert found["decision_note"] == ("manager", "admin")[winner]
    assert found["work_status"] == {"approve": "approved", "refuse": "refused"}[acts[winner]]
    assert found["revision"] == 2


def test_the_state_is_part_of_the_condition(database: Store) -> None:
    """Even where a state was changed without a new revision, nothing is done from another one."""
    id_ = asked(database)

    def meanwhile(acting: Acting) -> Document:
        database["work_requests"].update_one({"_id": ObjectId(id_)}, {"$set": {"work_status": "withdrawn"}})
        return {}

    table = replace(WORK, acts=tuple(replace(each, writes=meanwhile) for each in WORK.acts))
    with pytest.raises(Conflict):
        perform(actor("manager"), table, id_, 1, "approve", {})
    assert stored(database, id_)["work_status"] == "withdrawn"


def test_the_content_check_stands_in_the_history_under_its_own_name(database: Store) -> None:
    made = item("staff.shinjuku", input_status="awaiting_check")
    perform(actor("manager"), CHECK, made, 1, "send_back", {"comment": "寸法がありません"})
    perform_again = history(actor("staff.shinjuku"), NOUNS["item"], made)[0]
    assert (perform_again.action, perform_again.reason) == ("send_back", "寸法がありません")
    assert events.ACTIONS["send_back"] == ("差戻し", "Sent back")


def test_what_no_role_is_granted_is_no_act_of_a_person(database: Store) -> None:
    made = item("staff.shinjuku", input_status="awaiting_check")
    alone = replace(CHECK, acts=tuple(replace(each, actions=()) for each in CHECK.acts))
    assert names("manager", alone, made) == []
    with pytest.raises(Refused):
        perform(actor("manager"), alone, made, 1, "pass", {})
    assert stored_item(made)["input_status"] == "awaiting_check"


def release(who: str = "staff.shinjuku") -> str:
    given = {
        "content": "名簿", "purpose": "notice", "takeout_medium": "usb", "destination": "印刷業者", "encrypted": True,
        "taken_by": actor(who).user, "taken_on": "2026-11-01", "due_on": "2026-11-30",
    }  # fmt: skip
    return create(actor(who), NOUNS["takeout"], actor(who).institution, given)


def test_a_data_release_is_settled_once(database: Store) -> None:
    id_ = release()
    person = actor("staff.shinjuku")
    for wrong in ({}, {"returned_on": "2026-11-29"}, {"returned_on": "2026-10-01", "settled_as": "erased"}):
        with pytest.raises(Invalid):
            perform(person, RELEASED, id_, 1, "settle", wrong)
    answers = {"returned_on": "2026-11-29", "settled_as": "erased"}
    perform(person, RELEASED, id_, 1, "settle", answers)
    found = database["takeouts"].find_one({"_id": ObjectId(id_)}) or {}
    assert (found["returned_on"], found["settled_as"]) == ("2026-11-29", "erased")
    with pytest.raises(Invalid):
        perform(person, RELEASED, id_, 2, "settle", answers)
    assert names("staff.shinjuku", RELEASED, id_) == []
