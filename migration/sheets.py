"""A CSV as people have it: UTF-8 with or without BOM, or cp932 from an old Windows; read row by row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.data_classes import Words

LONGEST_CELL = 4_000_000
_LOST = "\ufffd"
MISSHAPEN: Words = (
    "列の数が見出しと合いません。引用符や区切りを確かめてください。",
    "The number of cells differs from the header; check quotation marks and commas.",
)
UNREADABLE: Words = (
    "文字が読み取れません。元のファイルで打ち直してください。",
    "Some characters cannot be read; type them anew in the file.",
)


class SheetError(Exception):
    """The file as a whole cannot be read: what is wrong and what to do."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.words: Words = (ja, en)


@dataclass(frozen=True)
class SheetRow:
    """One row of data. `number` counts as a spreadsheet does: the header is row 1."""

    number: int
    cells: dict[str, str]
    troubles: dict[str, Words]
    """Column → why its cell cannot be used; the key "" is the whole row."""


class Sheet:
    """An open file: its header, and its rows once."""

    def __init__(self, binary: BinaryIO, encoding: str, size: int) -> None:
        """Read the header.

        Raises:
            SheetError: there is none, or a column's name stands twice.
        """
        self._binary = binary
        self.encoding = encoding
        self.size = size
        """Bytes."""
        text = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")
        self._rows = csv.reader(text)
        self.header = [each.strip() for each in self._next() or []]
        named = [each for each in self.header if each]
        if not named:
            raise SheetError("見出しの行がありません。", "There is no header row.")
        if len(set(named)) != len(named):
            raise SheetError("同じ名前の列が二つあります。", "Two columns have the same name.")

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._binary.tell()

    def rows(self) -> Iterator[SheetRow]:
        """Every row that is not wholly empty.

        Raises:
            SheetError: the file cannot be read further.
        """
        number = 1
        while (cells := self._next()) is not None:
            number += 1
            if any(each.strip() for each in cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> SheetRow:
        if len(cells) != len(self.header):
            return SheetRow(number, {}, {"": MISSHAPEN})
        named = {name: cell for name, cell in zip(self.header, cells, strict=True) if name}
        return SheetRow(number, named, {name: UNREADABLE for name, cell in named.items() if _LOST in cell})

    def _next(self) -> list[str] | None:
        csv.field_size_limit(LONGEST_CELL)
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise SheetError(
                f"{self._rows.line_num}行目から先がCSVとして読めません。引用符を確かめてください。",
                f"From line {self._rows.line_num} on this is not a CSV; check its quotation marks.",
            ) from error


@contextmanager
def opened(path: Path) -> Iterator[Sheet]:
    """The sheet in a file.

    Raises:
        SheetError: as Sheet. OSError: the file cannot be opened.
    """
    with path.open("rb") as binary:
        encoding = _encoding(binary)
        binary.seek(0)
        yield Sheet(binary, encoding, path.stat().st_size)


def _encoding(binary: BinaryIO) -> str:
    """utf-8-sig where the whole file is UTF-8, else cp932: hardly any Japanese text in cp932 is also UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := binary.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp932"
    return "utf-8-sig"
