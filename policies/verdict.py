"""May this actor have this value by this exit? Which records may this actor reach? One answer for both.

Default deny: an unknown noun, field, exit, action, scope or institution is denied, and the verdict says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from policies.actor import CONSOLE, KINDS, SCOPES, Actor, Role
from policies.ceilings import CLASSES, Ceiling
from policies.effects import Effect
from policies.exits import ACTIONS, IMPLIES, NEEDS, ORACLES
from policies.rules import RULES

Words = tuple[str, str]

REVEALED: Words = ("目的を示して表示しています(短時間のみ)。", "Revealed for a purpose, for a short time.")

WOULD_SHOW: dict[Effect, Words] = {
    effect: (
        f"この役割には{ja}されます。あなたの役割では値を見られません。",
        f"This role gets it {en}; your own role may not see the value.",
    )
    for effect, ja, en in (
        (Effect.MASK, "一部を伏せて表示", "masked"),
        (Effect.SHOW, "表示", "shown"),
    )
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: this field of this noun, in a record of this institution, by this exit."""

    noun: str
    field: str
    data_class: str
    exit: str
    institution: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the rule that gave it, and its reason for people."""

    effect: Effect
    rule: str
    reason: Words
    mask: str = ""
    shown: bool = field(init=False, compare=False)
    """The value in full."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", self.effect >= Effect.SHOW)  # a page asks for it a thousand times

    def __bool__(self) -> bool:
        return self.shown


def _deny(rule: str, ja: str, en: str) -> Verdict:
    return Verdict(Effect.HIDE, rule, (ja, en))


TRIED_ON = _deny(
    "view-as", "ほかの役割で見ているあいだは、読むだけです。", "While viewing as another role, you only read."
)


def may(actor: Actor, noun: str, action: str, institution: object) -> Verdict:
    """May this actor do this to records of this institution?"""
    scope = actor.scope_of(institution)
    # guard: out-of-scope
    if scope is None:
        return _deny(
            "scope",
            "ほかの館の記録を閲覧する権限がありません。",
            "You have no access to records of that institution.",
        )
    # guard: tried-on-role-only-reads
    if actor.behind is not None and action != "read":
        return TRIED_ON
    # Every other act shows or changes what reading shows: without the one there is not the other (law 2).
    permitted = granted(actor.role, noun, "read", scope)
    # guard: permitted-first
    return granted(actor.role, noun, action, scope) if permitted else permitted


def granted(role: Role, noun: str, action: str, scope: str) -> Verdict:
    """May this role do this in this scope? The same answer, before there is a person, and for this action alone."""
    key = (noun, action, scope)
    if key not in role.judged:
        role.judged[key] = _granted(role, noun, action, scope)
    verdict: Verdict = role.judged[key]
    return verdict


def _granted(role: Role, noun: str, action: str, scope: str) -> Verdict:
    if noun not in RULES or action not in ACTIONS or scope not in SCOPES or not _known(role):
        return _deny("default", "定めのない操作です。", "No rule allows this.")
    for bar in RULES[noun].bars:
        # guard: action-ceiling
        if bar.covers(action=action, scope=scope, kind=role.role_kind):
            return Verdict(Effect.HIDE, bar.rule, bar.reason)
    # guard: action-granted
    if action not in role.actions.get(noun, {}).get(scope, frozenset()):
        ja, en = ACTIONS[action]
        return _deny(
            f"role:{role.id}",
            f"役割「{role.name[0]}」には「{ja}」が与えられていません。",
            f"The role “{role.name[1]}” does not grant “{en}”.",
        )
    return Verdict(Effect.EDIT, f"role:{role.id}", ("役割による許可です。", "Granted by the role."))


def _known(role: Role) -> bool:
    return role.role_kind in KINDS or role.role_kind == CONSOLE


def decide(actor: Actor, ask: Ask) -> Verdict:
    """The verdict on one field by one exit; never raises, because an exception would be a denial anyway."""
    scope = actor.scope_of(ask.institution)
    if scope is None or actor.behind is not None:
        return _decide(actor, ask)
    # Within a scope it is the role's alone, and a page asks for some fifty.
    key = ("decided", ask.noun, ask.field, ask.data_class, ask.exit, scope)
    if key not in actor.role.judged:
        actor.role.judged[key] = _decide(actor, ask)
    verdict: Verdict = actor.role.judged[key]
    return verdict


def _decide(actor: Actor, ask: Ask) -> Verdict:
    needed = NEEDS.get(ask.exit)
    if needed is None:
        return _closed(actor, ask)
    permitted = may(actor, ask.noun, needed, ask.institution)
    if not permitted:
        return permitted
    scope = actor.scope_of(ask.institution)
    assert scope is not None  # noqa: S101 - may() has just denied the rest
    verdict = judge(actor.role, ask, scope)
    return verdict if actor.behind is None else _behind(actor.behind, ask, scope, verdict)


