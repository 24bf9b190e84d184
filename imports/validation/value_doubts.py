"""Values that are stored otherwise than the cell says them, and so deserve a look: sizes not understood, sets counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gate.fields.kinds import kind_of
from imports.mapping.computed_columns import ENDS, Part
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.rules import Copy, Sized, sizes
from japanese.written_numbers import OF_SETS, whole_number
from models.data_classes import Words

UNREAD: Words = (
    "寸法として読めません。書かれたとおりに「寸法(表記)」に残し、読めた寸法だけを登録します。",
    "Part of this is not understood as a size; it is kept as written, and the sizes that are understood are stored.",
)
COUNTER: Words = (
    "数だけを登録します(1双・一式などは1)。何点になるか確かめてください。",
    "Only the number is stored (1 for a pair or a set): check how many pieces there are.",
)


UNDIVIDED: Words = (
    "分けるところ(空白など)がないので、全体を前の部分として登録します。",
    "There is no space or sign to divide it at: all of it becomes the first part.",
)


def value_doubts(mapping: Columns, cells: Mapping[str, str]) -> Iterator[tuple[str, Words]]:
    """(field, reason) for each cell of a row that deserves a look."""
    computed = dict(mapping.computed.columns)
    for name, rule in mapping.rules.items():
        if isinstance(rule, Sized):
            if sizes(cells.get(rule.column, "").strip(), rule.unit).unread and not rule.whole:
                yield name, UNREAD
        elif isinstance(rule, Copy) and isinstance(made := computed.get(rule.column), Part):
            if made.part == ENDS[1] and cells.get(made.column, "").strip() and not cells.get(rule.column):
                yield name, UNDIVIDED
        elif isinstance(rule, Copy) and kind_of(mapping.noun.fields[name]).is_count:
            cell = cells.get(rule.column, "")
            count = None if cell.isdecimal() else whole_number(cell)
            if count and count.counter in OF_SETS:
                yield name, COUNTER
