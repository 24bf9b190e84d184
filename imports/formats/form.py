"""How a file is to be read: what was detected, what a person said otherwise, and what comes out of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from models.data_classes import Words

ENCODINGS: dict[str, Words] = {
    "utf-8-sig": ("UTF-8", "UTF-8"),
    "cp932": ("シフトJIS(Windows・cp932)", "Shift JIS (Windows, cp932)"),
    "utf-16": ("UTF-16", "UTF-16"),
    "utf-16-le": ("UTF-16(BOMなし・LE)", "UTF-16 without BOM, little endian"),
    "utf-16-be": ("UTF-16(BOMなし・BE)", "UTF-16 without BOM, big endian"),
    "euc_jp": ("EUC-JP", "EUC-JP"),
    "iso2022_jp": ("ISO-2022-JP(JIS)", "ISO-2022-JP (JIS)"),
}
DELIMITERS: dict[str, Words] = {
    ",": ("コンマ", "Comma"),
    "\t": ("タブ", "Tab"),
    ";": ("セミコロン", "Semicolon"),
}
KINDS: dict[str, Words] = {"text": ("CSV・TSV", "CSV or TSV"), "workbook": ("XLSX", "XLSX")}
MOST_COLUMNS = 1_000
DEEPEST_HEADER = 3
LAST_HEADER = 50


class SheetError(Exception):
    """The file as a whole cannot be read: what is wrong and what to do."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.words: Words = (ja, en)


@dataclass(frozen=True)
class Form:
    """How to read a file. An empty or zero field is to be detected."""

    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    """A workbook's sheet by name; the first one where it is empty."""
    header_row: int = 0
    """The first row of the header, counted from 1."""
    header_rows: int = 0
    """1, or 2 and 3 where merged cells stand above the columns' own names."""

    def __post_init__(self) -> None:
        """Refuse what no file can be read by."""
        chosen = ((self.kind, KINDS), (self.encoding, ENCODINGS), (self.delimiter, DELIMITERS))
        known = (
            all(name in ("", *names) for name, names in chosen)
            and 0 <= self.header_row <= LAST_HEADER
            and 0 <= self.header_rows <= DEEPEST_HEADER
            and len(self.sheet) <= 100
        )
        if not known:
            raise SheetError("読み方の指定が正しくありません。", "There is no such way of reading a file.")

    def as_document(self) -> dict[str, Any]:
        """Plain values, to be kept."""
        return asdict(self)


class RawRow(NamedTuple):
    """One row as it is read, before anything is known of a header."""

    number: int
    cells: list[str]
    marks: dict[int, str]
    """Column from 0 (-1: the whole row) → what the reader of workbooks noticed, as imports.formats.xlsx.marks has it."""


@dataclass(frozen=True)
class SheetRow:
    """One row of data. `number` counts as a spreadsheet does: the header is row 1."""

    number: int
    cells: dict[str, str]
    """Column → cell, of every column of the header, whatever is wrong with the row; and of cells beyond it."""
    troubles: dict[str, Words] = field(default_factory=dict)
    """Column → why its cell cannot be used; the key "" is the whole row."""
    marks: dict[str, str] = field(default_factory=dict)
    """Column → what a workbook says of its cell, as imports.formats.xlsx.marks has it; the key "" is the whole row."""
