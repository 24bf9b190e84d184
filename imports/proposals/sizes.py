"""Which columns hold sizes: one cell for all, or a column for each way it runs, with the unit of heading or column."""

from __future__ import annotations

from typing import Any

from imports.proposals.column_contents import ENOUGH
from imports.proposals.columns import Column
from imports.proposals.headings import MEASURES, SIZES, heading_key
from japanese.dimensions import read_sizes

_UNITS = frozenset(("cm", "mm", "m", "in", "g", "kg", "センチ", "ミリ", "インチ"))
_UNIT_HEADS = frozenset(map(heading_key, ("単位", "寸法単位", "unit", "units", "dimensionunit")))


def sizes_of(free: list[Column], unit: str, computed: list[dict[str, Any]]) -> dict[str, Any]:
    """The rule of sizes as a mapping's file says it; columns that are used leave `free`."""
    words = set(map(heading_key, SIZES.split()))
    for column in free:
        if words & set(column.keys) and (not column.contents.cells or column.contents.sizes >= ENOUGH):
            free.remove(column)
            return {"dimensions": {"sizes": column.name, "unit": column.unit or unit}}
    beside = next((each for each in free if _UNIT_HEADS & set(each.keys) and set(each.contents.cells) and set(each.contents.cells) <= _UNITS), None)  # fmt: skip
    found = []
    for column in list(free):
        name = next(
            (
                each
                for each, said in MEASURES.items()
                if set(map(heading_key, said.split())) & set(column.keys)
            ),
            "",
        )
        its = column.unit or ("kg" if name == "weight" else unit)
        if not name or not _is_measured(column, its, name):
            continue
        read = column.name
        if beside and not column.unit and name != "weight":
            read = f"{column.name}＋{beside.name}"
            computed.append({"name": read, "column": column.name, "unit_from": beside.name})
        free.remove(column)
        found.append({"column": read, "dimension": name, "unit": its})
    if found and beside and computed:
        free.remove(beside)
    return {"dimensions": found} if found else {}


def _is_measured(column: Column, unit: str, dimension: str) -> bool:
    for cell in column.contents.cells:
        read = read_sizes(cell, unit, dimension)
        if read.unread or len({each.dimension for each in read.measured}) > 1:
            return False
    return True
