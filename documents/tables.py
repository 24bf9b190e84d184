"""Rows of text as CSV and as a workbook; nothing in either is a formula to the program that opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

import xlsxwriter

from gate.reading.as_text import CELL_AT_MOST

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"


def csv_lines(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """UTF-8 with BOM, because Excel reads a CSV without one as something else; in pieces, in constant memory."""
    out = io.StringIO()
    writer = csv.writer(out)
    yield BOM
    for row in [heads], rows:
        for each in row:
            writer.writerow(each)
            if out.tell() > 32_768:
                yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def write_workbook(
    file: IO[bytes], name: str, heads: list[str], rows: Iterable[list[str]], *, constant_memory: bool
) -> None:
    """A workbook of text cells with its head fixed.

    `constant_memory`: rows pass through files of the machine; where nothing may lie on a disk, they do not.
    """
    options = {"constant_memory": constant_memory, "in_memory": not constant_memory, "strings_to_formulas": False,
               "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 2)
        # As text, what is typed over it too: 001 keeps its zeros and 1-2 becomes no day, so that it can come back.
        plain = book.add_format({"num_format": "@"})
        sheet.set_column(0, max(0, len(heads) - 1), None, plain)
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for at, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text[:CELL_AT_MOST], plain)
