"""Sizes in columns of their own, as numbers in one unit: what a spreadsheet can sort by and count with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from gate.reading.shown import Row
from models.declaration import Field
from models.vocabularies import terms
from words import w

CENTIMETRES = {"cm": Decimal(1), "mm": Decimal("0.1"), "m": Decimal(100), "in": Decimal("2.54")}
GRAMS = {"g": Decimal(1), "kg": Decimal(1000)}
"""Unit → how many of the column's unit it is, exactly. 尺 and 寸 had several lengths: they stay in the column of sizes."""


def size_columns(fields: Iterable[Field]) -> tuple[list[str], Callable[[Row], list[float | str]]]:
    """The headings of these columns, and what writes a row's cells; no columns where no field holds sizes.

    Of several sizes in one direction the first counts, one of the whole before one of a part; the column of sizes
    itself holds them all.
    """
    columns = [
        (field, code, GRAMS if code == "weight" else CENTIMETRES)
        for field in fields
        if field.declared.written_in
        for code in terms("dimension")
    ]
    heads = [
        f"{w(terms('dimension')[code])} ({'g' if units is GRAMS else 'cm'})" for _, code, units in columns
    ]

    def write(row: Row) -> list[float | str]:
        return [_size(row, field, code, units) for field, code, units in columns]

    return heads, write


def _size(row: Row, field: Field, code: str, units: Mapping[str, Decimal]) -> float | str:
    shown = row.values[field.name]
    sizes: list[dict[str, Any]] = shown.value or [] if shown.state == "shown" else []
    told = [each for each in sizes if each.get("dimension") == code and each.get("unit") in units]
    first = next((each for each in told if not each.get("part")), told[0] if told else None)
    return float(Decimal(str(first["value"])) * units[first["unit"]]) if first else ""
