"""A value as one cell of an exported sheet: how each field is written is settled once, and then forty thousand times done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from gate.reading.shown import Row, Shown
from japanese.text import safe_cell
from models.declaration import Field
from models.vocabularies import terms
from policies.masks import HIDDEN
from words import day, t, w

Writer = Callable[[Row, Any], str]


def sheet_row(fields: Iterable[Field]) -> Callable[[Row], list[str]]:
    """What writes a row as its cells, formula-safe, in the reader's language."""
    writers = [(each.name, _writer(each)) for each in fields]
    withheld = t("非表示", "withheld")

    def write(row: Row) -> list[str]:
        values = row.values
        # guard: formula-safe
        return [safe_cell(_cell(row, values[name], writer, withheld)) for name, writer in writers]

    return write


def cell(row: Row, shown: Shown) -> str:
    """One value by itself."""
    return _cell(row, shown, _writer(shown.field), t("非表示", "withheld"))


def _cell(row: Row, shown: Shown, writer: Writer, withheld: str) -> str:
    """A withheld value says so, because an empty cell means no data."""
    if shown.verdict.shown:
        value = shown.value
        return "" if value is None or value == "" else writer(row, value)
    return str(shown.value or HIDDEN) if shown.state == "masked" else withheld


def _writer(field: Field) -> Writer:
    if field.declared.target:
        return _references(field.declared.target)
    if field.kind == "colleague":
        return lambda row, value: (
            row.references[f"user:{value}"].label if f"user:{value}" in row.references else ""
        )
    if field.kind == "parts":
        return _parts(field)
    if field.kind == "boolean":
        return lambda _row, value: w(field.answer(value)).lower()
    if field.declared.vocabulary:
        said = _terms(field)
        return lambda _row, value: said.get(value) or readable(field, value)
    return lambda _row, value: _text(field, value)


def _text(field: Field, value: Any) -> str:
    if type(value) is str:
        return value if field.kind not in ("lines", "networks", "minute") else readable(field, value)
    return day(value) if isinstance(value, datetime) else readable(field, value)


def _references(target: str) -> Writer:
    def write(row: Row, value: Any) -> str:
        keys = value if isinstance(value, list) else [value]
        return " / ".join(each.label for key in keys if (each := row.references.get(f"{target}:{key}")))

    return write


def _parts(field: Field) -> Writer:
    subs = [(sub.name, _terms(sub)) for sub in field.parts if sub.kind != "system"]

    def write(_row: Row, value: Any) -> str:
        lines = (
            " ".join(said.get(part[name]) or str(part[name]) for name, said in subs if part.get(name))
            for part in value
        )
        return " / ".join(lines)

    return write


def _terms(field: Field) -> dict[str, str]:
    return (
        {code: w(words) for code, words in terms(field.declared.vocabulary).items()}
        if field.declared.vocabulary
        else {}
    )


def part_line(field: Field, row: Mapping[str, Any] | None) -> str:
    """One row of a part as a line; empty when there is none."""
    subs = [each for each in field.parts if each.kind != "system"]
    return " ".join(each for sub in subs if (each := readable(sub, (row or {}).get(sub.name))))


def readable(field: Field, value: Any) -> str:
    """A typed or stored value as one line of text, to lay side by side."""
    if field.kind == "boolean":
        return w(field.answer(value))
    if value in (None, "", []):
        return ""
    if field.kind == "period":
        return str(value.get("text") or "") if isinstance(value, dict) else str(value)
    if field.kind == "parts":
        return " / ".join(line for row in value if (line := part_line(field, row)))
    if field.kind in ("lines", "networks") and isinstance(value, str):
        return " / ".join(value.split("\n"))
    if isinstance(value, list):
        return " / ".join(str(each) for each in value)
    if field.declared.vocabulary and value in terms(field.declared.vocabulary):
        return w(terms(field.declared.vocabulary)[value])
    return str(value).replace("T", " ") if field.kind == "minute" else str(value)
