"""Two people saved: the second sees both and what was before, field by field, chooses, and loses nothing.

Rows of a part are matched by their id, so that two people may change different rows of one record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict

from gate.fields.kinds import kind_of
from gate.fields.kinds.rows import row_line
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from gate.reading.names import names_of
from gate.reading.references import label
from gate.reading.shown import Row
from gate.refusals import Conflict
from models.declaration import Field, Noun
from models.registry import NOUNS
from views.requests.current_actor import actor
from words import t, w

Form = MultiDict[str, str]
Part = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """One thing to choose: a field, or one row of a field of rows; `kept` is what is ticked beforehand."""

    name: str
    label: str
    mine: str
    theirs: str
    before: str | None
    by_them: bool
    kept: str


def chosen(values: dict[str, Any], form: Form, row: Row) -> dict[str, Any]:
    """What to save after a conflict: the fields for which "theirs" was chosen are left as they stand."""
    found = {}
    for name, value in values.items():
        if kind_of(row[name].field).by_rows and any(each.startswith(f"keep.{name}.") for each in form):
            found[name] = _joined(name, value, row[name].value or [], form)
        elif form.get(f"keep.{name}") != "theirs":
            found[name] = value
    return found


def _joined(
    name: str, mine: list[dict[str, Any]], theirs: list[dict[str, Any]], form: Form
) -> list[dict[str, Any]]:
    """My rows with theirs in the place of those for which theirs was chosen; new rows of both stay."""
    stored = {str(each["id"]): each for each in theirs}
    rows = []
    for each in mine:
        if form.get(f"keep.{name}.{each.get('id')}") != "theirs":
            rows.append(each)
        elif each.get("id") in stored:
            rows.append(stored[each["id"]])
    have = {each.get("id") for each in mine}
    return rows + [
        each for id_, each in stored.items() if id_ not in have and form.get(f"keep.{name}.{id_}") != "mine"
    ]


def conflict_page(noun: Noun, id_: str, mine: dict[str, Any], conflict: Conflict) -> str:
    """Mine beside theirs for whatever differs; withheld fields that others changed are only named."""
    theirs, before = conflict.theirs, conflict.before
    shown = {name: value for name, value in mine.items() if name in theirs.values}
    sides = [
        side
        for name, value in shown.items()
        for side in _sides(
            noun.fields[name], value, theirs[name].value, _was(before, name), name in conflict.changed
        )
    ]
    withheld = [
        w(noun.fields[name].label)
        for name in sorted(conflict.changed)
        if name in theirs.values and theirs[name].state != "shown"
    ]
    resent = [(name, value) for name, value in request.form.items(multi=True) if _resent(name)]
    return render_template(
        "records/conflict.html",
        noun=noun,
        row=theirs,
        fields=sides,
        withheld=withheld,
        hidden=resent,
        revision=theirs.revision,
        action=url_for(f"{noun.name}.edit_view", id=id_),
        cancel_url=url_for(f"{noun.name}.details_view", id=id_),
    )


def _was(before: Row | None, name: str) -> tuple[Any] | None:
    """The value before, where this person may see it in the record's history."""
    if before is None or name not in before.values or before[name].state != "shown":
        return None
    return (before[name].value,)


def _sides(field: Field, mine: Any, theirs: Any, before: tuple[Any] | None, by_them: bool) -> list[Side]:
    if kind_of(field).by_rows:
        return _row_sides(field, mine, theirs, before if by_them else (theirs,))
    mine = _as_stored(field, mine)
    if _readable(field, mine) == _readable(field, theirs):
        return []
    said, now = _value_text(field, mine), _value_text(field, theirs)
    was = None if before is None else _value_text(field, before[0])
    return [_side(field.name, w(field.label), said, now, was, by_them)]


def _as_stored(field: Field, typed: Any) -> Any:
    """As it would be stored, so that a difference of typing alone is no conflict; as typed where it cannot be read."""
    try:
        return clean_field(field, typed)
    except Wrong:
        return typed


def _readable(field: Field, value: Any) -> str:
    return kind_of(field).text(field, value, w)


def _value_text(field: Field, value: Any) -> str:
    """Write a value as text; for other records, the names that this person may see."""
    if kind_of(field).chosen_account and value:
        return names_of(actor(), [value])[str(value)]
    if not field.declared.target or value in (None, "", []):
        return _readable(field, value)
    keys = value if isinstance(value, list) else [value]
    found = label(actor(), NOUNS[field.declared.target], keys)
    return " / ".join(found[str(key)].label for key in keys)


def _row_sides(field: Field, mine: Any, theirs: Any, before: tuple[Any] | None) -> list[Side]:
    ours, now, was = _by_id(mine), _by_id(theirs), _by_id(before[0]) if before else None
    sides = []
    for at, id_ in enumerate([*now, *(each for each in ours if each not in now)]):
        said, standing = (row_line(field, rows.get(id_), w) for rows in (ours, now))
        if said == standing:
            continue
        old = None if was is None else row_line(field, was.get(id_), w)
        name = t(f"{field.label[0]} {at + 1}行目", f"{field.label[1]}, row {at + 1}")
        by_them = old is None or standing != old
        sides.append(_side(f"{field.name}.{id_}", name, said, standing, old, by_them))
    return sides


def _side(name: str, label: str, mine: str, theirs: str, before: str | None, by_them: bool) -> Side:
    kept = request.form.get(f"keep.{name}", "")
    if not kept and not by_them:
        kept = "mine"
    if not kept and before is not None and mine == before:
        kept = "theirs"  # only they changed it
    return Side(name, label, mine, theirs, before, by_them, kept)


def _by_id(rows: Any) -> dict[str, Part]:
    """Rows by their id; those just typed have none yet, and are nobody else's."""
    return {str(each["id"]): each for each in rows or [] if each.get("id")}


def _resent(name: str) -> bool:
    return name not in ("csrf_token", "revision", "_next") and not name.startswith("keep.")
