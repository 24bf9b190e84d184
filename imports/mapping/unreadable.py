"""What becomes of a row of which one cell cannot be read, as the mapping says for each field (law 9: it is told in any case).

`refuse` the row; leave the field empty and `list` it; or leave it empty and `keep` the cell, as written, in the notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gate.fields.kinds import kind_of
from imports.mapping.donor_rule import DonorRule
from imports.mapping.rules import Rule
from models.data_classes import DataClass, Words
from models.declaration import Field, Noun

REFUSE, LIST, KEEP = "refuse", "list", "keep"
NOTES = "notes"
"""The field that keeps what another could not."""
CHOICES: dict[str, Words] = {
    REFUSE: ("その行を登録しない", "Refuse the row"),
    LIST: ("空にして一覧に出す", "Leave empty and list"),
    KEEP: ("空にして備考に残す", "Leave empty, keep in the notes"),
}
_OPEN = (DataClass.PUBLIC, DataClass.INTERNAL)


def choices_of(noun: Noun, field: Field) -> list[str]:
    """What a mapping may say of this field.

    A required field is never left empty. The notes keep only what may be read by whoever reads them: neither contact data
    nor prices.
    """
    if field.required or field.name in (noun.number, NOTES):
        return [REFUSE]
    notes = noun.fields.get(NOTES)
    kept = notes is not None and field.data_class in (*_OPEN, notes.data_class)
    return [REFUSE, LIST, *([KEEP] if kept else [])]


def unreadable_of(noun: Noun, told: Any, rules: Mapping[str, Rule]) -> dict[str, str]:
    """Field → choice, as a mapping's file says it.

    Raises:
        ValueError: a field that no rule fills, or that may not be left empty; its name stands in the error.
    """
    if not isinstance(told, dict):
        raise TypeError("unreadable")
    for name, choice in told.items():
        if (
            name not in rules
            or isinstance(rules[name], DonorRule)
            or choice not in choices_of(noun, noun.fields[name])
        ):
            raise ValueError(f"unreadable: {name} = {choice}")
    return dict(told)


def proposed_choice(noun: Noun, field: Field) -> str:
    """What a first mapping says of a field: one cell that cannot be read is no reason to lose the record.

    Words of a vocabulary are decided one by one, and refused until then.
    """
    kind = kind_of(field)
    if kind.has_terms or kind.keeps_text or not choices_of(noun, field)[1:] or field.declared.target:
        return REFUSE
    return choices_of(noun, field)[-1]


def told_of(field: Field, choice: str, reason: Words) -> Words:
    """Why a cell could not be read, and what becomes of the field instead."""
    given = field.default not in (None, "", [])
    ja = "初期値で登録し" if given else "空にして登録し"
    en = "The field gets its default" if given else "The field is left empty"
    kept = (
        ("、セルは備考に残します。", ", and the notes keep the cell.") if choice == KEEP else ("ます。", ".")
    )
    return f"{reason[0]}{ja}{kept[0]}", f"{reason[1]} {en}{kept[1]}"
