"""Two people saved: the second sees both, field by field, chooses, and loses nothing."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict

from gate.refusals import Conflict
from models.declaration import Field, Noun
from models.vocabularies import terms
from views.words import w


def chosen(values: dict[str, Any], form: MultiDict[str, str]) -> dict[str, Any]:
    """What to save after a conflict: the fields for which "theirs" was chosen are left as they stand."""
    return {name: value for name, value in values.items() if form.get(f"keep.{name}") != "theirs"}


def conflict_page(noun: Noun, id_: str, mine: dict[str, Any], conflict: Conflict) -> str:
    """Mine beside theirs for each field that differs; withheld ones that others changed are only named."""
    theirs = conflict.theirs
    fields = [
        {
            "name": name,
            "label": w(noun.fields[name].label),
            "mine": readable(noun.fields[name], value),
            "theirs": theirs[name],
            "by_them": name in conflict.changed,
        }
        for name, value in mine.items()
        if name in theirs.values
        and readable(noun.fields[name], value) != readable(noun.fields[name], theirs[name].value)
    ]
    withheld = [
        w(noun.fields[name].label)
        for name in sorted(conflict.changed)
        if name in theirs.values and theirs[name].state != "shown"
    ]
    resent = [(name, value) for name, value in request.form.items(multi=True) if _resent(name)]
    return render_template(
        "conflict.html",
        noun=noun,
        row=theirs,
        fields=fields,
        withheld=withheld,
        hidden=resent,
        revision=theirs.revision,
        action=url_for(f"{noun.name}.edit_view", id=id_),
        cancel_url=url_for(f"{noun.name}.details_view", id=id_),
    )


def _resent(name: str) -> bool:
    return name not in ("csrf_token", "revision", "_next") and not name.startswith("keep.")


def readable(field: Field, value: Any) -> str:
    """A typed or stored value as one line of text, to lay side by side."""
    if value in (None, "", []):
        return ""
    if field.kind == "period":
        return str(value.get("text") or "") if isinstance(value, dict) else str(value)
    if field.kind == "parts":
        names = [each.name for each in field.parts if each.kind != "system"]
        rows = [" ".join(str(row.get(name) or "") for name in names).strip() for row in value]
        return " / ".join(row for row in rows if row)
    if field.kind == "lines" and isinstance(value, str):
        return " / ".join(value.split("\n"))
    if isinstance(value, list):
        return " / ".join(str(each) for each in value)
    if field.declared.vocabulary and value in terms(field.declared.vocabulary):
        return w(terms(field.declared.vocabulary)[value])
    return str(value)
