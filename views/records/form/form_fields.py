"""Declarations and verdicts turned into the inputs of a form: an input where the field may be edited, its shown
form where it may be seen, and no value at all where it is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from gate.reading.names import colleagues
from gate.reading.shown import Reference, Row, Shown
from models.data_classes import Words
from models.declaration import Field
from models.vocabularies import terms
from policies.actor import Actor
from policies.verdict import reach
from views.records.form.form_values import bound_text
from views.records.form.references import Offered, chosen, matches, said_of, unsettled
from words import w


@dataclass(frozen=True)
class FormField:
    """One input, or one value that this person may only read; see form.html."""

    name: str
    label: Words
    kind: str
    help: Words
    required: bool
    value: Any
    options: list[tuple[str, str]]
    errors: list[str]
    shown: Shown | None
    max_length: int | None
    unit: Words
    lookup_url: str | None = None
    parts: list[FormField] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    home: str = ""
    """The institution whose record the form is for: its records are offered first."""
    words: str = ""
    """Of a reference: what stands in its box."""
    unsettled: bool = False
    """Whether those words name no record."""
    matches: list[Offered] = field(default_factory=list)
    """The records that they could mean."""


def form_field(
    who: Actor,
    declared: Field,
    shown: Shown | None,
    row: Row | None,
    value: Any,
    errors: list[str],
    home: str = "",
) -> FormField:
    """The input of a declared field.

    Args:
        who: for the labels of references.
        declared: the field.
        shown: its verdict and value on the record; None in a new record.
        row: the record, for labels already resolved.
        value: what was typed, or the stored value.
        errors: messages in the reader's language.
        home: the institution whose record it is.
    """
    editable = shown is None or shown.editable
    target = declared.declared.target
    references = chosen(who, declared, row, value) if target and editable else []
    unknown = unsettled(declared, references, value) if target and editable else ""
    named = said_of(references[0], home) if references and declared.kind == "reference" else ""
    return FormField(
        name=declared.name,
        label=declared.label,
        kind=declared.kind,
        help=declared.declared.help,
        required=declared.required and declared.kind != "number",
        value=_as_input(declared, value) if editable else None,
        options=options(who, declared) if editable else [],
        errors=errors,
        shown=None if editable else shown,
        max_length=declared.max_length,
        unit=declared.declared.unit,
        lookup_url=_lookup(who, target) if target else None,
        parts=[
            form_field(who, each, None, None, each.default, [])
            for each in declared.parts
            if each.kind != "system"
        ]
        if declared.kind in ("parts", "period")
        else [],
        references=references or _named_in(row, declared),
        home=home,
        words=unknown or named,
        unsettled=bool(unknown),
        matches=matches(who, declared, unknown, home) if unknown and errors else [],
    )


def options(who: Actor, declared: Field) -> list[tuple[str, str]]:
    """The terms of a choice in the reader's language, the answers of a boolean, or the colleagues to choose from."""
    if declared.kind == "boolean":
        return [("true", w(declared.answer(True))), ("false", w(declared.answer(False)))]
    if declared.kind == "colleague":
        return list(colleagues(who, declared).items())
    if declared.declared.vocabulary:
        return [(code, w(words)) for code, words in terms(declared.declared.vocabulary).items()]
    return []


def _lookup(who: Actor, target: str) -> str | None:
    return url_for(f"{target}.choices_view") if reach(who, target, "read") else None


def _as_input(declared: Field, value: Any) -> Any:
    if declared.kind == "period":
        given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        return {
            name: bound_text(each) if isinstance(each := given.get(name), int) else str(each or "")
            for name in ("text", "earliest", "latest", "certainty")
        }
    if declared.kind == "parts":
        return value if isinstance(value, list) else []
    if declared.kind in ("lines", "networks"):
        return "\n".join(value) if isinstance(value, list) else value or ""
    if declared.kind == "boolean":
        return value if isinstance(value, bool) else value not in (None, "", "false")
    if declared.kind == "references":
        return [str(each) for each in value or []]
    return "" if value is None else str(value)


def _named_in(row: Row | None, declared: Field) -> list[Reference]:
    """The colleague whom a record names, who may no longer be among those to choose from."""
    if row is None or declared.kind != "colleague" or declared.name not in row.values:
        return []
    named = str(row[declared.name].value)
    return [each for each in row.references.values() if each.id == named]
