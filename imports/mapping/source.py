"""The file of an import: unpacked, looked at, and kept encrypted until the import is signed off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any, BinaryIO

from imports.formats.form import Form, SheetError, SheetRow
from imports.formats.packed import is_zip_of_tables, unpacked
from imports.formats.sheet import Sheet, opened_in
from imports.formats.text_table import lines_of, rows_of_text
from imports.formats.workbook import LOOKING, SECONDS
from imports.store.keeping import keeping
from imports.store.sealed_source import Unopened, file_of, keep_file, opened, sealed
from models.data_classes import Words

SAMPLED = 2_000
SCANNED = 20_000
"""Records read between two signs of life."""
EMPTY: Mapping[str, list[str]] = {}
GONE: Words = (
    "元のファイルはもうありません(点検のあと消去されたか、鍵が違います)。",
    "The file is gone: erased after the sign-off, or the key is another.",
)


@dataclass(frozen=True)
class Look:
    """What a person is shown of a file before anything is done with it."""

    form: Form
    header: list[str]
    rows: list[SheetRow]
    sheets: list[str]
    remarks: list[Words] = field(default_factory=list)
    """What is hidden in a workbook."""


def keep(key: bytes, stream: BinaryIO, name: str, id_: str, password: str = "") -> dict[str, Any]:
    """Store a file, out of its zip, under an id of imports.store.keeping; what an import's document says of it.

    Raises:
        SheetError: it cannot be unpacked.
    """
    stream.seek(0)
    if is_zip_of_tables(stream):
        with unpacked(stream, password) as (inner, plain):
            size, digest = keep_file(key, plain, id_)
            name = inner.rsplit("/", 1)[-1]
    else:
        stream.seek(0)
        size, digest = keep_file(key, stream, id_)
    return {"id": id_, "name": name[-120:], "size": size, "sha256": digest}


def begun(
    key: bytes, stream: BinaryIO, name: str, begin: Callable[[dict[str, Any], Look], str], *,
    by: str, institution: str, password: str = "", form: Form | None = None, rows: int = SAMPLED,
    seconds: float = LOOKING,
) -> str:  # fmt: skip
    """Keep a file and begin an import of it; what no import came to name is kept no longer.

    Args:
        by: the account's opaque id, or `console`.
        institution: into which it is imported.
        begin: makes the import of what is said of the file and of its first rows; gives its id.
        rows: how many rows `begin` is shown.
        seconds: of work that a workbook may take.

    Raises:
        SheetError: it cannot be unpacked or read. Whatever `begin` raises.
    """
    with keeping(by=by, institution=institution) as id_:
        kept = keep(key, stream, name, id_, password)
        return begin(kept, look(key, kept, form or Form(), rows, seconds=seconds))


@contextmanager
def reading(
    key: bytes, file: dict[str, Any], form: dict[str, Any], *, seconds: float = SECONDS
) -> Iterator[Sheet]:
    """The table in a stored file. `seconds`: of work that a workbook may take.

    Raises:
        SheetError: it is gone, or cannot be read.
    """
    try:
        with file_of(key, file["id"]) as plain, opened_in(plain, Form(**form), seconds=seconds) as sheet:
            yield sheet
    except Unopened as error:
        raise SheetError(*GONE) from error


def look(
    key: bytes, file: dict[str, Any], form: Form, rows: int = SAMPLED, *, seconds: float = LOOKING
) -> Look:
    """The header and first rows of a stored file. `seconds`: of work that a workbook may take.

    Raises:
        SheetError: as reading.
    """
    with reading(key, file, form.as_document(), seconds=seconds) as sheet:
        first = list(islice(sheet.rows(), rows))
        return Look(sheet.form, sheet.header, first, sheet.sheets, sheet.remarks)


def sealed_rows(key: bytes, run: str, no: int, rows: Iterable[SheetRow]) -> bytes:
    """Rows of a file as they were read, with what was wrong in the reading, for the batch of that number."""
    return sealed(key, f"{run}:{no}", [_as_list(each) for each in rows])


def _as_list(row: SheetRow) -> list[Any]:
    """All that a row carries; of most nothing but number and cells."""
    found = [getattr(row, each.name) for each in fields(row)]
    while not found[-1]:
        found.pop()
    return found


def rows_of(key: bytes, run: Any, no: int, batch: Mapping[str, Any]) -> dict[int, SheetRow]:
    """Number → row as the first pass had it, of a batch read with its `source`, in the order of the file.

    Raises:
        Unopened: it is erased, or was sealed by another key.
    """
    return {
        number: _row(number, *more) for number, *more in opened(key, f"{run}:{no}", batch.get("source", b""))
    }


def _row(
    number: int, cells: dict[str, str], troubles: Mapping[str, list[str]] = EMPTY, *more: Any
) -> SheetRow:
    return SheetRow(number, cells, {column: (ja, en) for column, (ja, en) in troubles.items()}, *more)


def scanned(key: bytes, file: Mapping[str, Any], form: Mapping[str, Any]) -> Iterator[int]:
    """Read a text once to its end, before anything of it is stored; how many records were met, now and then.

    Raises:
        SheetError: it is gone, or cannot be read to its end.
    """
    if form["kind"] != "text":
        return
    try:
        with file_of(key, file["id"]) as plain:
            for count, _ in enumerate(rows_of_text(plain, form["encoding"], form["delimiter"]), 1):
                if count % SCANNED == 0:
                    yield count
    except Unopened as error:
        raise SheetError(*GONE) from error


def lines(key: bytes, file: Mapping[str, Any], form: Mapping[str, Any]) -> int:
    """How many lines a stored text has, counted without reading it as a table; 0 for a workbook.

    Raises:
        Unopened: it is gone.
    """
    if form["kind"] != "text":
        return 0
    with file_of(key, file["id"]) as plain:
        return lines_of(plain, form["encoding"])
