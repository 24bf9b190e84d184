"""What a new record's form begins with: the declared defaults, the state of entry, pinned fields, or a whole copy.

The address names a record and fields, and never a value (law 5): what is carried over is read again through the gate.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request

from gate.fields.kinds import kind_of
from gate.forms.last_made import last_made
from gate.reading.loading import load
from gate.refusals import NotFound, Refused
from models.declaration import Field, Noun
from models.registry import NOUNS
from views.records.form.form_values import UNCONFIRMED
from views.requests.current_actor import actor
from workflows.engine.registry import workflows_of

PINS_AT_MOST = 40


def defaults_of(noun: Noun, fields: Iterable[Field]) -> dict[str, Any]:
    """The declared defaults, and the state in which a record begins that is entered by a form."""
    found = {each.name: each.default() if callable(each.default) else each.default for each in fields}
    for workflow in workflows_of(noun.name):
        if workflow.entered and workflow.state_field in found:
            found[workflow.state_field] = workflow.entered
    return found


def pinned() -> list[str]:
    """The fields that are kept for the next record."""
    asked = request.form.getlist("_pin") if request.method == "POST" else request.args.getlist("pin")
    return list(dict.fromkeys(asked))[:PINS_AT_MOST]


def carried(noun: Noun, fields: list[Field]) -> dict[str, Any]:
    """What is taken over from the record that the address names: the pinned fields, or all that may be copied.

    Raises:
        NotFound, Refused: a copy is asked for of a record that this person may not open in a form.
    """
    source, names = request.args.get("from", ""), set(pinned())
    whole = bool(request.args.get("copy"))
    if whole:
        names |= {each.name for each in fields} - own_of_each(noun)
    names -= {noun.number}
    if not source or not names & {each.name for each in fields}:
        return {}
    try:
        row = load(actor(), noun, source, exit_="form")
    except (NotFound, Refused):
        if whole:
            raise
        return {}  # removed meanwhile: the next card begins without it
    # A reading that nobody has confirmed is proposed again; a copy confirms nothing.
    marked = row.values[UNCONFIRMED].value if UNCONFIRMED in row.values else None
    names -= set(marked or ())
    shown = ((each.name, row.values.get(each.name)) for each in fields if each.name in names)
    return {name: _without_ids(each.value) for name, each in shown if each and each.state == "shown"}


def own_of_each(noun: Noun) -> set[str]:
    """The fields that no copy takes over: the number, what a workflow writes, and pictures of the object itself."""
    written = {noun.number}
    for workflow in workflows_of(noun.name):
        written |= {workflow.state_field, *(name for act in workflow.acts for name in act.fields)}
    return written | {each.name for each in noun if each.is_picture or _names_pictures(each)}


def copied_from(noun: Noun, institution: str) -> str:
    """The id of the record before this one: the one that was just saved, or this person's newest; "" of none."""
    return request.args.get("from") or last_made(actor(), noun, institution) or ""


def _names_pictures(field: Field) -> bool:
    return bool(field.declared.target and NOUNS[field.declared.target].picture and kind_of(field).several)


def _without_ids(value: Any) -> Any:
    """Rows of another record are new rows here."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{name: each[name] for name in each if name != "id"} for each in value]
    return value
