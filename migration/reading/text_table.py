"""Rows of cells out of a CSV or TSV, in any of the encodings of Japan."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from migration.reading.form import SheetError

LONGEST_CELL = 4_000_000


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


def rows_of_text(binary: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Every record of the file as its cells; what cannot be decoded stands as U+FFFD.

    Raises:
        SheetError: from some line on it is no table.
    """
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")
    rows = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            cells = next(rows, None)
        except (csv.Error, UnicodeError) as error:
            raise SheetError(
                f"{rows.line_num}行目から先がCSVとして読めません。引用符を確かめてください。",
                f"From line {rows.line_num} on this is not a CSV; check its quotation marks.",
            ) from error
        if cells is None:
            text.detach()
            return
        yield cells
