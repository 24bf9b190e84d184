"""What of a cell's text is stored otherwise than it stands in the file: reported for each row, and found again afterwards.

The telling asks the gate which characters it takes out. The finding again knows nothing of that: it holds the letters of
the cell against those of the stored text, so that what was altered and never told shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from gate.fields.kinds import kind_of
from gate.fields.typed_text import CONTROL, MEANT
from imports.formats.text_table import line_breaks
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.rules import Cells, Copy, Gathered, Rule, Several, Written
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
            rule.column
            for name, rule in mapping.rules.items()
            if isinstance(rule, Copy) and kind_of(mapping.noun.fields[name]).is_one_line
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


def kept_as_written(mapping: Columns) -> dict[str, Callable[[Cells], list[str]]]:
    """Field → what of a row's cells its rule leaves as it is, of fields and rules that keep texts."""
    found = {}
    for name, rule in mapping.rules.items():
        pieces = _pieces(rule)
        if pieces and kind_of(mapping.noun.fields[name]).keeps_text:
            found[name] = pieces
    return found


def _pieces(rule: Rule) -> Callable[[Cells], list[str]] | None:
    match rule:
        case Copy(terms=None, labels=None, column=column, split=""):
            return lambda cells: [cells[column]]
        case Copy(terms=None, labels=None, column=column, split=split):
            return lambda cells: cells[column].split(split)
        case Several(column=column, signs=signs):
            apart = re.compile(f"[{re.escape(signs)}\r\n]")
            return lambda cells: apart.split(cells[column])
        case Gathered(labelled=labelled):
            return lambda cells: [cells[column] for column in labelled.values()]
        case Written(text=column):
            return lambda cells: [cells[column]]
    return None


def differs(pieces: Iterable[str], stored: Any) -> bool:
    """Whether letters of these pieces of cells are not in the stored value."""
    text = _text(stored)
    unlike = [piece for piece in pieces if piece not in text]
    return bool(unlike) and any(_letters(piece) not in _letters(text) for piece in unlike)


def _text(stored: Any) -> str:
    if isinstance(stored, Mapping):
        return str(stored.get("text") or "")
    return "".join(map(str, stored)) if isinstance(stored, list) else str(stored or "")


def _letters(text: str) -> str:
    """All but spaces: how lines and spaces are laid out is not what a text says."""
    return "".join(text.split())
