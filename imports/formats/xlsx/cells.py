"""The rows of a sheet as they come: text and mark of each cell, in one pass over its XML.

Source: ECMA-376 part 1, 18.3.1 (worksheets).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imports.formats.xlsx.book import Book, SheetPart, Texts, Unreadable, column_at, unescaped, xml_reader
from imports.formats.xlsx.marks import ERROR, FORMULA
from imports.formats.xlsx.number_formats import NumberFormat

MOST_COLUMNS = 1_000
"""As imports.formats.form has it: what is filled further to the right is told, and not read."""
LAST_ROW = 1_048_576
LONGEST_ROW = 4_000_000
"""Characters."""
Cell = str | int
Row = tuple[int, bool, list[Cell], dict[int, str]]
"""Number, whether it is hidden, its cells to the last filled one, and the marks of some."""


class Rows:
    """A sheet being read. `hidden_columns` is known when the first rows come."""

    def __init__(self, book: Book, sheet: SheetPart) -> None:
        """Read what all cells need: texts and formats."""
        self._blocks = book.blocks(sheet.path)
        self._texts: Texts = book.texts()
        self._formats: list[NumberFormat] = book.formats()
        self._done: list[Row] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self._columns: dict[str, int] = {}
        self._chars: list[str] = []
        """Since the cell began, or the last text in it ended."""
        self._number = 0
        self._begin_row({})
        self._number = 0
        self._begin_cell({})

    def blocks(self) -> Iterator[list[Row]]:
        """The rows, some at a time.

        Raises:
            Unreadable, or what expat raises: it is damaged, or has cells where no table has any.
        """
        parser = xml_reader()
        parser.StartElementHandler = self._root
        self._parser = parser
        for block in self._blocks:
            parser.Parse(block, False)
            done, self._done = self._done, []
            yield done
        parser.Parse(b"", True)
        yield self._done

    def _root(self, name: str, _: Any) -> None:
        """The first element tells in which namespace the others are."""
        space = name.rpartition("worksheet")[0]
        begins = {
            space + "c": self._begin_cell, space + "row": self._begin_row, space + "col": self._column,
            space + "rPh": self._begin_reading,
        }.get  # fmt: skip
        ends = {
            space + "v": self._end_value, space + "c": self._end_cell, space + "row": self._end_row,
            space + "t": self._end_text, space + "f": self._end_formula, space + "rPh": self._end_reading,
        }.get  # fmt: skip

        def start(name: str, attributes: dict[str, str]) -> None:
            if begin := begins(name):
                begin(attributes)

        def finish(name: str) -> None:
            if end := ends(name):
                end()

        self._parser.StartElementHandler, self._parser.EndElementHandler = start, finish
        self._parser.CharacterDataHandler = self._chars.append

    def _column(self, told: dict[str, str]) -> None:
        if told.get("hidden") in ("1", "true"):
            self.hidden_columns.append((int(told["min"]) - 1, min(int(told["max"]), MOST_COLUMNS) - 1))

    def _begin_row(self, told: dict[str, str]) -> None:
        number = int(told["r"]) if "r" in told else self._number + 1
        if not self._number < number <= LAST_ROW:
            raise Unreadable
        self._number, self._hidden = number, told.get("hidden") in ("1", "true")
        self._cells: list[Cell] = []
        self._marks: dict[int, str] = {}
        self._at = -1
        self._long = 0

    def _end_row(self) -> None:
        if self._cells:
            self._done.append((self._number, self._hidden, self._cells, self._marks))

    def _begin_cell(self, told: dict[str, str]) -> None:
        if "r" in told:
            letters = told["r"].rstrip("0123456789")
            at = self._columns.get(letters)
            if at is None:
                at = self._columns[letters] = column_at(letters)
            self._at = at
        else:
            self._at += 1
        self._attributes = told
        self._value = self._inline = ""
        self._formula = self._reading = False
        self._chars.clear()

    def _begin_reading(self, _: dict[str, str]) -> None:
        self._reading = True

    def _end_reading(self) -> None:
        self._reading = False

    def _end_value(self) -> None:
        self._value = "".join(self._chars)

    def _end_text(self) -> None:
        if not self._reading:
            self._inline += "".join(self._chars)
        self._chars.clear()

    def _end_formula(self) -> None:
        self._formula = True
        self._chars.clear()

    def _end_cell(self) -> None:
        text, mark = self._read()
        if text == "" and not mark:
            return
        at, cells = self._at, self._cells
        if not 0 <= at < MOST_COLUMNS:
            raise Unreadable("columns", f"{_letters(at)}{self._number}")
        if at == len(cells):
            cells.append(text)
        elif at > len(cells):
            cells += [""] * (at - len(cells)) + [text]
        else:
            cells[at] = text
        if mark:
            self._marks[at] = mark
        if text.__class__ is str:
            self._long += len(text)
            if self._long > LONGEST_ROW:
                raise Unreadable("large")

    def _read(self) -> tuple[Cell, str]:
        kind, value = self._attributes.get("t", "n"), self._value
        if kind == "s":
            return (self._texts[int(value)], "") if value else ("", "")
        if kind == "n":
            if value:
                return self._formats[int(self._attributes.get("s", 0))].shown(value)
            return "", FORMULA if self._formula else ""
        if kind == "inlineStr":
            return unescaped(self._inline), ""
        if kind == "b":
            return ("TRUE" if value.strip() == "1" else "FALSE") if value else "", ""
        if kind == "e":
            return value, ERROR if value else ""
        return unescaped(value), ""  # "str", a formula's text; "d", a date in ISO 8601


def _letters(at: int) -> str:
    found, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(65 + rest) + found
    return found
