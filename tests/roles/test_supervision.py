"""No institution is detached from its government, and one that was is set right (2A, 2.9; S8)."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.database import Database

from gate.reading.loading import load
from gate.refusals import BadQuestion, Invalid, NotFound, Refused
from gate.writing.writing import create, patch, remove
from models.registry import NOUNS
from roles.reattaching import reattach
from roles.supervision import detached, top_for
from tests.world import actor

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
INSTITUTION = NOUNS["institution"]


def supervise(database: Store, **supervisors: str | None) -> None:
    """Store supervisors as an older version let them be stored."""
    for code, supervisor in supervisors.items():
        database["institutions"].update_one({"_id": code}, {"$set": {"supervisor": supervisor}})


def stored(database: Store, code: str) -> str | None:
    found = database["institutions"].find_one({"_id": code})
    assert found is not None
    return found.get("supervisor") or None


def made(login: str, code: str, **values: str) -> str:
    who = actor(login)
    given = {"code": code, "name": "新館", "standing": "museum", **values}
    return create(who, INSTITUTION, who.institution, given)


def test_a_new_institution_is_within_reach_of_its_maker() -> None:
    made("admin", "annex", supervisor="section")
    assert load(actor("admin"), INSTITUTION, "annex").id == "annex"
    made("admin.kaizu", "branch", supervisor="kaizu")
    assert load(actor("admin.kaizu"), INSTITUTION, "branch").id == "branch"
    assert detached(actor("admin")) == []


@pytest.mark.parametrize(
    ("login", "supervisor"),
    [("admin", ""), ("admin", "annex"), ("admin", "shinjuku"), ("admin", "kaizu"), ("admin", "ない課"), ("admin", "$ne"),
     ("admin.kaizu", ""), ("admin.kaizu", "section"), ("admin.kaizu", "annex")],
)  # fmt: skip
def test_a_new_institution_that_nobody_would_reach_is_refused_at_its_field(
    database: Store, login: str, supervisor: str
) -> None:
    with pytest.raises(Invalid) as told:
        made(login, "annex", supervisor=supervisor)
    assert "supervisor" in told.value.errors
    assert database["institutions"].find_one({"_id": "annex"}) is None


@pytest.mark.parametrize(
    ("code", "supervisor"),
    [("soseki", "soseki"), ("soseki", None), ("soseki", "shinjuku"), ("section", "section"), ("section", "soseki"),
     ("soseki", "kaizu"), ("soseki", "ない課")],
)  # fmt: skip
def test_a_supervisor_that_detaches_is_refused(database: Store, code: str, supervisor: str | None) -> None:
    """Itself, a circle, a chain, nobody, another government."""
    before = stored(database, code)
    with pytest.raises(Invalid) as told:
        patch(actor("admin"), INSTITUTION, code, 1, {"supervisor": supervisor})
    assert "supervisor" in told.value.errors
    assert stored(database, code) == before


def test_an_institution_on_which_others_depend_is_not_removed(database: Store) -> None:
    for code in ("section", "soseki"):
        with pytest.raises(Invalid):
            remove(actor("admin"), INSTITUTION, code, 1, "試し")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"section": "section"}, {"section": ""}),
        ({"soseki": "soseki"}, {"soseki": "section"}),
        ({"soseki": None}, {"soseki": "section"}),
        ({"section": "shinjuku"}, {"section": ""}),
        ({"section": "shinjuku", "soseki": None}, {"section": "", "soseki": "section"}),
        ({"soseki": "shinjuku"}, {"soseki": "section"}),
        ({"soseki": "gone"}, {"soseki": "section"}),
        ({}, {}),
    ],
)
def test_what_was_detached_is_found_and_set_right(
    database: Store, fault: dict[str, str | None], told: dict[str, str]
) -> None:
    supervise(database, **fault)
    assert top_for(actor("admin")) == "section"
    assert {each.code: each.wanted for each in detached(actor("admin"))} == told
    assert detached(actor("admin.kaizu")) == []
    for code in told:
        reattach(actor("admin"), code)
    assert detached(actor("admin")) == []
    assert [stored(database, each) for each in ("section", "shinjuku", "soseki", "kaizu")] == [
        None,
        "section",
        "section",
        None,
    ]
    assert actor("admin").supervised == {"shinjuku", "soseki"}
    for code in told:
        last = (database["institutions"].find_one({"_id": code}) or {})["outbox"][-1]
        assert (last["action"], last["fields"]) == ("edit", ["supervisor"])


def test_one_that_its_maker_lost_comes_back(database: Store) -> None:
    made("admin", "annex", supervisor="section")
    supervise(database, annex=None)
    with pytest.raises(NotFound):
        load(actor("admin"), INSTITUTION, "annex")
    assert [each.code for each in detached(actor("admin"))] == ["annex"]
    assert detached(actor("admin.kaizu")) == []
    reattach(actor("admin"), "annex")
    assert load(actor("admin"), INSTITUTION, "annex").id == "annex"


def test_another_government_is_never_drawn_in(database: Store) -> None:
    """Not even one that was made here, once it has an administrator of its own."""
    maker = actor("admin").user
    database["institutions"].update_one({"_id": "kaizu"}, {"$set": {"created_by": maker}})
    assert detached(actor("admin")) == []
    with pytest.raises(BadQuestion):
        reattach(actor("admin"), "kaizu")


@pytest.mark.parametrize("login", ["manager", "staff.soseki", "auditor", "contractor", "admin.kaizu"])
def test_only_an_administrator_of_the_government_sees_and_sets_right(database: Store, login: str) -> None:
    supervise(database, shinjuku="shinjuku")
    assert detached(actor(login)) == []
    with pytest.raises((Refused, BadQuestion)):
        reattach(actor(login), "shinjuku")
    assert stored(database, "shinjuku") == "shinjuku"
