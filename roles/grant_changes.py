"""What differs between two versions of a role, in words, and whether each difference gives its people more."""

from __future__ import annotations

from dataclasses import dataclass

from models.data_classes import LABELS, DataClass, Words
from models.registry import NOUNS
from models.vocabularies import terms
from policies.actor import SCOPES
from policies.effects import LABELS as EFFECT_LABELS
from policies.effects import Effect
from policies.exits import ACTIONS
from roles.grants import Grants

ROLE = NOUNS["role"]


@dataclass(frozen=True)
class Change:
    """One difference between what a role grants and what it would grant. `gains`: more is allowed or shown."""

    noun: str
    scope: str
    subject: Words
    before: Words
    after: Words
    gains: bool


def changes(before: Grants, after: Grants) -> list[Change]:
    """What differs between two versions: what is asked of its people, then by noun, scope and subject."""
    found = _asked(before, after)
    for noun in NOUNS:
        for scope in SCOPES:
            had, has = (set(each.actions.get(noun, {}).get(scope, [])) for each in (before, after))
            found += [_act(noun, scope, each, gains=each in has) for each in ACTIONS if each in had ^ has]
            seen, sees = (each.effects.get(noun, {}).get(scope, {}) for each in (before, after))
            found += _effects(noun, scope, seen, sees)
    return found


def _asked(before: Grants, after: Grants) -> list[Change]:
    """What holds for the whole role has no scope; less asked of its people is more allowed to them."""
    found = []
    if before.second_factor != after.second_factor:
        had, has = (terms("second_factor")[each.second_factor] for each in (before, after))
        gains = after.second_factor == "none"
        found.append(Change("role", "", ROLE.fields["second_factor"].label, had, has, gains))
    if before.networks != after.networks:
        had, has = _listed(before.networks), _listed(after.networks)
        gains = not after.networks or (bool(before.networks) and set(before.networks) <= set(after.networks))
        found.append(Change("role", "", ROLE.fields["networks"].label, had, has, gains))
    return found


def _listed(networks: list[str]) -> Words:
    return ("、".join(networks), ", ".join(networks)) if networks else ("限らない", "not limited")


def _act(noun: str, scope: str, action: str, *, gains: bool) -> Change:
    no, yes = ("できない", "not allowed"), ("できる", "allowed")
    return Change(noun, scope, ACTIONS[action], no if gains else yes, yes if gains else no, gains)


def _effects(noun: str, scope: str, had: dict[str, str], has: dict[str, str]) -> list[Change]:
    found = []
    for subject in sorted(had.keys() | has.keys()):
        before, after = Effect.named(had.get(subject, "hide")), Effect.named(has.get(subject, "hide"))
        if before is not after:
            words = _words(noun, subject)
            found.append(
                Change(noun, scope, words, EFFECT_LABELS[before], EFFECT_LABELS[after], after > before)
            )
    return found


def _words(noun: str, subject: str) -> Words:
    if subject.startswith("field:"):
        return NOUNS[noun].fields[subject.removeprefix("field:")].label
    return LABELS[DataClass(subject)]
