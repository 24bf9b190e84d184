"""References: another record shows of itself only what this actor may see of it, wherever it is named."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from gate.reading.judging import Plans, judged
from gate.reading.names import name_accounts
from gate.reading.show import Act, show
from gate.reading.shown import Judged, Reference
from gate.store.collections import records_of
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

OWN_EXITS = ("export", "takeout", "api", "print")
"""Exits by which a record leaves with its name; by any other it is only named to choose from, or to follow."""


def resolve(actor: Actor, records: list[Judged], exit_: str = "choice") -> list[Judged]:
    """Give the records the labels of all that they refer to: one query for each noun referred to, none for each record.

    `exit_`: by which exit they leave; a donor whom an export masks is masked where an exported item names him.
    """
    name_accounts(actor, records)
    asked = [_keys(each, exit_) for each in records]
    wanted: dict[str, set[Any]] = {}
    for keys in asked:
        for noun, key in keys:
            wanted.setdefault(noun, set()).add(key)
    if wanted:
        found = {noun: label(actor, NOUNS[noun], keys, exit_) for noun, keys in wanted.items()}
        for each, keys in zip(records, asked, strict=True):
            each.references.update((f"{noun}:{key}", found[noun][str(key)]) for noun, key in keys)
    return records


def _keys(of: Judged, exit_: str) -> list[tuple[str, Any]]:
    """Noun and id of all that a record refers to where it is shown."""
    keys: list[tuple[str, Any]] = []
    for name, target in _targets(of.noun.name):
        # A list names the row's institution as the frame does, which every signed-in person sees.
        if name not in of.values or (exit_ == "list" and name == "institution"):
            continue
        _, value, verdict = of.values[name]
        if verdict.shown and value not in (None, ""):
            keys += [(target, key) for key in (value if isinstance(value, list) else [value])]
    return keys


@cache
def _targets(noun: str) -> tuple[tuple[str, str], ...]:
    """The fields that refer to another record, each with the noun that it refers to."""
    return tuple((each.name, each.declared.target) for each in NOUNS[noun] if each.declared.target)


def label(actor: Actor, noun: Noun, keys: Iterable[Any], exit_: str = "choice") -> dict[str, Reference]:
    """Id → what may be said of each record; a removed one and one out of reach say only that much.

    Raises:
        LedgerClosed: the disclosure of their names could not be written.
    """
    asked = list(keys)
    projection = {name: 1 for name in (*noun.naming, "institution", "revision")}
    documents = records_of(noun).find({"_id": {"$in": asked}}, projection).to_list()
    plans = Plans(actor, noun, "choice", noun.naming, leaves=exit_)
    found: dict[str, Reference] = {}
    readable: list[Judged] = []
    action = "api" if exit_ == "api" else "read"
    for document in documents:
        institution, id_ = document.get("institution"), str(document["_id"])
        if institution is None:
            continue
        # guard: reference-readable
        if may(actor, noun.name, action, institution):
            readable.append(judged(plans, document))
        else:
            found[id_] = Reference.withheld(noun, id_)
    act = Act(actor, noun, exit_ if exit_ in OWN_EXITS else "choice", "list_page")
    found |= {row.id: Reference.to(row) for row in show(act, readable)}
    return found | {id_: Reference.gone(noun, id_) for id_ in map(str, asked) if id_ not in found}
