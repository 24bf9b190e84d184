"""Every field has a class that policies know, every noun has rules, and what is masked has a mask (law 1)."""

import pytest
from mongoengine import Document

from models.data_classes import PERSONAL, DataClass
from models.declaration import Noun
from models.record import Record
from models.registry import NOUNS
from models.vocabularies import terms
from policies import ceilings
from policies.actor import KINDS
from policies.ceilings import Bar, Ceiling
from policies.effects import Effect
from policies.exits import NEEDS, ORACLES
from policies.rules import RULES
from policies.verdict import Ask, granted, judge
from roles.starting_roles import CITY_ROLES, WARD_ROLES, StartingRole
from tests.policies.people import role_of

ROLES = [*WARD_ROLES, *CITY_ROLES]


def test_policies_and_models_name_the_same_classes_and_kinds_of_role() -> None:
    assert set(DataClass) == ceilings.CLASSES
    assert ceilings.PERSONAL == PERSONAL
    assert set(terms("role_kind")) == KINDS
    assert {each.kind for each in ROLES} == KINDS


def test_no_noun_declares_a_field_that_every_record_has() -> None:
    """It would take the place of what the system keeps there: terms once lost their order to sort keys."""
    shared = set(Record._fields) - {"id", "institution"}
    again = {f"{noun.name}.{name}" for noun in NOUNS.values() for name in shared & vars_of(noun.document)}
    assert again == set()


def vars_of(document: type[Document]) -> set[str]:
    """The fields that a document's own class declares."""
    return {name for name, each in document._fields.items() if each.owner_document is document}


def test_every_noun_has_a_place_of_its_own() -> None:
    places = [each.place for each in NOUNS.values()]
    assert places == sorted(set(places))


def test_every_noun_has_rules_and_every_rule_its_noun() -> None:
    assert set(RULES) == set(NOUNS)
    for name, rules in RULES.items():
        assert set(rules.masks) <= set(NOUNS[name].fields), name
        assert rules.ceilings
        assert rules.bars


@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
def test_every_field_has_a_class(noun: Noun) -> None:
    for field in noun:
        assert field.data_class in ceilings.CLASSES
        assert all(part.data_class in ceilings.CLASSES for part in field.parts)


def test_every_ceiling_and_bar_has_its_reason_and_names_what_exists() -> None:
    from policies.exits import ACTIONS, IMPLIES

    for rules in RULES.values():
        both: tuple[Ceiling | Bar, ...] = (*rules.ceilings, *rules.bars)
        for rule in both:
            assert all(rule.reason), rule.rule
            assert rule.kinds <= KINDS
            assert rule.scopes <= {"own", "supervised"}
        assert all(each.subjects <= ceilings.CLASSES and each.exits <= set(NEEDS) for each in rules.ceilings)
        assert all(each.actions <= set(ACTIONS) for each in rules.bars)
    assert {need for need in NEEDS.values() if need} <= set(ACTIONS)
    assert set(IMPLIES) | {each for some in IMPLIES.values() for each in some} <= set(NEEDS)


def _masking(rules: tuple[Ceiling, ...], name: str) -> bool:
    return any(each.rule == name and each.at_most is Effect.MASK for each in rules)


@pytest.mark.parametrize("starting", ROLES, ids=lambda each: each.code)
def test_every_field_that_a_starting_role_gets_masked_has_a_mask(starting: StartingRole) -> None:
    role, without = role_of(starting), set()
    for noun in NOUNS.values():
        for scope in ("own", "supervised"):
            if not granted(role, noun.name, "read", scope):
                continue
            for field in noun:
                for exit_ in set(NEEDS) - ORACLES:
                    verdict = judge(role, Ask(noun.name, field.name, str(field.data_class), exit_, ""), scope)
                    given = starting.effects.get(noun.name, {}).get(scope, {}).get(str(field.data_class))
                    by_role = verdict.rule.startswith("role:") and given == "mask"
                    if (by_role or _masking(RULES[noun.name].ceilings, verdict.rule)) and not verdict.mask:
                        without.add(f"{noun.name}.{field.name} by {exit_} ({scope})")
    assert not without


def test_starting_roles_name_only_what_exists() -> None:
    from roles.grants import beyond_ceilings

    for each in ROLES:
        assert set(each.actions) | set(each.effects) <= set(NOUNS)
        assert beyond_ceilings(each.kind, each.actions, each.effects) == {}
        for noun, scopes in each.effects.items():
            for subjects in scopes.values():
                fields = {name.removeprefix("field:") for name in subjects if name.startswith("field:")}
                assert fields <= set(NOUNS[noun].fields)
