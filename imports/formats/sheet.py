"""An open file: how it is read, its header, and its rows once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from gate.reading.as_text import NOTES
from imports.formats import headers
from imports.formats.encodings import encoding_of
from imports.formats.form import LAST_HEADER, Form, RawRow, SheetError, SheetRow
from imports.formats.merged import Merged
from imports.formats.misread import misread
from imports.formats.packed import is_zip_of_tables, unpacked
from imports.formats.remarks import UNUSABLE, hidden_parts
from imports.formats.text_table import Record, delimiter_of, line_breaks, rows_of_text
from imports.formats.workbook import SECONDS, workbook
from models.data_classes import Words

_LOST = "\ufffd"
MISSHAPEN: Words = (
    "列の数が見出しと合いません。引用符や区切りを確かめてください。",
    "The number of cells differs from the header; check quotation marks and commas.",
)
UNREADABLE: Words = (
    "文字が読み取れません。元のファイルで打ち直してください。",
    "Some characters cannot be read; type them again in the file.",
)


@dataclass
class Sheet:
    """A table being read. `form` has nothing left to detect."""

    form: Form
    header: list[str]
    """Names of the columns; one that has none in the file is called by its letter, as 列F."""
    size: int
    """Bytes of the table."""
    sheets: list[str]
    """A workbook's sheets; empty for a text."""
    _binary: BinaryIO
    _rows: Iterator[RawRow]
    remarks: list[Words] = field(default_factory=list)
    """What is hidden in a workbook; that a text is misread."""
    _merged: Merged | None = None
    besides: int = 0
    """Lines of a text read so far that are no row: its header, what stands above it, empty lines."""
    _done: bool = False

    @property
    def encoding(self) -> str:
        """As in ENCODINGS; "" for a workbook."""
        return self.form.encoding

    @property
    def position(self) -> int:
        """Bytes read so far, about; the whole of a workbook only when it is done."""
        if self._done:
            return self.size
        return self._binary.tell() if self.encoding else 0

    def rows(self) -> Iterator[SheetRow]:
        """Every row that is not wholly empty.

        Raises:
            SheetError: the file cannot be read further.
        """
        width, exact = len(self.header), bool(self.encoding)
        for row in self._rows:
            number, whole, marks = row
            if not any(whole) or not any(each.strip() for each in whole) or whole[0].startswith(NOTES):
                self.besides += lines_filled(whole)
                continue
            if self._merged:
                self._merged.fill(row, width)
            cells = whole
            if len(whole) != width:
                # A workbook leaves out what is empty at a row's end, an export what is empty behind the header.
                cells, fits = _fitted(whole, width, exact=exact)
                if not fits:
                    more = [f"列{headers.column_letter(n)}" for n in range(width, len(whole))]
                    cells = whole + [""] * (width - len(whole))
                    wrong = (isinstance(whole, Record) and whole.trouble) or MISSHAPEN
                    yield SheetRow(number, dict(zip([*self.header, *more], cells, strict=True)), {"": wrong})
                    continue
            named = dict(zip(self.header, cells, strict=True))
            if marks:
                yield SheetRow(number, named, *self._troubles_and_marks(marks))
            elif isinstance(whole, Record) and whole.trouble:
                yield SheetRow(number, named, {"": whole.trouble})
            elif _LOST in "".join(cells):
                yield SheetRow(number, named, {n: UNREADABLE for n, cell in named.items() if _LOST in cell})
            else:
                yield SheetRow(number, named)
        self._done = True

    def _troubles_and_marks(self, marks: dict[int, str]) -> tuple[dict[str, Words], dict[str, str]]:
        """Split the marks of a workbook's row by column: cells that cannot be used, and cells to look at."""
        named = {
            self.header[at] if at >= 0 else "": mark for at, mark in marks.items() if at < len(self.header)
        }
        troubles = {column: UNUSABLE[mark] for column, mark in named.items() if mark in UNUSABLE}
        return troubles, {column: mark for column, mark in named.items() if mark not in UNUSABLE}


def _fitted(cells: list[str], width: int, *, exact: bool) -> tuple[list[str], bool]:
    if len(cells) > width:
        return cells[:width], not any(each.strip() for each in cells[width:])
    return cells + [""] * (width - len(cells)), not exact


