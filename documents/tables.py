"""Rows of text as CSV and as a workbook; nothing in either is a formula to the program that opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO

import xlsxwriter

from documents.cells import Cell
from gate.reading.as_text import CELL_AT_MOST

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
About = tuple[str, Sequence[Sequence[str]]]
"""The name of a sheet beside the table, and its rows of text."""
BOM = "\ufeff"


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """UTF-8 with BOM, because Excel reads a CSV without one as something else; in pieces, in constant memory."""
    out = io.StringIO()
    writer = csv.writer(out)
    yield BOM
    for row in chain([heads], rows):
        writer.writerow(row)
        if out.tell() > 32_768:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def write_workbook(
    file: IO[bytes],
    name: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    constant_memory: bool,
    about: About | None = None,
) -> None:
    """A workbook of texts and numbers with its head fixed.

    Args:
        file: where it is written.
        name: of its sheet.
        heads: the headings.
        rows: what stands below them.
        constant_memory: rows pass through files of the machine; where nothing may lie on a disk, they do not.
        about: the name of a second sheet and its rows, which tell what the first one holds.
    """
    options = {"constant_memory": constant_memory, "in_memory": not constant_memory, "strings_to_formulas": False,
               "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 2)
        # As text, what is typed over it too: 001 keeps its zeros and 1-2 becomes no day, so that it can come back.
        plain, number = book.add_format({"num_format": "@"}), book.add_format({"num_format": "General"})
        sheet.set_column(0, max(0, len(heads) - 1), None, plain)
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell[:CELL_AT_MOST], plain)
                else:
                    sheet.write_number(at, column, cell, number)
        if about:
            told = book.add_worksheet(about[0][:31])
            told.set_column(0, 1, 24, plain)
            for at, row in enumerate(about[1]):
                for column, cell in enumerate(row):
                    told.write_string(at, column, cell[:CELL_AT_MOST], plain)
