"""Declarations and verdicts turned into the inputs of a form: an input where the field may be edited, its shown
form where it may be seen, and no value at all where it is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request, url_for

from gate.fields.kinds.kind import KINDS, Control, kind_of
from gate.forms.aids import explain_typed, is_aided
from gate.reading.names import colleagues
from gate.reading.shown import Reference, Row, Shown
from models.data_classes import Words
from models.declaration import Field
from models.registry import NOUNS, fields_of
from policies.actor import Actor
from policies.verdict import reach
from views.records.form.aids import aid_text, understood
from views.records.form.form_values import UNCONFIRMED, is_markable
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
    create_url: str = ""
    """Where a record to refer to is made without leaving the form."""
    aided: bool = False
    """Whether something is said of its text while one types."""
    understood: str = ""
    """How a stored text is understood."""
    proposed: str = ""
    """Of a reading: the text that a machine proposed and nobody has confirmed yet."""
    markable: bool = False
    """Whether it is a reading whose confirmation is kept."""
    pinned: bool | None = None
    """Whether it is kept for the next record; None where it cannot be."""
    half: bool = False
    """Whether it shares its line with the other part of a person's name."""
    stem: str = "f-"
    """What the ids of its inputs begin with: a page with a drawer holds two forms."""


def form_field(
    who: Actor,
    declared: Field,
    shown: Shown | None,
    row: Row | None,
    value: Any,
    errors: list[str],
    home: str = "",
    pins: frozenset[str] | None = None,
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
        pins: in a new record's form, the fields that are kept for the next one.
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
        create_url=_made_at(who, target, home) if target and editable else "",
        aided=editable and is_aided(declared),
        understood=_understood(who, declared, row, value, home) if editable else "",
        proposed=_proposed(declared, row, value) if editable else "",
        markable=editable and is_markable(declared),
        pinned=None if pins is None or kind.proposed or declared.is_picture else declared.name in pins,
        half=_is_part_of_name(declared),
        stem="d-" if "_drawer" in request.values else "f-",
    )


def _is_part_of_name(declared: Field) -> bool:
    """Whether it is the family or the given name of a person who has both, or the reading of one."""
    fields = NOUNS[declared.noun].fields.values()
    pairs = [
        (each.name, each.declared.given_name)
        for each in fields
        if each.declared.given_name not in ("", each.name)
    ]
    parts = {name for pair in pairs for name in pair}
    return bool(parts) and (
        declared.name in parts
        or any(each.declared.fills == declared.name for each in fields if each.name in parts)
    )


def _made_at(who: Actor, target: str, home: str) -> str:
    """Where a record to refer to is made; "" where this person may make none there, or it needs a page of its own."""
    noun = NOUNS[target]
    if noun.is_institution or noun.picture or home not in reach(who, target, "create"):
        return ""
    return url_for(f"{target}.create_view", institution=home, _drawer="1")


def _understood(who: Actor, declared: Field, row: Row | None, value: Any, home: str) -> str:
    """How a date or a text of sizes is understood: the interval that is stored, or that of what was typed."""
    if not is_aided(declared) or declared.declared.fills or value in (None, "", {}):
        return ""
    if isinstance(value, Mapping):
        if row is not None and value.get("earliest") is not None and not request.form:
            return understood(declared, row[declared.name].value)
        value = value.get("text")
    return aid_text(explain_typed(who, NOUNS[declared.noun], declared, str(value or ""), home))


def _proposed(declared: Field, row: Row | None, value: Any) -> str:
    """The proposal that a field holds: as the form told it, or as it is stored."""
    if not is_markable(declared):
        return ""
    told = request.form.get(f"{declared.name}.proposed")
    if told is not None:
        return "" if request.form.get(f"{declared.name}.agreed") else told
    marked = row.values[UNCONFIRMED].value if row and UNCONFIRMED in row.values else None
    return str(value or "") if declared.name in (marked or ()) else ""


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
