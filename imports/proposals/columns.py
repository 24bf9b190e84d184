"""The columns of a file as proposals look at them: by which words the heading may be known, and what stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from imports.formats.form import SheetRow
from imports.proposals.column_contents import Contents, contents_of
from imports.proposals.headings import heading_key

UNIT = re.compile(
    r"[(\[（_ ](cm|mm|kg|g|in|m|inches|㎝|㎜)[)\]）]?$|(?<=[^A-Za-z])(cm|mm|kg)$", re.IGNORECASE
)
_AMONG_PERSONS = 0.1
"""More cells than this that tell how to reach somebody, and the column is of persons."""


@dataclass(frozen=True)
class Column:
    """One column that no field has yet."""

    at: int
    name: str
    keys: tuple[str, ...]
    """By which its heading is looked up, the closest first."""
    unit: str
    """The unit that its heading names; "" where it names none."""
    contents: Contents


def columns_of(header: Sequence[str], rows: Sequence[SheetRow]) -> list[Column]:
    """All columns that have a name."""
    found = []
    for at, name in enumerate(header):
        if name:
            cells = contents_of([row.cells.get(name, "") for row in rows])
            unit = UNIT.search(name)
            found.append(
                Column(at, name, _keys(name), _plain_unit(unit[1] or unit[2]) if unit else "", cells)
            )
    return found


def _plain_unit(said: str) -> str:
    unit = said.lower()
    return {"㎝": "cm", "㎜": "mm", "inches": "in"}.get(unit, unit)


def _keys(name: str) -> tuple[str, ...]:
    """The whole heading; without its unit or bracket; below a table's or a wider heading's name: items.barcode, 寸法 縦."""
    bare = UNIT.sub("", name).strip()
    without = re.sub(r"[(\[（【].*?[)\]）】]", "", bare).strip()
    said = [name, bare, without, bare.rsplit(".", 1)[-1]]
    if not bare.isascii():
        said.append(bare.rsplit(" ", 1)[-1])
    return tuple(dict.fromkeys(key for each in said if (key := heading_key(each))))


def is_free_of_persons(cells: Contents, *, place: bool = False) -> bool:
    """Whether a column may become a field that is not kept as a person's. `place`: of a field of places, addresses may be."""
    return (cells.personal - (cells.addresses if place else 0)) <= _AMONG_PERSONS
