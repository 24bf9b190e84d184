"""Editing what a role grants: within the ceilings, on a revision, through the same update as any record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from accounts.networks import shuts_out
from gate.fields.validation import clean
from gate.reading.loading import find_document
from gate.reading.shown import verdict_on
from gate.refusals import Invalid, Refused
from gate.writing.changes import Origin
from gate.writing.conflicts import conflict
from gate.writing.patches import same
from gate.writing.writing import write
from models.data_classes import LABELS, DataClass, Words
from models.registry import NOUNS
from policies.actor import SCOPES, Actor, Role
from policies.effects import Effect
from policies.exits import ACTIONS
from policies.verdict import Ask, granted, judge
from roles.rights import check_grants, raises_own

Actions = dict[str, dict[str, list[str]]]
Effects = dict[str, dict[str, dict[str, str]]]
Document = dict[str, Any]


@dataclass(frozen=True)
class Grants:
    """What a role gives its people and asks of them: drafted, saved and restored as one."""

    actions: Actions
    effects: Effects
    second_factor: str = "none"
    networks: list[str] = field(default_factory=list)


PARTS = tuple(each.name for each in fields(Grants))


def grants_in(stored: Mapping[str, Any]) -> Grants:
    """Those of a stored role; what it does not have is as in a new one."""
    return Grants(
        stored.get("actions") or {},
        stored.get("effects") or {},
        stored.get("second_factor") or "none",
        stored.get("networks") or [],
    )


def as_stored(grants: Grants) -> Grants:
    """The same as a role holds them; what cannot be read stays as it was typed."""
    return replace(grants, **_asked(grants)[0])


def _asked(grants: Grants) -> tuple[Document, dict[str, Words]]:
    return clean(NOUNS["role"], {name: getattr(grants, name) for name in ("second_factor", "networks")})


def ceiling_of_action(kind: str, noun: str, action: str, scope: str) -> Words | None:
    """Why a kind of role can never have this action; None when it can."""
    trial = Role("trial", ("", ""), kind, {noun: {scope: frozenset({action})}}, {})
    verdict = granted(trial, noun, action, scope)
    return None if verdict else verdict.reason


def ceiling_of_class(kind: str, noun: str, data_class: str, scope: str) -> tuple[Effect, Words]:
    """The most that a kind of role can have of a class of this noun on a record's own page, and why no more."""
    return _most(kind, noun, data_class, f"class:{data_class}", scope)


def _most(kind: str, noun: str, data_class: str, name: str, scope: str) -> tuple[Effect, Words]:
    subject = {data_class: Effect.EDIT, f"field:{name}": Effect.EDIT}
    trial = Role("trial", ("", ""), kind, {}, {noun: {scope: subject}})
    verdict = judge(trial, Ask(noun, name, data_class, "detail", ""), scope)
    if verdict.rule.startswith("role:"):
        return Effect.EDIT, ("", "")
    # A class has no mask of its own; where its ceiling is the mask, its fields bring theirs.
    most = Effect.MASK if verdict.mask or _masks_somewhere(kind, noun, data_class, scope) else verdict.effect
    return most, verdict.reason


def _masks_somewhere(kind: str, noun: str, data_class: str, scope: str) -> bool:
    held = [each for each in NOUNS[noun] if each.data_class == data_class]
    role = Role("trial", ("", ""), kind, {}, {noun: {scope: {data_class: Effect.EDIT}}})
    asks = (Ask(noun, each.name, data_class, "detail", "") for each in held)
    return any(judge(role, each, scope).effect is Effect.MASK for each in asks)


def beyond_ceilings(kind: str, actions: Actions, effects: Effects) -> dict[str, Words]:
    """What of the given grants no role of this kind may have: key of the matrix → why."""
    wrong: dict[str, Words] = {}
    for noun, scopes in actions.items():
        for scope, granted_ in scopes.items():
            for action in granted_:
                if reason := ceiling_of_action(kind, noun, action, scope):
                    wrong[f"a.{noun}.{scope}.{action}"] = reason
    for noun, scoped in effects.items():
        for scope, subjects in scoped.items():
            for subject, name in subjects.items():
                most, reason = _ceiling_of_subject(kind, noun, subject, scope)
                if Effect.named(name) > most:
                    wrong[f"e.{noun}.{scope}.{subject}"] = reason
    return wrong


def _ceiling_of_subject(kind: str, noun: str, subject: str, scope: str) -> tuple[Effect, Words]:
    if subject.startswith("field:"):
        its = NOUNS[noun].fields[subject.removeprefix("field:")]
        return _most(kind, noun, str(its.data_class), its.name, scope)
    return ceiling_of_class(kind, noun, subject, scope)


