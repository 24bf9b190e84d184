"""All roles side by side: what each class of a noun's data becomes by each exit, ceilings and masks applied."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.accounts import role_of
from gate.store.collections import records_of
from models.data_classes import DataClass
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.effects import Effect
from policies.exits import EXITS, NEEDS
from policies.verdict import Ask, granted, judge, reach

Line = tuple[DataClass, dict[str, list[Effect]]]


@dataclass(frozen=True)
class Seen:
    """A role's part of the matrix: for each class of the noun, exit → the effects that its fields have there."""

    id: str
    role: Role
    lines: list[Line]


def lines(role: Role, noun: Noun, scope: str) -> list[Line]:
    """Each class of a noun by each exit; several effects where its fields differ, the greatest first."""
    held = {field.data_class for field in noun if not field.is_system} - {DataClass.SECRET}
    return [
        (each, {exit_: effects(role, noun, each, exit_, scope) for exit_ in EXITS})
        for each in DataClass
        if each in held
    ]


def effects(role: Role, noun: Noun, data_class: DataClass, exit_: str, scope: str) -> list[Effect]:
    """What the fields of a class become by an exit: HIDE where the role is not granted what the exit needs."""
    if not granted(role, noun.name, "read", scope) or not granted(role, noun.name, NEEDS[exit_] or "", scope):
        return [Effect.HIDE]
    asks = (
        Ask(noun.name, field.name, str(data_class), exit_, "")
        for field in noun
        if field.data_class is data_class and not field.is_system
    )
    return sorted({judge(role, ask, scope).effect for ask in asks}, reverse=True)


def overview(actor: Actor, noun: Noun, scope: str) -> list[Seen]:
    """Every role that this actor may read, by its code."""
    within = reach(actor, "role", "read")
    found = records_of(NOUNS["role"]).find({"institution": {"$in": sorted(within)}}).sort("code", 1)
    roles = ((str(each["_id"]), role_of(each)) for each in found)
    return [Seen(id_, role, lines(role, noun, scope)) for id_, role in roles]
