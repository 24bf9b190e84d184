"""References: another record shows of itself only what this actor may see of it, wherever it is named."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from audit.disclosures import disclose
from gate.fields.kinds.kind import UNNAMED
from gate.reading.names import named
from gate.reading.shown import Plans, Reference, Row, row
from gate.store.collections import records_of
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

GONE: Words = ("削除済みの記録", "(removed record)")
WITHHELD = UNNAMED


def resolve(actor: Actor, rows: list[Row], exit_: str = "choice") -> list[Row]:
    """Give the rows the labels of all that they refer to: one query for each noun referred to, none for each row.

    `exit_`: by which exit the rows leave; a donor whom an export masks is masked where an exported item names him.
    """
    rows = named(actor, rows)
    asked = [_keys(each, exit_) for each in rows]
    wanted: dict[str, set[Any]] = {}
    for keys in asked:
        for noun, key in keys:
            wanted.setdefault(noun, set()).add(key)
    if not wanted:
        return rows
    found = {noun: label(actor, NOUNS[noun], keys, exit_) for noun, keys in wanted.items()}
    for each, keys in zip(rows, asked, strict=True):
        each.references.update((f"{noun}:{key}", found[noun][str(key)]) for noun, key in keys)
    return rows


def _keys(of: Row, exit_: str) -> list[tuple[str, Any]]:
    """Noun and id of all that a row refers to where it is shown."""
    keys: list[tuple[str, Any]] = []
    for name, target in _targets(of.noun.name):
        shown = of.values.get(name)
        # A list names the row's institution as the frame does, which every signed-in person sees.
        if shown is None or shown.value in (None, "") or (exit_ == "list" and name == "institution"):
            continue
        if shown.verdict.shown:
            keys += [
                (target, key) for key in (shown.value if isinstance(shown.value, list) else [shown.value])
            ]
    return keys


@cache
def _targets(noun: str) -> tuple[tuple[str, str], ...]:
    """The fields that refer to another record, each with the noun that it refers to."""
    return tuple((each.name, each.declared.target) for each in NOUNS[noun] if each.declared.target)


def label(actor: Actor, noun: Noun, keys: Iterable[Any], exit_: str = "choice") -> dict[str, Reference]:
    """Id → what may be said of each record; a removed one and one out of reach say only that much."""
    asked = list(keys)
    projection = {name: 1 for name in (*noun.naming, "institution", "revision")}
    documents = records_of(noun).find({"_id": {"$in": asked}}, projection).to_list()
    plans = Plans(actor, noun, "choice", noun.naming, leaves=exit_)
    found: dict[str, Reference] = {}
    told: dict[str, set[str]] = {}
    action = "api" if exit_ == "api" else "read"
    for document in documents:
        institution = document.get("institution")
        if institution is None:
            continue
        seen = row(plans, document)
        readable = bool(may(actor, noun.name, action, institution))
        # guard: reference-readable
        name = _name(seen) if readable else WITHHELD
        found[seen.id] = Reference(noun.name, seen.id, name, readable, institution if readable else "")
        if readable and (fields := seen.discloses()):
            told[seen.id] = fields
    for id_ in map(str, asked):
        if id_ not in found:
            found[id_] = Reference(noun.name, id_, GONE[0], open=False)
    if told:
        disclose(
            actor=actor.user,
            institution=actor.institution,
            noun=noun.name,
            exit_=exit_ if exit_ in ("export", "takeout", "api", "print") else "choice",
            breadth="list_page",
            subjects=told,
            fields=set().union(*told.values()),
        )
    return found


def _name(of: Row) -> str:
    said = of.label
    return said if said != of.id else WITHHELD
