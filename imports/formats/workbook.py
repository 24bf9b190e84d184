"""A sheet of an XLSX as its cells show it, read by a child with limits (imports.formats.xlsx).

Displayed texts, not the numbers behind them: 0077, 2001.10, 1954年. No formula is run and no macro read.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from gate.fields.limited_child import ChildFailed, lines_of, program_beside
from imports.formats.form import MOST_COLUMNS, RawRow, SheetError
from imports.formats.merged import Merged
from imports.formats.xlsx.marks import HIDDEN, INTEGER
from models.data_classes import Words

MEMORY = 384 << 20
"""Bytes: the texts of a ledger of a million rows."""
SECONDS = 300.0
"""Of work on one sheet: a million rows of twenty cells take two minutes."""
LOOKING = 20.0
"""The same, where a person waits for the first rows."""
PATIENCE = 60.0
"""Seconds by the clock for the next row."""
PLACES = 2
"""Workbooks read at once in a process."""
NO_WORKBOOK: Words = (
    "XLSXとして読めません。Excelで開いて「.xlsx」で保存し直してください。",
    "This cannot be read as an XLSX. Open it in Excel and save it as .xlsx.",
)
TOO_LARGE: Words = (
    "ブックが大きすぎます。取り込むシートだけをCSV(UTF-8)で保存してください。",
    "The workbook is too large. Save the sheet to be imported as CSV (UTF-8).",
)
BUSY: Words = (
    "ほかのブックを読んでいるところです。少し待って、もう一度送ってください。",
    "Other workbooks are being read. Wait a moment and send it again.",
)
_places = threading.BoundedSemaphore(PLACES)


@dataclass(frozen=True)
class Workbook:
    """An open workbook with one of its sheets. `rows` is to be gone through once."""

    sheets: list[str]
    hidden_sheets: list[str]
    sheet: str
    hidden_columns: list[int]
    """From 0."""
    merged: Merged
    rows: Iterator[RawRow]
    """Those with anything in them."""


@contextmanager
def workbook(binary: BinaryIO, sheet: str, *, seconds: float = SECONDS) -> Iterator[Workbook]:
    """A sheet of a workbook; the first that is not hidden where none is named. `seconds`: of the child's work.

    Raises:
        SheetError: it is no workbook, there is no such sheet, or it is more than a table can be. While rows are read, too.
    """
    if not _places.acquire(timeout=PATIENCE):
        raise SheetError(*BUSY)
    try:
        program = program_beside(__file__, "xlsx/child.py")
        # JSON, so that no sign of a sheet's name is one to the system.
        with lines_of(
            program, binary, json.dumps(sheet), str(MEMORY), str(seconds), patience=PATIENCE
        ) as lines:
            answers = _answers(lines, sheet)
            head = next(answers)
            yield Workbook(
                head["sheets"], head["hidden_sheets"], head["sheet"],
                [at for first, last in head["hidden_columns"] for at in range(first, last + 1)],
                Merged(head["merged"]), _rows(answers),
            )  # fmt: skip
    finally:
        _places.release()


def _answers(lines: Iterator[bytes], sheet: str) -> Iterator[Any]:
    """What the child says, to its last line; what it refuses as an error."""
    ended = False
    try:
        for line in lines:
            said = json.loads(line)
            if isinstance(said, dict) and "refused" in said:
                raise SheetError(*_refusal(said["refused"], str(said["at"]), sheet))
            ended = isinstance(said, dict) and "rows" in said
            yield said
    except (ChildFailed, ValueError) as error:
        raise SheetError(*TOO_LARGE) from error
    if not ended:
        raise SheetError(*NO_WORKBOOK)


def _refusal(why: str, at: str, sheet: str) -> Words:
    if why == "columns":
        return (
            f"セル{at}に値があります。列は{MOST_COLUMNS:,}までです。表の外の値を消してください。",
            f"There is something in cell {at}. At most {MOST_COLUMNS:,} columns: remove what is outside the table.",
        )
    if why == "sheet":
        return f"シート「{sheet}」がありません。", f"There is no sheet “{sheet}”."
    return TOO_LARGE if why in ("memory", "large", "merged") else NO_WORKBOOK


def _rows(answers: Iterator[Any]) -> Iterator[RawRow]:
    for said in answers:
        if isinstance(said, dict):
            continue
        number, hidden, cells, told = said
        marks = {int(at): mark for at, mark in told.items()}
        for at, cell in enumerate(cells):
            if type(cell) is int:
                cells[at] = str(cell)
                marks[at] = INTEGER
        if hidden:
            marks[-1] = HIDDEN
        yield RawRow(number, cells, marks)
