"""Rows of sizes read from what was written: the text of a card, or several sizes in the box of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from gate.fields.typed_text import plain
from japanese.dimensions import Measurement, read_sizes
from japanese.written_numbers import decimal_number

Row = Mapping[str, Any]


def rows_as_written(text: str, unit: str = "cm") -> list[Row]:
    """A row for each size that the text tells; the same text gives the same rows, their ids among them."""
    return [
        {"id": blake2b(f"{at} {unit} {text}".encode(), digest_size=4).hexdigest(), **_row(each)}
        for at, each in enumerate(read_sizes(text, unit).measured)
    ]


def reread(stored: Sequence[Row], before: str, now: str) -> list[Row] | None:
    """The rows of a text that was `before` and is `now`; None where the stored ones were given by hand, and so stay."""
    units = {str(each.get("unit")) for each in stored if each.get("dimension") != "weight"}
    unit = units.pop() if len(units) == 1 else "cm"
    if [_told(each) for each in stored] != [_told(each) for each in rows_as_written(before, unit)]:
        return None
    return rows_as_written(now, unit)


def _told(row: Row) -> list[str]:
    return [str(row.get(name) or "") for name in ("part", "dimension", "accuracy", "value", "unit")]


def spread(rows: list[Any]) -> list[Any]:
    """The rows with 24.5×36.2 in the box of one as two of them; what is no size stays for the validator to refuse."""
    found: list[Any] = []
    for each in rows:
        found += _spread(each) if isinstance(each, Mapping) else [each]
    return found


def _spread(row: Row) -> list[Row]:
    value = row.get("value")
    if not isinstance(value, str) or not plain(value) or decimal_number(plain(value)):
        return [row]
    unit, dimension = (str(row.get(name) or "") for name in ("unit", "dimension"))
    read = read_sizes(plain(value), unit or "cm", dimension)
    if read.unread or not read.measured:
        return [row]
    first, *rest = (
        {**row, **{name: said for name, said in _row(each).items() if said}} for each in read.measured
    )
    return [first, *({**each, "id": ""} for each in rest)]


def _row(size: Measurement) -> dict[str, str]:
    return {
        "part": size.part,
        "dimension": size.dimension,
        "accuracy": size.accuracy,
        "value": size.value,
        "unit": size.unit,
    }
