"""Declarations and verdicts turned into the inputs of a form: an input where the field may be edited, its shown
form where it may be seen, and no value at all where it is withheld."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, url_for

from gate.fields.kinds.kind import KINDS, Control, kind_of
from gate.reading.names import colleagues
from gate.reading.shown import Reference, Row, Shown
from models.data_classes import Words
from models.declaration import Field
from models.registry import NOUNS, fields_of
from policies.actor import Actor
from policies.verdict import reach
from views.records.form.references import Offered, chosen, matches, said_of, unsettled
from words import w


@dataclass(frozen=True)
class FormField:
    """One input, or one value that this person may only read; see form.html."""

    name: str
    label: Words
    kind: str
    control: Control
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
    declared = fields_of(NOUNS[declared.noun], home)[declared.name] if home else declared
    kind = kind_of(declared)
    editable = shown is None or shown.editable
    target = declared.declared.target
    references = chosen(who, declared, row, value) if target and editable else []
    unknown = unsettled(declared, references, value) if target and editable else ""
    named = said_of(references[0], home) if references and not kind.several else ""
    return FormField(
        name=declared.name,
        label=declared.label,
        kind=kind.name,
        control=kind.control,
        help=declared.declared.help,
        required=declared.required and not kind.proposed,
        value=kind.as_input(declared, value) if editable else None,
        options=options(who, declared, value) if editable else [],
        errors=errors,
        shown=None if editable else shown,
        max_length=declared.max_length,
        unit=declared.declared.unit,
        lookup_url=_lookup(who, target) if target else None,
        parts=[form_field(who, each, None, None, each.default, []) for each in declared.columns],
        references=references or _named_in(row, declared),
        home=home,
        words=unknown or named,
        unsettled=bool(unknown),
        matches=matches(who, declared, unknown, home) if unknown and errors else [],
    )


def check_controls(app: Flask) -> None:
    """Check that a form can draw the control of every kind of field.

    Raises:
        RuntimeError: names the kind and its control.
    """
    drawn = app.jinja_env.get_template("records/macros/form.html").module
    controls: list[str] = vars(drawn)["DRAWN"]
    if lost := sorted(
        f"{kind.name}: {kind.control.name!r}" for kind in KINDS.values() if kind.control.name not in controls
    ):
        raise RuntimeError(
            f"no form draws the control of a kind of field ({', '.join(lost)}): "
            "add it to CONTROLS in views/records/templates/macros/controls.html"
        )


def options(who: Actor, declared: Field, value: Any = None) -> list[tuple[str, str]]:
    """The terms of a choice in the reader's language, the answers of a boolean, or the colleagues to choose from.

    `value`: what the record has; it stays to be chosen where it is a term that is retired.
    """
    kind = kind_of(declared)
    if kind.chosen_account:
        return list(colleagues(who, declared).items())
    known = kind.options(declared)
    if kind.has_terms and value and value not in known and (borne := kind.filters(declared).get(value)):
        known = {**known, value: borne}
    return [(code, w(words)) for code, words in known.items()]


def _lookup(who: Actor, target: str) -> str | None:
    return url_for(f"{target}.choices_view") if reach(who, target, "read") else None


def _named_in(row: Row | None, declared: Field) -> list[Reference]:
    """The colleague whom a record names, who may no longer be among those to choose from."""
    if row is None or not kind_of(declared).chosen_account or declared.name not in row.values:
        return []
    named = str(row[declared.name].value)
    return [each for each in row.references.values() if each.id == named]