def _behind(own: Role, ask: Ask, scope: str, tried: Verdict) -> Verdict:
    """What is seen of a field while trying on another role: what both see, and otherwise only that the role sees it."""
    mine = judge(own, ask, scope) if granted(own, ask.noun, "read", scope) else _deny("default", "", "")
    read = min(tried.effect, Effect.SHOW)
    # guard: effect-within-read
    if mine.effect >= read:
        return Verdict(read, tried.rule, tried.reason, tried.mask)
    kept = Effect.HIDE if ask.exit in ORACLES else Effect.MASK
    return Verdict(kept, "view-as", WOULD_SHOW[read], f"would_{read.name.lower()}")


def judge(role: Role, ask: Ask, scope: str) -> Verdict:
    """The verdict for a role in a scope, its action on the noun already granted."""
    key = (ask.noun, ask.field, ask.data_class, ask.exit, scope)
    if key not in role.judged:
        role.judged[key] = _judged(role, ask, scope)
    verdict: Verdict = role.judged[key]
    return verdict


def _judged(role: Role, ask: Ask, scope: str) -> Verdict:
    rules = RULES.get(ask.noun)
    # guard: known-data-class
    if rules is None or NEEDS.get(ask.exit) is None or ask.data_class not in CLASSES or not _known(role):
        return _deny("default", "定めのない項目です。", "No rule allows this.")
    subjects = (ask.data_class, f"field:{ask.field}")
    effects = role.effects.get(ask.noun, {}).get(scope, {})
    effect = effects.get(subjects[1], effects.get(subjects[0], Effect.HIDE))
    verdict = Verdict(effect, f"role:{role.id}", _role_reason(role, effect))
    for exit_ in _with_implied(ask.exit):
        verdict = _lower(verdict, rules.ceilings, subjects, scope, role.role_kind, exit_)
    if verdict.effect is Effect.MASK:
        mask = rules.masks.get(ask.field, "")
        # What an oracle may not tell in full it may not tell at all: half an answer narrows the value down.
        # guard: no-mask-at-oracles
        kept = Effect.MASK if mask and ask.exit not in ORACLES else Effect.HIDE
        return Verdict(kept, verdict.rule, verdict.reason, mask)
    return verdict


def _lower(
    verdict: Verdict,
    ceilings: Iterable[Ceiling],
    subjects: tuple[str, str],
    scope: str,
    kind: str,
    exit_: str,
) -> Verdict:
    for ceiling in ceilings:
        if ceiling.at_most < verdict.effect and ceiling.covers(
            subjects=subjects, scope=scope, kind=kind, exit_=exit_
        ):
            verdict = Verdict(ceiling.at_most, ceiling.rule, ceiling.reason)
    return verdict


def _with_implied(exit_: str) -> Iterable[str]:
    yield exit_
    for implied in IMPLIES.get(exit_, ()):
        # guard: implied-exits
        yield from _with_implied(implied)


def _closed(actor: Actor, ask: Ask) -> Verdict:
    """Logs and error texts carry what is public, and nothing else; the public exit is not open yet."""
    known = ask.noun in RULES and actor.scope_of(ask.institution) is not None
    if ask.exit in ("log", "error") and ask.data_class == "public" and known:
        return Verdict(Effect.SHOW, "log", ("公開情報です。", "Public data."))
    return _deny("exit", "この経路では出しません。", "Nothing is shown this way.")


def _role_reason(role: Role, effect: Effect) -> Words:
    if effect >= Effect.SHOW:
        return ("役割による許可です。", "Granted by the role.")
    return (
        f"役割「{role.name[0]}」では表示しません。必要なときはシステム管理者へ。",
        f"The role “{role.name[1]}” does not show it. Ask your administrator if you need it.",
    )


def reach(actor: Actor, noun: str, action: str) -> frozenset[str]:
    """The institutions whose records of a noun this actor may reach for an action: the list's filter."""
    if actor.behind is not None:
        return _reach(actor, noun, action)
    # Worked out once for a role and who is supervised: the frame alone asks for some fifty of them.
    key = ("reach", noun, action, actor.institution, actor.supervised)
    if key not in actor.role.judged:
        actor.role.judged[key] = _reach(actor, noun, action)
    found: frozenset[str] = actor.role.judged[key]
    return found


def _reach(actor: Actor, noun: str, action: str) -> frozenset[str]:
    candidates = {actor.institution, *actor.supervised}
    return frozenset(each for each in candidates if may(actor, noun, action, each))
