"""The program that reads one sheet of a workbook. Parsers are where hostile files strike; it runs as a child with limits.

Standard input is the file; the arguments are the sheet's name as JSON ("" is the first that is visible), bytes of memory
and seconds. Standard output is JSON a line: what is known of the workbook; then each row as [number, hidden, cells, marks];
at last {"rows": count}, or {"refused": code, "at": cell} wherever it stopped.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from gate.fields.limited_child import confine
from imports.formats.xlsx.book import Book, SheetPart, Unreadable
from imports.formats.xlsx.cells import Rows

_NO_MEMORY = 1
"""Expat's code."""


def write(what: Any) -> None:
    """One line of the answer."""
    sys.stdout.write(json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n")


def read(sheet: str) -> None:
    """The workbook on standard input, to its end or to what is wrong with it."""
    with open(0, "rb", closefd=False) as file:
        file.seek(0)
        book = Book(file)
        chosen = _chosen(book, sheet)
        rows = Rows(book, chosen)
        head = {
            "sheets": [each.name for each in book.sheets],
            "hidden_sheets": [each.name for each in book.sheets if each.hidden],
            "sheet": chosen.name,
            "merged": book.merged(chosen),
        }
        told, count = False, 0
        for block in rows.blocks():
            if block and not told:
                told = True
                write(head | {"hidden_columns": rows.hidden_columns})
            count += len(block)
            for each in block:
                write(each)
        if not told:
            write(head | {"hidden_columns": rows.hidden_columns})
        write({"rows": count})


def _chosen(book: Book, name: str) -> SheetPart:
    if name:
        found = next((each for each in book.sheets if each.name == name), None)
        if found is None:
            raise Unreadable("sheet")
        return found
    return next((each for each in book.sheets if not each.hidden), book.sheets[0])


def main() -> None:
    """Read and write; whatever goes wrong is said with one code."""
    sheet, memory, seconds = json.loads(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    confine(memory=memory, seconds=seconds)
    refused = {"refused": "unreadable", "at": ""}
    try:
        read(sheet)
    except BrokenPipeError:
        os._exit(0)  # enough was read
    except Unreadable as error:
        refused = {"refused": error.why, "at": error.at}
    except MemoryError:
        refused["refused"] = "memory"
    except ExpatError as error:
        refused["refused"] = "memory" if error.code == _NO_MEMORY else "unreadable"
    except Exception:  # noqa: S110 - a damaged file makes the libraries raise what they like; it is all one: no workbook
        pass
    else:
        return
    try:
        write(refused)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
