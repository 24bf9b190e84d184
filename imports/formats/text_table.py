"""Rows of cells out of a CSV or TSV, in any of the encodings of Japan."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from imports.formats.form import SheetError
from models.data_classes import Words

LONGEST_CELL = 4_000_000
"""Characters."""
MOST_LINES = 300
"""Lines of one cell: a longer one is taken for a quotation mark that was never closed."""
MISQUOTED: Words = (
    '引用符(")の使い方が正しくありません。セルの中の引用符は「""」と2つ続けて書いてください。',
    'The quotation marks are wrong: write one that stands inside a cell as two ("").',
)


def delimiter_of(binary: BinaryIO, encoding: str) -> str:
    """Tab, comma or semicolon: what stands outside quotation marks in most of the first lines, and most often.

    One record full of semicolons does not make a table of them.
    """
    start = binary.tell()
    text = binary.read(65_536).decode(encoding, "replace")
    binary.seek(start)
    lines = "".join(text.split('"')[0::2]).splitlines()[:20]
    counts = {
        each: (sum(each in line for line in lines), sum(line.count(each) for line in lines))
        for each in (",", "\t", ";")
    }
    return max(counts, key=lambda each: counts[each])


class Record(list[str]):
    """One record's cells, and what its place in the file says of them."""

    trouble: Words | None = None
    """Why its cells may not be what was meant."""


class _Lines:
    """The lines of a text; `record` holds those of the record being read, `count` how many there were before it."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self.record: list[str] = []
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.record.append(line)
            yield line

    def next_record(self) -> None:
        self.count += len(self.record)
        self.record = []


def rows_of_text(binary: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Every record of the file as its cells; what cannot be decoded stands as U+FFFD. A Record where something is wrong.

    Raises:
        SheetError: a quotation mark swallows what follows it, or from some line on it is no table.
    """
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")
    lines = _Lines(text)
    # Strict: else the module closes an open quotation mark at the end, and drops one that has words behind it, silently.
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            cells = _misquoted(lines, delimiter, error)
        except UnicodeError as error:
            line = lines.count + len(lines.record) + 1
            raise SheetError(
                f"{line}行目から先が読めません。文字コードを確かめてください。",
                f"From line {line} on this cannot be read; check the encoding.",
            ) from error
        if cells is None:
            text.detach()
            return
        if len(lines.record) > MOST_LINES:
            _check_cells(cells, lines.count + 1)
        yield cells
        lines.next_record()


def _check_cells(cells: list[str], line: int) -> None:
    """Refuse a cell of too many lines; the first cell begins in this line.

    Raises:
        SheetError: there is one.
    """
    for cell in cells:
        breaks = line_breaks(cell)
        if breaks >= MOST_LINES:
            raise _unclosed(line)
        line += breaks


def _misquoted(lines: _Lines, delimiter: str, error: Exception) -> Record:
    """The record that could not be read, where it is one line's alone: the reader goes on behind it.

    Raises:
        SheetError: it is of several lines, or the file's last and open.
    """
    if len(lines.record) != 1 or _is_sound([*lines.record, '"'], delimiter):
        raise _unclosed(lines.count + 1) from error
    try:
        cells = Record(next(csv.reader(lines.record, delimiter=delimiter), []))
    except csv.Error:
        raise _unclosed(lines.count + 1) from error  # a cell of millions of characters
    cells.trouble = MISQUOTED
    return cells


def _is_sound(lines: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _unclosed(line: int) -> SheetError:
    return SheetError(
        f'ファイルの{line}行目で始まる引用符(")が、正しく閉じられていません。あとの行までひとつのセルとして読まれます。'
        f"引用符を直して、もう一度送ってください(ひとつのセルは{MOST_LINES}行までです)。",
        f'A quotation mark (") that opens in line {line} of the file is not closed as it should be, and later lines would '
        f"be read as part of its cell. Correct it and send the file again (a cell has at most {MOST_LINES} lines).",
    )


def line_breaks(text: str) -> int:
    """How often a line ends in a text, whichever way."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def lines_of(binary: BinaryIO, encoding: str) -> int:
    """How many lines a file has as an editor counts them: nothing of it is read as a table."""
    text = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")
    count = sum(1 for _ in text)
    text.detach()
    return count
