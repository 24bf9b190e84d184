"""How a form is laid out: the paper card's fields in their order, and the rest by sections behind 「詳しく」."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from gate.forms.card_layouts import card_for, cards_of
from gate.reading.shown import Row
from models.declaration import Noun
from views.records.form.beginnings import own_of_each
from views.records.form.form_fields import FormField
from words import w

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Layout:
    """Where each field stands."""

    card: list[FormField] = field(default_factory=list)
    """One column; empty where the noun has no card."""
    sections: list[tuple[str, list[FormField]]] = field(default_factory=list)
    """The rest: label and fields."""
    opened: bool = True
    """Whether the rest is open when the page comes: it holds an error, or a value."""
    by_term: str = ""
    """Of each term with a card of its own, its fields (JSON): the script moves them when another term is chosen."""
    chosen_by: str = ""
    """The field that tells the term."""


def laid_out(
    noun: Noun, institution: str, row: Row | None, inputs: list[FormField], values: dict[str, Any]
) -> Layout:
    """Lay out the inputs of a form.

    Args:
        values: what the inputs hold, to know the term by which the card is chosen.
    """
    cards = cards_of(noun, institution)
    by_name = {each.name: each for each in inputs}
    if not cards:
        return Layout(sections=_sections(noun, by_name, frozenset()))
    term = values.get(
        noun.card_by, row.values[noun.card_by].value if row and noun.card_by in row.values else None
    )
    names = card_for(noun, cards, term)
    card = [by_name[each] for each in names if each in by_name]
    rest = [each for each in inputs if each.name not in names]
    return Layout(
        card,
        _sections(noun, by_name, frozenset(names)),
        opened=any(each.errors or _differs(noun, each) for each in rest),
        by_term=json.dumps(cards) if len(cards) > 1 else "",
        chosen_by=noun.card_by,
    )


def _differs(noun: Noun, each: FormField) -> bool:
    """Whether it holds something that a new record does not hold by itself."""
    if each.shown is not None or each.name in own_of_each(noun):
        return False
    declared = noun.fields[each.name]
    default = declared.default() if callable(declared.default) else declared.default
    value = each.value
    if isinstance(value, dict):
        return any(value.get(name) not in EMPTY for name in ("text", "earliest", "latest"))
    return value not in EMPTY and value != ("" if default is None else str(default))


def _sections(
    noun: Noun, inputs: dict[str, FormField], taken: frozenset[str]
) -> list[tuple[str, list[FormField]]]:
    found = [
        (
            w(section.label),
            [
                inputs[each.name]
                for each in noun
                if each.declared.section == section.name and each.name in inputs and each.name not in taken
            ],
        )
        for section in noun.sections
    ]
    return [(label, fields) for label, fields in found if fields]