def check(actor: Actor, role: str, revision: int, grants: Grants) -> tuple[Document, Document]:
    """The role's document and what would change in it, once these grants have been found storable.

    Raises:
        NotFound, Refused, Conflict: as gate.writing.writing.patch.
        Invalid: unknown names, beyond the ceilings of the role's kind, more than the actor has for the actor's own
            role, a list of networks that shuts the actor out, or a role of administrators that could not be undone;
            the key is the matrix's.
    """
    noun = NOUNS["role"]
    document = find_document(actor, noun, role, "edit")
    for name in PARTS:
        verdict = verdict_on(actor, noun.fields[name], "form", document["institution"])
        if verdict.effect is not Effect.EDIT:
            raise Refused(verdict, field=name)
    wrong = (
        _unknown(grants.actions, grants.effects)
        or beyond_ceilings(document["role_kind"], grants.actions, grants.effects)
        or check_grants(actor, document, grants.actions, grants.effects)
    )
    asked, unreadable = _asked(grants)
    wanted = {"actions": grants.actions, "effects": grants.effects, **asked}
    present = vars(grants_in(document))
    kept = {name: value for name, value in wanted.items() if not same(present[name], value)}
    wrong = wrong or unreadable | raises_own(actor, document, kept)
    wrong |= shuts_out(actor, noun, document, kept)
    if wrong:
        raise Invalid(wrong)
    if document["revision"] != revision:
        raise conflict(actor, noun, document, revision)
    return document, kept


def save_grants(
    actor: Actor, role: str, revision: int, grants: Grants, *, action: str = "edit", mark: str = ""
) -> int:
    """Store what a role grants; it holds from everybody's next request. `action` and `mark`: as write.

    Raises:
        NotFound, Refused, Conflict, Invalid: as check.
    """
    document, kept = check(actor, role, revision, grants)
    if not kept:
        return revision
    return write(NOUNS["role"], document, kept, actor=actor, action=action, mark=mark, origin=Origin.FORM)


def grants_of(actor: Actor, role: str) -> tuple[str, Grants]:
    """A role's kind and what it grants, for those who may read roles.

    Raises:
        NotFound, Refused: out of reach.
    """
    document = find_document(actor, NOUNS["role"], role)
    return document["role_kind"], grants_in(document)


def _unknown(actions: Mapping[str, Any], effects: Mapping[str, Any]) -> dict[str, Words]:
    said: Words = (
        "知らない項目が含まれています。画面を開き直してください。",
        "It names something unknown; open the page again.",
    )
    for noun, scopes in actions.items():
        if (
            noun not in NOUNS
            or not set(scopes) <= set(SCOPES)
            or not set().union(*scopes.values()) <= set(ACTIONS)
        ):
            return {"": said}
    for noun, scoped in effects.items():
        if noun not in NOUNS or not set(scoped) <= set(SCOPES):
            return {"": said}
        for subjects in scoped.values():
            if not all(_known(noun, subject, name) for subject, name in subjects.items()):
                return {"": said}
    return {}


def _known(noun: str, subject: str, effect: str) -> bool:
    if effect.upper() not in Effect.__members__:
        return False
    if subject.startswith("field:"):
        return subject.removeprefix("field:") in NOUNS[noun].fields
    return subject in set(DataClass)


def in_plain_words(actions: Actions, effects: Effects) -> list[Words]:
    """What a role can do, a sentence a noun and scope."""
    said: list[Words] = []
    for noun in NOUNS.values():
        for scope, (ja, en) in (("own", ("自館の", "Own ")), ("supervised", ("同じ課の館の", "Supervised "))):
            acts = [ACTIONS[each] for each in actions.get(noun.name, {}).get(scope, []) if each in ACTIONS]
            if not acts:
                continue
            seen = effects.get(noun.name, {}).get(scope, {})
            kinds = [(_subject(noun.name, subject), Effect.named(name)) for subject, name in seen.items()]
            said.append((
                f"{ja}{noun.label[0]}: {'・'.join(each[0] for each in acts)}。{_seen(kinds, 0)}",
                f"{en}{noun.label[1].lower()}: {', '.join(each[1].lower() for each in acts)}. {_seen(kinds, 1)}",
            ))  # fmt: skip
    return said


def _subject(noun: str, subject: str) -> Words:
    if subject.startswith("field:"):
        return NOUNS[noun].fields[subject.removeprefix("field:")].label
    return LABELS[DataClass(subject)]


def _seen(kinds: list[tuple[Words, Effect]], language: int) -> str:
    groups = (
        (Effect.EDIT, ("更新できる", "Edits")),
        (Effect.SHOW, ("見るだけ", "Sees")),
        (Effect.MASK, ("一部を伏せて見る", "Sees masked")),
    )
    parts = []
    for effect, words in groups:
        names = [label[language] for label, each in kinds if each is effect]
        if names:
            parts.append(f"{words[language]}: {('、', ', ')[language].join(names)}")
    return ("。", ". ")[language].join(parts)
