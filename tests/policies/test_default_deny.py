"""What nobody has spoken of is denied, whatever a role document says (law 1)."""

from typing import Any

import pytest

from policies.actor import Actor, Role
from policies.effects import Effect
from policies.exits import ACTIONS, LABELS, NEEDS
from policies.rules import RULES
from policies.verdict import Ask, decide, judge, may, reach
from tests.policies.people import PEOPLE, house, person

GENEROUS_CLASSES = ("public", "internal", "identity", "made_up", "secret", "field:name", "")


def generous(kind: str = "staff", **more: Any) -> Role:
    """A role document that grants all it can name, and things that do not exist."""
    nouns = (*RULES, "made_up")
    return Role.from_document(
        role_id="generous",
        name=("全部", "All"),
        kind=kind,
        actions={noun: {scope: [*ACTIONS, "made_up"] for scope in ("own", "supervised", "all")} for noun in nouns},
        effects={
            noun: {scope: dict.fromkeys(GENEROUS_CLASSES, "edit") for scope in ("own", "supervised", "all")}
            for noun in nouns
        },
        **more,
    )  # fmt: skip


def ask(**changed: Any) -> Ask:
    told = {
        "noun": "donor",
        "field": "name",
        "data_class": "identity",
        "exit": "detail",
        "institution": "shinjuku",
    }
    return Ask(**{**told, **changed})  # fmt: skip


def test_the_generous_role_is_granted_what_is_known() -> None:
    assert decide(person(generous(), "shinjuku"), ask()).effect is Effect.EDIT


@pytest.mark.parametrize(
    "changed",
    [
        {"noun": "made_up"},
        {"noun": ""},
        {"data_class": "made_up", "field": "other"},
        {"data_class": "", "field": "other"},
        {"data_class": "secret"},
        {"exit": "made_up"},
        {"exit": ""},
        {"exit": "public"},
        {"institution": "kaizu"},
        {"institution": "made_up"},
        {"institution": ""},
        {"institution": None},
        {"institution": {"$ne": None}},
        {"institution": ["shinjuku"]},
    ],
)
def test_an_unknown_part_of_a_question_is_denied(changed: dict[str, Any]) -> None:
    verdict = decide(person(generous(), "shinjuku"), ask(**changed))
    assert verdict.effect is Effect.HIDE
    assert all(verdict.reason)


def test_a_field_grant_does_not_make_an_unknown_class_known() -> None:
    assert decide(person(generous(), "shinjuku"), ask(data_class="made_up")).effect is Effect.HIDE


@pytest.mark.parametrize("kind", ["", "made_up", "Contractor", "console", "超管理者"])
def test_a_role_of_an_unknown_kind_is_granted_nothing(kind: str) -> None:
    actor = person(generous(kind), "shinjuku")
    assert not [noun for noun in RULES for action in ACTIONS if may(actor, noun, action, "shinjuku")]
    assert decide(actor, ask()).effect is Effect.HIDE
    assert judge(actor.role, ask(), "own").effect is Effect.HIDE


@pytest.mark.parametrize("action", ["", "made_up", "READ", "read "])
def test_an_unknown_action_is_denied(action: str) -> None:
    assert not may(person(generous(), "shinjuku"), "donor", action, "shinjuku")


def test_an_actor_without_an_institution_reaches_nothing() -> None:
    actor = Actor("id", "login", "", frozenset(), generous())
    assert reach(actor, "item", "read") == frozenset()
    assert not may(actor, "item", "read", "")


@pytest.mark.parametrize("broken", [None, "read", 7, [], ["item"], {"item": None}, {"item": ["read"]},
                                    {"item": {"own": "read"}}, {"item": {"own": {"read": True}}},
                                    {"item": {"all": ["read"]}}, {"item": {"own": [["read"]]}}, {"$ne": {}}])  # fmt: skip
def test_a_malformed_role_document_grants_nothing(broken: Any) -> None:
    role = Role.from_document(
        role_id="broken", name=("", ""), kind="staff", actions=broken, effects=generous().effects
    )
    actor = person(role, "shinjuku")
    assert not [noun for noun in RULES for action in ACTIONS if may(actor, noun, action, "shinjuku")]


@pytest.mark.parametrize("broken", [None, "edit", 7, ["identity"], {"donor": None}, {"donor": {"own": "edit"}},
                                    {"donor": {"own": {"identity": None}}}, {"donor": {"own": {"identity": 3}}},
                                    {"donor": {"own": {"identity": "EVERYTHING"}}},
                                    {"donor": {"own": ["identity"]}}, {"donor": {"all": {"identity": "edit"}}}])  # fmt: skip
def test_malformed_effects_show_nothing(broken: Any) -> None:
    role = Role.from_document(
        role_id="broken", name=("", ""), kind="staff", actions={"donor": {"own": list(ACTIONS)}}, effects=broken
    )  # fmt: skip
    assert decide(person(role, "shinjuku"), ask()).effect is Effect.HIDE


def test_without_reading_there_is_no_other_act() -> None:
    role = Role.from_document(
        role_id="r", name=("", ""), kind="staff",
        actions={"donor": {"own": [each for each in ACTIONS if each != "read"]}},
        effects={"donor": {"own": {"identity": "edit"}}},
    )  # fmt: skip
    actor = person(role, "shinjuku")
    assert not [action for action in ACTIONS if may(actor, "donor", action, "shinjuku")]
    assert {decide(actor, ask(exit=each)).effect for each in NEEDS} == {Effect.HIDE}


def test_a_mask_that_a_field_does_not_have_hides_it() -> None:
    role = Role.from_document(
        role_id="r", name=("", ""), kind="staff", actions={"donor": {"own": ["read"]}},
        effects={"donor": {"own": {"identity": "mask"}}},
    )  # fmt: skip
    actor = person(role, "shinjuku")
    assert decide(actor, ask()).mask == "family_name"
    assert decide(actor, ask(field="made_up")).effect is Effect.HIDE


@pytest.mark.parametrize("who", PEOPLE)
def test_reach_is_where_one_may(who: str) -> None:
    actor = PEOPLE[who]
    houses = {"section", "shinjuku", "soseki", "kaizu", "made_up", ""}
    for noun in (*RULES, "made_up"):
        for action in (*ACTIONS, "made_up"):
            permitted = {each for each in houses if may(actor, noun, action, each)}
            assert reach(actor, noun, action) == permitted


@pytest.mark.parametrize("where", ["kaizu", "nowhere", "", None, 7])
def test_out_of_reach_is_told_as_that(where: object) -> None:
    """And not as something that an administrator could grant."""
    verdict = may(PEOPLE["staff"], "item", "read", where)
    assert not verdict
    assert verdict.rule == "scope"


@pytest.mark.parametrize("who", PEOPLE)
def test_the_two_governments_never_meet(who: str) -> None:
    actor = PEOPLE[who]
    assert not [
        noun for noun in RULES for action in ACTIONS if may(actor, noun, action, house(actor, "other"))
    ]


def test_every_exit_has_a_name_for_people() -> None:
    """The page that explains a withheld value lists them all."""
    assert set(LABELS) == set(NEEDS)
