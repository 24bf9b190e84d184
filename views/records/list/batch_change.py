"""Changing one field of many records: shown before and after, and then done to each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import render_template, request

from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from gate.lists.pending_changes import HOWS, FieldChange, changeable, keep_pending
from gate.reading.listing import export_rows
from gate.reading.questions import Question
from gate.reading.reference_matches import choices
from gate.reading.references import label
from gate.reading.shown import Row
from gate.refusals import BadQuestion
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may
from views.records.list.filters import list_to, list_url
from views.requests.current_actor import actor
from words import t, w

AT_MOST = 2_000
"""Records in one change."""
SHOWN = 50
"""Of those that change, so many are shown before and after."""


class Line(NamedTuple):
    """One record before and after."""

    label: str
    before: str
    after: str
    wrong: str


def rows_to_change(noun: Noun, question: Question, field: str) -> list[Row]:
    """The records that a question finds, each with the field's value and its name, as a list shows them.

    Raises:
        BadQuestion: there are none, or too many.
    """
    names = list(dict.fromkeys((*noun.naming, field)))
    rows: list[Row] = []
    for row in export_rows(actor(), noun, question, names, exit_="list"):
        rows.append(row)
        if len(rows) > AT_MOST:
            break
    if not 0 < len(rows) <= AT_MOST:
        raise BadQuestion(
            (f"1件から{AT_MOST:,}件までを選んでください。", f"Choose from 1 to {AT_MOST:,} records.")
        )
    return rows


def values_of(who: Actor, noun: Noun, field: str, ids: Sequence[str]) -> dict[str, Any]:
    """Record → the field's value as it stands now; those out of reach are left out."""
    question = Question(ids=tuple(ids))
    return {row.id: row[field].value for row in export_rows(who, noun, question, [field], exit_="list")}


def asked_change(noun: Noun) -> FieldChange:
    """The change that the form asks for; a reference is named by its number or name.

    Raises:
        BadQuestion: no such field or way, or nothing to replace or to set.
    """
    form, fields = request.form, {each.name: each for each in changeable(actor(), noun)}
    change = FieldChange(
        form.get("field", ""),
        form.get("how", ""),
        form.get("value", "").strip(),
        form.get("instead", "").strip(),
    )
    field = fields.get(change.field)
    if field is None or change.how not in HOWS or (change.how == "replace" and field.declared.target):
        raise BadQuestion((
            "変える項目と変え方を選んでください。", "Choose the field and how to change it.",
        ))  # fmt: skip
    if change.how != "clear" and not change.value:
        raise BadQuestion(("値を入力してください。", "Please give the value."))
    if change.how == "set" and field.declared.target:
        matched = choices(actor(), NOUNS[field.declared.target], change.value, limit=2)
        if len(matched) != 1:
            raise BadQuestion((
                f"「{change.value[:60]}」に当たる記録が一件に決まりません。番号で入れてください。",
                f"“{change.value[:60]}” names no single record; type its number.",
            ))  # fmt: skip
        return FieldChange(change.field, "set", matched[0].reference.id)
    return change


def preview(noun: Noun, change: FieldChange, question: Question) -> str:
    """The page that shows what would change, and keeps it for a yes."""
    field = noun.fields[change.field]
    rows = rows_to_change(noun, question, change.field)
    mine = [each for each in rows if may(actor(), noun.name, "edit", each.institution)]
    lines: list[Line] = []
    stands: list[tuple[str, int]] = []
    for row in mine:
        value = row[change.field].value
        after, wrong = _after(field, change.of(value))
        if after == (value or None):
            continue
        if not wrong:
            stands.append((row.id, row.revision))
        if len(lines) < SHOWN:
            lines.append(Line(row.label, _said(field, value), _said(field, after), wrong))
    return render_template(
        "records/batch_change.html",
        noun=noun,
        field=field,
        lines=lines,
        count=len(stands),
        unchanged=len(mine) - len(stands),
        refused=len(rows) - len(mine),
        id=keep_pending(actor(), noun, change, stands) if stands else "",
        batch_url=list_to(noun, "batch", request.args),
        back_url=list_url(noun, request.args),
    )


def _after(field: Field, typed: Any) -> tuple[Any, str]:
    """What would be stored, and what is wrong with it."""
    try:
        return clean_field(field, typed), ""
    except Wrong as error:
        return typed, w(error.words)


def _said(field: Field, value: Any) -> str:
    if not field.declared.target or not value:
        return kind_of(field).text(field, value, w)
    found = label(actor(), NOUNS[field.declared.target], [value])
    return next((each.label for each in found.values()), t("不明", "unknown"))
