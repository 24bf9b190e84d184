"""The one validator: forms, bulk and API give it what was typed, and get what may be stored, or what is wrong.

It takes text as a form or a spreadsheet gives it, or values already of the right type, and never an operator:
a mapping where text belongs is an error, not a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as Names
from functools import cache
from typing import Any

from gate.fields.kinds.kind import NO_FIELD, kind_of
from gate.fields.size_rows import rows_as_written
from gate.fields.typed_text import Wrong
from gate.store.clock import today
from models.data_classes import PERSONAL, Words
from models.declaration import Field, Noun
from models.registry import NOUNS, fields_of

REQUIRED: Words = ("入力してください。", "This is required.")
FUTURE: Words = ("先の日付です。年を確かめてください。", "This day is in the future; check the year.")


def clean(
    noun: Noun, values: Mapping[str, Any], institution: str = ""
) -> tuple[dict[str, Any], dict[str, Words]]:
    """What may be stored of the given values, and what is wrong with the rest.

    Args:
        noun: the kind of record.
        values: field name → as typed. Fields that are not given are not looked at.
        institution: whose record it is; "" where it is not known yet.

    Returns:
        (field → value to store; None clears), (field → message). A field stands in one of the two.
    """
    kept: dict[str, Any] = {}
    wrong: dict[str, Words] = {}
    fields = fields_of(noun, institution)
    for name, raw in values.items():
        field = fields.get(name)
        if field is None or field.declared.kept_by_system:
            wrong[name] = NO_FIELD
            continue
        try:
            kept[name] = clean_field(field, raw)
        except Wrong as error:
            # A personal value stands in no message (law 5); the form shows it in its box.
            wrong[name] = error.words if field.data_class in PERSONAL else error.named
    for field in _written(noun.name):
        written = kept.get(field.declared.written_in)
        if written and field.name not in values and (rows := rows_as_written(written)):
            kept[field.name] = clean_field(field, rows)
    return kept, wrong


def clean_field(field: Field, raw: Any) -> Any:
    """One field's value to store; None when empty.

    Raises:
        Wrong: with what is wrong and what to do.
    """
    kind = kind_of(field)
    value = kind.read(field, raw)
    if field.required and value in (None, "", []) and not kind.proposed:
        raise Wrong(REQUIRED)
    return value


def missing(noun: Noun, document: Mapping[str, Any]) -> dict[str, Words]:
    """Required fields that a whole document lacks."""
    return {name: REQUIRED for name in _required(noun.name) if document.get(name) in (None, "", [])}


def contradicting_days(noun: Noun, document: Mapping[str, Any], names: Names[str]) -> dict[str, Words]:
    """The days of a whole document that cannot be true, as far as one of `names` has to do with it.

    What stood there before and nobody touches is left: a record must stay editable.
    """
    wrong: dict[str, Words] = {}
    for field in _ruled(noun.name):
        value, earlier = document.get(field.name), field.declared.not_before
        if not value or names.isdisjoint({field.name, earlier}):
            continue
        if field.declared.in_past and value > today().isoformat():
            wrong[field.name] = FUTURE
        elif earlier and document.get(earlier) and value < document[earlier]:
            ja, en = noun.fields[earlier].label
            wrong[field.name] = (
                f"「{ja}」より前の日です。どちらかを直してください。",
                f"This is before “{en}”; correct one of the two.",
            )
    return wrong


@cache
def _ruled(noun: str) -> tuple[Field, ...]:
    return tuple(each for each in NOUNS[noun] if each.declared.in_past or each.declared.not_before)


@cache
def _written(noun: str) -> tuple[Field, ...]:
    """The fields of rows that can be read from the text that they are written in."""
    return tuple(field for field in NOUNS[noun] if field.declared.written_in)


@cache
def _required(noun: str) -> tuple[str, ...]:
    return tuple(field.name for field in NOUNS[noun] if field.required and not field.is_system)
