"""Rows of cells out of an XLSX. Values only: no formula is run and no macro read (python-calamine)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from migration.reading import packed
from migration.reading.form import SheetError
from models.data_classes import Words

LARGEST_UNPACKED = 1 << 30
DAMAGED = (CalamineError, *packed.DAMAGED)
NO_WORKBOOK: Words = (
    "XLSXとして読めません。Excelで開いて「.xlsx」で保存し直してください。",
    "This cannot be read as an XLSX. Open it in Excel and save it as .xlsx.",
)


def sheets_of(binary: BinaryIO) -> list[str]:
    """Names of a workbook's sheets.

    Raises:
        SheetError: it is no workbook, or one that unpacks to a size that nobody's ledger has.
    """
    return list(_book(binary).sheet_names)


def rows_of_workbook(binary: BinaryIO, sheet: str) -> Iterator[list[str]]:
    """Every row of a sheet from its first, as text; a date as YYYY-MM-DD, a whole number without its ".0".

    Raises:
        SheetError: as sheets_of; or there is no such sheet.
    """
    book = _book(binary)
    if sheet and sheet not in book.sheet_names:
        raise SheetError(f"シート「{sheet}」がありません。", f"There is no sheet “{sheet}”.")
    try:
        found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        for cells in found.iter_rows():
            yield [_text(each) for each in cells]
    except DAMAGED as error:  # a sound book may hold a broken sheet
        raise SheetError(*NO_WORKBOOK) from error


def _book(binary: BinaryIO) -> CalamineWorkbook:
    start = binary.tell()
    try:
        with zipfile.ZipFile(binary) as parts:
            if sum(each.file_size for each in parts.infolist()) > LARGEST_UNPACKED:
                raise SheetError(
                    "ブックが大きすぎます。CSVで保存してください。",
                    "The workbook is too large; save it as CSV.",
                )
        binary.seek(start)
        return CalamineWorkbook.from_filelike(binary)
    except DAMAGED as error:
        raise SheetError(*NO_WORKBOOK) from error


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell.total_seconds()) if isinstance(cell, timedelta) else str(cell)
