"""What a form sent, read by declaration: field name → as typed. Whether it may be stored is the gate's to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from gate.fields.dates import bound_text
from gate.fields.kinds import kind_of
from gate.fields.size_rows import reread
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from gate.reading.as_text import canonical
from gate.reading.shown import Row
from gate.refusals import BadQuestion, Invalid
from gate.writing.patches import same
from gate.writing.permissions import editable
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor
from views.records.form.references import given

Form = MultiDict[str, str]
PERIOD = ("text", "earliest", "latest", "certainty")
MAX_ROWS = 100
UNCONFIRMED = "unconfirmed"
"""The field that names the readings that nobody has confirmed."""


def revision_from(form: Form) -> int:
    """The revision that the form was filled from.

    Raises:
        BadQuestion: it is missing or no number.
    """
    text = form.get("revision", "")
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadQuestion(
            ("画面を開き直して、もう一度お試しください。", "Open the page again and repeat it.")
        )
    return int(text)


def refuse_withheld(
    actor: Actor, noun: Noun, institution: str, fields: list[Field], names: Iterable[str]
) -> None:
    """Refuse what names a field that is not in this person's form: the form of before a change of rights, or none of ours.

    Args:
        fields: those that are.
        names: of all that the request sent; NAME.part and NAME-0.part are of the field NAME.

    Raises:
        Refused: a withheld field. BadQuestion: one that the system keeps.
    """
    sent = {re.split(r"[.-]", each, maxsplit=1)[0] for each in names} & set(noun.fields)
    others = sorted(sent - {each.name for each in fields} - {"revision"})
    try:
        # guard: write-withheld
        editable(actor, noun, institution, others)
    except Invalid as error:
        name = next(iter(error.errors))
        ja, en = noun.fields[name].label
        raise BadQuestion(
            (f"「{ja}」は入力できません。保存していません。", f"{en} cannot be entered; nothing was saved.")
        ) from error


def typed(fields: list[Field], form: Form, row: Row | None) -> dict[str, Any]:
    """The fields that the form held, as typed. A field that it did not hold is not among them, so not changed."""
    held = set(form.get("_fields", "").split(","))
    found = {
        each.name: _read(each, form, row)
        for each in fields
        if not each.is_picture and (each.name in held or each.name in form)
    }
    for each in fields:
        if each.declared.written_in in found and each.name in found:
            found[each.name] = _rows_of_text(each, found, row)
    return found


def is_markable(field: Field) -> bool:
    """Whether it is a reading of which is kept that nobody has confirmed it yet."""
    return field.is_reading and UNCONFIRMED in NOUNS[field.noun].fields


def proposed_readings(noun: Noun, form: Form, values: Mapping[str, Any]) -> dict[str, bool]:
    """Reading → whether it is still as a machine proposed it: another text, or a tick, is a person's word for it."""
    return {
        name: bool(value) and value == form.get(f"{name}.proposed") and not form.get(f"{name}.agreed")
        for name, value in values.items()
        if is_markable(noun.fields[name])
    }


def _rows_of_text(field: Field, found: Mapping[str, Any], row: Row | None) -> Any:
    """Where the text of sizes changed and the rows read from it did not, they are read again; else as they were typed."""
    written = field.declared.written_in
    before, stored = (
        row[name].value if row and name in row.values else None for name in (written, field.name)
    )
    text = str(found[written] or "")
    try:
        rows = clean_field(field, found[field.name])
    except Wrong:
        return found[field.name]
    if canonical(text) == canonical(str(before or "")) or not same(stored or [], rows):
        return found[field.name]
    again = reread(stored or [], str(before or ""), text)
    return found[field.name] if again is None else again


def _read(field: Field, form: Form, row: Row | None) -> Any:
    if field.is_written_date:
        return _period(field, form, row)
    if kind_of(field).by_rows:
        return _rows(field, form)
    if field.declared.target:
        return given(field, form)
    return form.get(field.name, "")


def _period(field: Field, form: Form, row: Row | None) -> dict[str, str]:
    """Where the words changed but the interval beside them did not, the interval is to be understood anew."""
    given = {name: form.get(f"{field.name}.{name}", "") for name in PERIOD}
    stored = _stored(field, row)
    if given["text"] != (stored.get("text") or "") and all(
        given[name] == bound_text(stored.get(name)) for name in ("earliest", "latest")
    ):
        return {"text": given["text"]}
    return given


def _stored(field: Field, row: Row | None) -> Mapping[str, Any]:
    value = row.values[field.name].value if row and field.name in row.values else None
    return value if isinstance(value, Mapping) else {}


def _rows(field: Field, form: Form) -> list[dict[str, str]]:
    """Rows are named NAME-<index>.<part>; the index only keeps a row together, each row has an id of its own."""
    pattern = re.compile(rf"{re.escape(field.name)}-(\d{{1,4}})\.(\w{{1,40}})")
    rows: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        if found := pattern.fullmatch(name):
            rows.setdefault(int(found[1]), {})[found[2]] = value
    if len(rows) > MAX_ROWS + 1:
        raise BadQuestion((f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} rows, please."))
    return [rows[index] for index in sorted(rows)]