@contextmanager
def opened(path: Path, form: Form | None = None, password: str = "") -> Iterator[Sheet]:
    """The sheet in a file; what the form leaves open is detected.

    Raises:
        SheetError: it cannot be read as a table. OSError: the file cannot be opened.
    """
    with path.open("rb") as binary, opened_in(binary, form, password) as sheet:
        yield sheet


@contextmanager
def opened_in(
    binary: BinaryIO, form: Form | None = None, password: str = "", *, seconds: float = SECONDS
) -> Iterator[Sheet]:
    """The same for a file that is open already, and can be read from any place.

    Args:
        binary: the file.
        form: how to read it.
        password: of a zip.
        seconds: of work that a workbook may take.

    Raises:
        SheetError: as opened.
    """
    with ExitStack() as stack:
        plain = binary
        if is_zip_of_tables(binary):
            plain = stack.enter_context(unpacked(binary, password))[1]
        yield _sheet(plain, form or Form(), stack, seconds)


def _sheet(binary: BinaryIO, form: Form, stack: ExitStack, seconds: float) -> Sheet:
    binary.seek(0, 2)
    size = binary.tell()
    binary.seek(0)
    head = binary.read(8)
    binary.seek(0)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(
            "古いExcel(.xls)か、パスワードのかかったExcelです。「.xlsx」(パスワードなし)かCSVで保存し直してください。",
            "This is an old Excel (.xls), or one with a password. Save it as .xlsx without a password, or as CSV.",
        )
    kind = form.kind or ("workbook" if head.startswith(b"PK\x03\x04") else "text")
    if kind == "text":
        form = _detected(binary, replace(form, kind=kind, sheet=""))
        remarks = misread(binary, form.encoding)
        rows = rows_of_text(binary, form.encoding, form.delimiter)
        numbered = (RawRow(number, cells, {}) for number, cells in enumerate(rows, 1))
        text = _headed(form, numbered, binary, size)
        text.remarks = remarks
        return text
    book = stack.enter_context(workbook(binary, form.sheet, seconds=seconds))
    form = replace(form, kind=kind, sheet=book.sheet, encoding="", delimiter="")
    found = _headed(form, book.rows, binary, size)
    found.sheets, found._merged = book.sheets, book.merged  # noqa: SLF001 - still being made
    found.remarks = hidden_parts(book.hidden_sheets, book.hidden_columns)
    return found


def _detected(binary: BinaryIO, form: Form) -> Form:
    encoding = form.encoding or encoding_of(binary)
    binary.seek(0)
    delimiter = form.delimiter or delimiter_of(binary, encoding)
    binary.seek(0)
    return replace(form, encoding=encoding, delimiter=delimiter)


def _headed(form: Form, rows: Iterator[RawRow], binary: BinaryIO, size: int) -> Sheet:
    first = _first(rows, max(headers.LOOKED_AT, form.header_row + form.header_rows))
    named_in = _by_place(first)
    at, deep = headers.place(named_in)
    at, deep = form.header_row or at, form.header_rows or (1 if form.header_row else deep)
    named = headers.names(named_in[at - 1 : at - 1 + deep])
    data = [each for each in first if each.number >= at + deep]
    # A column without a name is left out where it is empty as far as can be seen, and called by its letter else.
    header = [name or f"列{headers.column_letter(n)}" for n, name in enumerate(named)]
    form = replace(form, header_row=at, header_rows=deep)
    besides = sum(lines_filled(each.cells) for each in first if each.number < at + deep)
    return Sheet(form, header, size, [], binary, chain(data, rows), besides=besides)


def _first(rows: Iterator[RawRow], count: int) -> list[RawRow]:
    """The rows up to that number, and the one that shows that there are no more of them: a workbook leaves out empty ones."""
    found = []
    for row in rows:
        found.append(row)
        if row.number >= count:
            break
    return found


def _by_place(rows: list[RawRow]) -> list[list[str]]:
    """Their cells, with empty rows where numbers are left out; a row far below the others is none of the first."""
    found: list[list[str]] = []
    for row in rows:
        if row.number > len(found) + headers.LOOKED_AT + LAST_HEADER:
            break
        found += [[] for _ in range(row.number - 1 - len(found))] + [row.cells]
    return found


def lines_filled(cells: Iterable[str]) -> int:
    """How many lines of a text a record of these cells fills."""
    return 1 + sum(map(line_breaks, cells))
