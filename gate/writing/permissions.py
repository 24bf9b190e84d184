"""What of a write is permitted: the fields that its actor may edit, and the records that it may refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from gate.fields.kinds import kind_of
from gate.reading.names import colleagues
from gate.reading.shown import verdict_on
from gate.refusals import Invalid, Refused
from gate.store.collections import records_of
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict, reach


class Memory:
    """What one batch of writes by one actor need not ask twice. It lives no longer than the batch (law 8)."""

    def __init__(self) -> None:
        self.verdicts: dict[tuple[str, str, str], Verdict] = {}
        """(noun, field, institution) → verdict."""
        self.reached: set[tuple[str, str, Any]] = set()
        """(noun, institution, id) of records found within reach."""


def editable(
    actor: Actor, noun: Noun, institution: str, names: Iterable[str], memory: Memory | None = None
) -> None:
    """Let pass a write of these fields to a record of this institution.

    Raises:
        Invalid: no such field, or one that the system keeps.
        Refused: a field that this actor may not edit there.
    """
    known = memory.verdicts if memory else {}
    for name in names:
        field = noun.fields.get(name)
        # guard: write-known-field
        if field is None or field.declared.kept_by_system:
            raise Invalid({name: ("この項目は入力できません。", "This field cannot be entered.")})
        if name == "institution":
            continue
        key = (noun.name, name, institution)
        verdict = known.get(key) or verdict_on(actor, field, "form", institution)
        # guard: write-edit-effect
        if verdict.effect is not Effect.EDIT:
            raise Refused(verdict, field=name)
        known[key] = verdict


def unreachable(
    actor: Actor, noun: Noun, institution: str, kept: Mapping[str, Any], memory: Memory | None = None
) -> dict[str, Words]:
    """References to what this actor cannot read, or that is not there: one answer for both."""
    known = memory.reached if memory else set()
    wrong: dict[str, Words] = {}
    for name, field in _pointing(noun.name):
        if (value := kept.get(name)) in (None, "", []):
            continue
        if kind_of(field).chosen_account and value not in colleagues(actor, field):
            wrong[name] = (
                "そのアカウントは選べません。一覧から選び直してください。",
                "That account cannot be chosen; choose again from the list.",
            )
        target = field.declared.target
        if not target:
            continue
        asked = {key for key in _as_list(value) if (target, institution, key) not in known}
        if asked and not _all_there(actor, target, institution, asked):
            wrong[name] = (
                "選んだ記録が見つかりません。選び直してください。",
                "The record was not found; choose again.",
            )
            continue
        known |= {(target, institution, key) for key in asked}
    return wrong


@cache
def _pointing(noun: str) -> tuple[tuple[str, Field], ...]:
    """The fields that name another record or a colleague; whose record it is, is asked with the action."""
    return tuple(
        (each.name, each)
        for each in NOUNS[noun]
        if kind_of(each).chosen_account or (each.declared.target and each.name != "institution")
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _all_there(actor: Actor, target: str, institution: str, keys: set[Any]) -> bool:
    within = reach(actor, target, "read") | ({institution} if target == "institution" else set())
    # guard: reference-within-reach
    asked = {"_id": {"$in": list(keys)}, "institution": {"$in": sorted(within)}}
    return records_of(NOUNS[target]).count_documents(asked) == len(keys)
