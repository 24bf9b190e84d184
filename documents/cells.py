"""A value as one cell of an exported sheet: how each field is written is settled once, and then forty thousand times done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter

from gate.fields.kinds import Kind, kind_of
from gate.fields.kinds.kind import Say
from gate.reading.shown import Row, Shown
from japanese.text import formula_safe_cell
from models.declaration import Field
from policies.masks import HIDDEN
from words import language, t

Cell = str | int | float


def formula_safe_row(fields: Iterable[Field]) -> Callable[[Row], list[Cell]]:
    """What writes a row as its cells in the reader's language: numbers to count with as numbers, texts formula-safe."""
    kinds = [(each.name, kind_of(each)) for each in fields]
    say, withheld = _say(), t("非表示", "withheld")

    def write(row: Row) -> list[Cell]:
        values = row.values
        return [
            shown.value
            if kind.is_count and type((shown := values[name]).value) is int and shown.verdict.shown
            # guard: formula-safe
            else formula_safe_cell(_cell(row, values[name], kind, say, withheld))
            for name, kind in kinds
        ]

    return write


def cell(row: Row, shown: Shown) -> str:
    """One value by itself."""
    return _cell(row, shown, kind_of(shown.field), _say(), t("非表示", "withheld"))


def _say() -> Say:
    """The reader's language, asked for once."""
    return itemgetter(1 if language() == "en" else 0)


def _cell(row: Row, shown: Shown, kind: Kind, say: Say, withheld: str) -> str:
    """A withheld value says so, because an empty cell means no data."""
    field, value, verdict = shown
    if verdict.shown:
        return "" if value is None or value == "" else kind.exported(field, value, say, row.references)
    if shown.state != "masked":
        return withheld
    return HIDDEN if value is None else str(value)
