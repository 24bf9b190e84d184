"""No role document can exceed a ceiling: random documents, asked at every exit (S14, K3, law 2)."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.registry import NOUNS
from policies.actor import KINDS, Actor, Role
from policies.ceilings import PERSONAL
from policies.effects import Effect
from policies.exits import ACTIONS, IMPLIES, NEEDS
from policies.verdict import Ask, decide, may
from tests.policies.people import house, person

FIELDS = [(noun.name, field) for noun in NOUNS.values() for field in noun]
CHANGING = ("create", "edit", "remove")


@st.composite
def questions(draw: st.DrawFn, kind: str | None = None) -> tuple[Actor, Ask, str]:
    """Somebody with a random role, one question at a random exit, and the scope it falls in."""
    noun, field = draw(st.sampled_from(FIELDS))
    effect = st.sampled_from(["hide", "mask", "show", "edit", "edit", "EDIT", "all"])
    subjects = st.dictionaries(
        st.sampled_from([str(field.data_class), f"field:{field.name}", "public", "all"]), effect, min_size=1
    )
    actions = st.lists(st.sampled_from([*ACTIONS, "all"]), min_size=6).map(lambda some: [*some, "read"])
    role = Role.from_document(
        role_id="random",
        name=("", ""),
        kind=kind or draw(st.sampled_from(sorted(KINDS))),
        actions={noun: {scope: draw(actions) for scope in ("own", "supervised")}},
        effects={noun: {scope: draw(subjects) for scope in ("own", "supervised")}},
    )
    scope = draw(st.sampled_from(["own", "supervised", "other"]))
    actor = person(role, "shinjuku")
    exit_ = draw(st.sampled_from(sorted(NEEDS)))
    return actor, Ask(noun, field.name, str(field.data_class), exit_, house(actor, scope)), scope


def of_everything(kind: str) -> Iterator[tuple[Effect, Ask, str]]:
    """Each answer that a role gets that grants all there is: what the ceilings alone leave of it."""
    effects = dict.fromkeys({str(field.data_class) for _, field in FIELDS}, "edit")
    given_ = {scope: effects for scope in ("own", "supervised")}
    acts = {scope: [*ACTIONS] for scope in ("own", "supervised")}
    role = Role.from_document(
        role_id="everything",
        name=("", ""),
        kind=kind,
        actions=dict.fromkeys(NOUNS, acts),
        effects=dict.fromkeys(NOUNS, given_),
    )
    actor = person(role, "shinjuku")
    for noun, field in FIELDS:
        for scope in ("own", "supervised", "other"):
            for exit_ in NEEDS:
                ask = Ask(noun, field.name, str(field.data_class), exit_, house(actor, scope))
                yield decide(actor, ask).effect, ask, scope


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_who_is_granted_everything_is_held_by_the_ceilings(kind: str) -> None:
    shown = set()
    for effect, ask, scope in of_everything(kind):
        personal = ask.data_class in PERSONAL
        at_most = Effect.EDIT
        if kind == "auditor":
            at_most = min(at_most, Effect.SHOW)
        if personal and (scope == "supervised" or ask.exit in ("export", "api")):
            at_most = min(at_most, Effect.MASK)
        if (
            scope == "other"
            or ask.data_class == "secret"
            or (personal and kind in ("administrator", "contractor"))
            or (ask.data_class == "restricted" and kind == "contractor")
        ):
            at_most = Effect.HIDE
        assert effect <= at_most, (kind, ask, scope)
        shown.add(effect)
    assert kind in ("administrator", "contractor") or Effect.MASK in shown


@given(questions("contractor"))
def test_no_role_shows_a_contractor_personal_or_restricted_data(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    if ask.data_class in PERSONAL | {"restricted"}:
        assert decide(actor, ask).effect is Effect.HIDE
    assert not [each for each in ACTIONS if each != "read" and may(actor, ask.noun, each, ask.institution)]


@given(questions("administrator"))
def test_no_role_shows_an_administrator_personal_data(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    if ask.data_class in PERSONAL:
        assert decide(actor, ask).effect is Effect.HIDE
    if ask.noun not in ("user", "role", "institution", "term"):
        assert not [each for each in CHANGING if may(actor, ask.noun, each, ask.institution)]


@given(questions("auditor"))
def test_no_role_lets_an_auditor_change_anything(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    assert decide(actor, ask).effect <= Effect.SHOW
    assert not [each for each in CHANGING if may(actor, ask.noun, each, ask.institution)]


@given(questions())
def test_no_role_shows_more_than_a_mask_of_another_institutions_people(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, scope = asked
    effect = decide(actor, ask).effect
    if scope == "supervised" and ask.data_class in PERSONAL:
        assert effect <= Effect.MASK
    if scope == "other":
        assert effect is Effect.HIDE


@given(questions())
def test_no_role_exports_a_person_in_full_or_a_credential_at_all(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    effect = decide(actor, ask).effect
    if ask.exit in ("export", "api") and ask.data_class in PERSONAL:
        assert effect <= Effect.MASK
    if ask.data_class == "secret":
        assert effect is Effect.HIDE


@given(questions())
def test_a_patron_is_for_librarians_and_auditors_only(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    if ask.noun == "patron" and actor.role.role_kind in ("manager", "staff", "contractor"):
        assert not may(actor, "patron", "read", ask.institution)


@given(questions())
def test_only_administrators_operate_accounts_roles_and_institutions(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    if ask.noun in ("user", "role", "institution") and actor.role.role_kind != "administrator":
        assert not [each for each in CHANGING if may(actor, ask.noun, each, ask.institution)]


@given(questions())
def test_what_is_withheld_at_an_exit_is_withheld_at_all_that_imply_it(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    given_here = decide(actor, ask).effect
    for implied in IMPLIES.get(ask.exit, ()):
        there = decide(actor, Ask(ask.noun, ask.field, ask.data_class, implied, ask.institution)).effect
        assert given_here <= there


@given(questions())
def test_an_oracle_answers_only_for_what_is_shown_in_full(asked: tuple[Actor, Ask, str]) -> None:
    actor, ask, _ = asked
    if ask.exit in ("search", "filter", "sort", "count"):
        assert decide(actor, ask).effect is not Effect.MASK
