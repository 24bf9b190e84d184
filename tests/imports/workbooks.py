"""Workbooks as people have them, made for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

Cell = Any
"""A value, or a value and its number format: (77, "0000")."""


def book(rows: Sequence[Sequence[Cell]], **more: Any) -> bytes:
    """A workbook of one sheet of those rows from its first on; None leaves a cell out.

    Args:
        rows: the cells.
        more: `merged`: ranges such as "A2:A4"; `hidden_rows`, `hidden_columns`: their places from 0; `hidden_sheets`: names
            of sheets before and behind it that are hidden; `before`: the rows of a sheet 表紙 that stands before it.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        if "before" in more:
            cover = made.add_worksheet("表紙")
            for y, row in enumerate(more["before"]):
                cover.write_row(y, 0, row)
        sheet = made.add_worksheet("台帳")
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                _write(made, sheet, y, x, cell)
        for area in more.get("merged", ()):
            first = area.split(":")[0]
            y, x = int(first[1:]) - 1, ord(first[0]) - 65
            sheet.merge_range(area, rows[y][x])
        for y in more.get("hidden_rows", ()):
            sheet.set_row(y, None, None, {"hidden": True})
        for x in more.get("hidden_columns", ()):
            sheet.set_column(x, x, None, None, {"hidden": True})
        for name in more.get("hidden_sheets", ()):
            made.add_worksheet(name).hide()
    return out.getvalue()


def _write(made: Any, sheet: Any, y: int, x: int, cell: Cell) -> None:
    value, code = cell if isinstance(cell, tuple) else (cell, "")
    style = made.add_format({"num_format": code}) if code else None
    if isinstance(value, str) and value.startswith("="):
        sheet.write_formula(y, x, value, style, "")
    elif isinstance(value, str):
        sheet.write_string(y, x, value, style)
    elif value is not None:
        sheet.write_number(y, x, value, style)


def changed(raw: bytes, part: str, old: str, new: str) -> bytes:
    """The same with a text of one of its parts put into other words: what no writer of workbooks makes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for each in given.namelist():
            inside = given.read(each)
            if each == part:
                assert old.encode() in inside
                inside = inside.replace(old.encode(), new.encode())
            made.writestr(each, inside)
    return out.getvalue()


def farthest() -> bytes:
    """1.4 kB: only the first and the last cell that a sheet can have are filled."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "資料番号")
        sheet.write_string(1_048_575, 16_383, "x")
    return out.getvalue()
