"""What of a cell's text is stored otherwise than it stands in the file: reported for each row, and found again afterwards.

The telling asks the gate which characters it takes out. The finding again (imports.validation.raw_cells) knows nothing of
that, so that what was altered and never told shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from gate.fields.kinds import kind_of
from gate.fields.typed_text import CONTROL, MEANT
from imports.formats.text_table import line_breaks
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.rules import Copy
from models.data_classes import Words

REPAIRED: Words = (
    "引用符などが制御文字に化けていたので、元の字とみられる“ ” ‘ ’ – などに直しました。確かめてください。",
    "Control characters stood where quotation marks or dashes (“ ” ‘ ’ –) were; they were put back. Check them.",
)
REMOVED: Words = (
    "文字ではない制御文字を取り除きました。元の字を確かめてください。",
    "Control characters that are no text were taken out; look up the original.",
)
JOINED: Words = (
    "1行の項目なので、セルの中の改行を空白に変えました。",
    "The field has one line: the line breaks of the cell became spaces.",
)
TOLD = frozenset({REPAIRED, REMOVED, JOINED})
"""Reasons by which a row's reader knows that its text is not stored letter by letter."""


class Altered:
    """The columns of one mapping whose text is stored as it stands."""

    def __init__(self, mapping: Columns) -> None:
        self._read = mapping.columns
        self._one_line = [
            column
            for name, rule in mapping.rules.items()
            if isinstance(rule, Copy) and kind_of(mapping.noun.fields[name]).is_one_line
            for column in mapping.sources(rule.columns)
        ]

    def suspected(self, rows: Iterable[Mapping[str, str]]) -> bool:
        """Whether any of these cells may be stored otherwise: most are not, and are looked through at once."""
        whole = "".join(chain.from_iterable(cells.values() for cells in rows))
        return "\n" in whole or "\r" in whole or bool(CONTROL.search(whole))

    def alterations(self, cells: Mapping[str, str]) -> Iterator[tuple[str, Words, tuple[int, ...]]]:
        """Yield what is altered in a row: column, what was done, and which characters of the cell, counted from 1."""
        for column in self._read:
            cell = cells.get(column, "")
            if cell.isprintable():  # ten times as quick as looking for each
                continue
            marks = [(found.start() + 1, found[0] in MEANT) for found in CONTROL.finditer(cell)]
            for meant, reason in ((True, REPAIRED), (False, REMOVED)):
                if places := tuple(at for at, is_meant in marks if is_meant == meant):
                    yield column, reason, places
        for column in self._one_line:
            if line_breaks(cells.get(column, "").strip()):
                yield column, JOINED, ()
