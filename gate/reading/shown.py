"""A record as one actor may see it by one exit. The stored document goes no further than this file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from models.data_classes import PERSONAL, DataClass
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies import masks
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import REVEALED, Ask, Verdict, decide, judge, may

Document = dict[str, Any]


class Reference(NamedTuple):
    """Another record, by id, with as much of its name as this actor may see."""

    noun: str
    id: str
    label: str
    open: bool
    house: str = ""
    """The institution whose record it is, where that may be told."""


class Shown(NamedTuple):
    """One field's value as it may be shown: in full, masked, or not at all (`value` is then None)."""

    field: Field
    value: Any
    verdict: Verdict

    @property
    def state(self) -> str:
        """shown, masked or hidden."""
        if self.verdict.shown:
            return "shown"
        return "masked" if self.verdict.effect is Effect.MASK else "hidden"

    @property
    def editable(self) -> bool:
        """Whether this actor may change it."""
        return self.verdict.effect is Effect.EDIT and not self.field.declared.kept_by_system


@dataclass(frozen=True, slots=True)
class Found:
    """Where words were found: the field, and of its text pieces, each with whether it is a hit."""

    field: Field
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """A record as shown. `values` holds the fields asked for, withheld ones too, marked as such."""

    noun: Noun
    id: str
    institution: str
    revision: int
    values: Mapping[str, Shown]
    references: dict[str, Reference] = field(default_factory=dict)
    """`noun:id` → the reference, for every reference in the shown values; filled by gate.reading.references."""
    found: tuple[Found, ...] = ()
    """In the list of a search, where its words stand; filled by gate.reading.matches."""

    def __iter__(self) -> Iterator[Shown]:
        return iter(self.values.values())

    def __getitem__(self, name: str) -> Shown:
        return self.values[name]

    @property
    def label(self) -> str:
        """The record's name from whatever of its naming fields may be seen; its number at the least, or its id."""
        said = [
            str(each.value)
            for name in self.noun.naming
            if (each := self.values.get(name)) and each.verdict.effect is not Effect.HIDE and each.value
        ]
        return " ".join(said) or self.id

    def discloses(self) -> set[str]:
        """Names of personal fields that stand here in full and are not empty: what the ledger must hold."""
        return {
            name
            for name in _personal(self.noun.name)
            if (each := self.values.get(name)) and each.verdict.shown and each.value not in (None, "", [], {})
        }


@cache
def _personal(noun: str) -> tuple[str, ...]:
    return tuple(each.name for each in NOUNS[noun] if each.data_class in PERSONAL)


Plan = list[tuple[str, Field, Verdict, bool]]
"""For each field its name, declaration and verdict, and whether that shows the value in full."""


class Plans:
    """The verdicts of one actor, noun and exit, worked out once for each institution met.

    `leaves`: a further exit whose ceilings hold too, for a record that is only named in what leaves by it.
    """

    def __init__(
        self, actor: Actor, noun: Noun, exit_: str, names: Iterable[str], *, leaves: str = ""
    ) -> None:
        self.actor, self.noun, self.exit, self.leaves = actor, noun, exit_, leaves or exit_
        self.fields = [noun.fields[name] for name in names]
        self._plans: dict[Any, Plan] = {}

    def of(self, institution: Any) -> Plan:
        """What is shown of records of this institution, and how."""
        if institution not in self._plans:
            verdicts = ((each, self._verdict(each, institution)) for each in self.fields)
            self._plans[institution] = [
                (each.name, each, verdict, verdict.shown) for each, verdict in verdicts
            ]
        return self._plans[institution]

    def _verdict(self, field_: Field, institution: Any) -> Verdict:
        verdict = verdict_on(self.actor, field_, self.exit, institution)
        scope = self.actor.scope_of(institution)
        # guard: leaving-exit-ceiling
        if self.leaves == self.exit or scope is None:
            return verdict
        ask = Ask(field_.noun, field_.name, str(field_.data_class), self.leaves, institution)
        return min(verdict, judge(self.actor.role, ask, scope), key=lambda each: each.effect)


def verdict_on(actor: Actor, field_: Field, exit_: str, institution: Any) -> Verdict:
    """The verdict on one declared field."""
    return decide(actor, Ask(field_.noun, field_.name, str(field_.data_class), exit_, institution))


def row(plans: Plans, document: Document) -> Row:
    """What this actor may see of a stored document.

    The record must already be within reach; a record that is not yields only withheld values.
    """
    noun, institution, id_ = plans.noun, document.get("institution"), str(document["_id"])
    # A page makes hundreds of them; called by its name, a named tuple takes half as long again.
    of, kind, made = document.get, Shown, tuple.__new__
    values = {
        name: made(kind, (field_, of(name), verdict))
        if whole
        else _show(plans, field_, verdict, of(name), id_)
        for name, field_, verdict, whole in plans.of(institution)
    }
    return Row(noun, id_, institution or "", document.get("revision", 0), values)


def _show(plans: Plans, field_: Field, verdict: Verdict, value: Any, id_: str) -> Shown:
    """What of a value that is not shown in full may be shown."""
    if _openable(plans, field_, verdict) and (field_.noun, id_, field_.name) in plans.actor.revealed:
        opened = Verdict(Effect.SHOW, "revealed", REVEALED, verdict.mask)
        return Shown(field_, value, opened)
    if verdict.effect is Effect.MASK:
        # guard: shown-masked
        return Shown(field_, masks.apply(verdict.mask, value), verdict)
    # guard: shown-withheld
    return Shown(field_, None, verdict)


def _openable(plans: Plans, field_: Field, verdict: Verdict) -> bool:
    # A reveal opens what is masked on the record's own page, never a list, an export or what is hidden.
    return (
        # guard: reveal-on-card-only
        plans.exit == "detail" and verdict.effect is Effect.MASK and field_.data_class is not DataClass.SECRET
    )


def abilities(actor: Actor, noun: str, institution: str, actions: Iterable[str]) -> dict[str, Verdict]:
    """Action → verdict, for the buttons of a screen."""
    return {action: may(actor, noun, action, institution) for action in actions}
