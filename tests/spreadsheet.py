"""What stands in a workbook that we wrote, read without the application's own reader (law 10)."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as ET

_part = ET.fromstring  # of workbooks that we wrote
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cell = str | float


def sheets_in(raw: bytes) -> dict[str, list[list[Cell]]]:
    """Sheet → its rows from the first, each as wide as the widest; a text as str, a number as float, an empty cell as ""."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        names = [each.get("name", "") for each in _part(parts.read("xl/workbook.xml")).iter(f"{_NS}sheet")]
        shared: list[str] = []
        if "xl/sharedStrings.xml" in parts.namelist():
            strings = _part(parts.read("xl/sharedStrings.xml")).iter(f"{_NS}si")
            shared = ["".join(each.itertext()) for each in strings]
        return {
            name: _table(_part(parts.read(f"xl/worksheets/sheet{at}.xml")), shared)
            for at, name in enumerate(names, 1)
        }


def rows_in(raw: bytes) -> list[list[Cell]]:
    """The rows of the first sheet."""
    return next(iter(sheets_in(raw).values()))


def _table(sheet: ET.Element, shared: list[str]) -> list[list[Cell]]:
    found: dict[tuple[int, int], Cell] = {}
    for each in sheet.iter(f"{_NS}c"):
        place = re.fullmatch(r"([A-Z]+)(\d+)", each.get("r", ""))
        assert place
        column = 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - 64
        text, kind = "".join(each.itertext()), each.get("t", "n")
        if kind == "s":
            found[int(place[2]), column] = shared[int(text)]
        elif text:
            found[int(place[2]), column] = float(text) if kind == "n" else text
    last, width = max((row for row, _ in found), default=0), max((column for _, column in found), default=0)
    return [[found.get((row, column), "") for column in range(1, width + 1)] for row in range(1, last + 1)]
