"""A table inside a zip, with a password or without: the way a careful person hands personal data over."""

from __future__ import annotations

import errno
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

import pyzipper

from migration.reading.form import SheetError
from models.data_classes import Words

LARGEST = 1 << 30
IN_MEMORY = 32 << 20
UNOPENED: Words = (
    "zipを開けません。パスワードを確かめてください。",
    "The zip cannot be opened; check the password.",
)
TABLES = (".csv", ".tsv", ".txt", ".xlsx")
_BLOCK = 1 << 20
DAMAGED = (
    zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    LookupError, RuntimeError, AttributeError, TypeError,
)  # fmt: skip
"""What the two libraries and their decompressors say of a damaged or crafted zip, bzip2's being a bare OSError."""


def is_zip_of_tables(binary: BinaryIO) -> bool:
    """Whether it is a zip that is not itself a workbook."""
    start = binary.tell()
    try:
        with zipfile.ZipFile(binary) as packed:
            return "[Content_Types].xml" not in packed.namelist()
    except DAMAGED:
        return False
    finally:
        binary.seek(start)


@contextmanager
def unpacked(binary: BinaryIO, password: str = "") -> Iterator[tuple[str, BinaryIO]]:
    """The one table in a zip: its name, and it as a file of no name that is gone afterwards.

    Raises:
        SheetError: no table or several, a password that is missing or wrong, or too much in it.
    """
    with _opened(binary) as packed, tempfile.SpooledTemporaryFile(IN_MEMORY) as plain:
        tables = [each for each in packed.infolist() if each.filename.lower().endswith(TABLES)]
        if len(tables) != 1:
            raise SheetError(
                "zipの中に、CSVかXLSXを一つだけ入れてください。",
                "Put one CSV or XLSX into the zip, and only one.",
            )
        with entry(packed, tables[0], password) as inside:
            _copy(inside, plain)
        plain.seek(0)
        yield tables[0].filename, cast("BinaryIO", plain)


def _opened(binary: BinaryIO) -> pyzipper.AESZipFile:
    try:
        return pyzipper.AESZipFile(binary)
    except DAMAGED as error:
        raise SheetError(*UNOPENED) from error


@contextmanager
def entry(packed: pyzipper.AESZipFile, name: zipfile.ZipInfo, password: str = "") -> Iterator[IO[bytes]]:
    """One file of a zip, to be read within the block.

    Raises:
        SheetError: a wrong password, a compression that is not known here, or damage, met at once or while reading.
    """
    try:
        with packed.open(name, pwd=password.encode() if password else None) as inside:
            yield inside
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # this machine's disk, and not the file
        raise SheetError(*UNOPENED) from error


def _copy(inside: IO[bytes], plain: IO[bytes]) -> None:
    # What the zip says of its size is not believed: it is counted as it comes.
    total = 0
    while block := inside.read(_BLOCK):
        total += len(block)
        if total > LARGEST:
            raise SheetError("zipの中身が大きすぎます。", "What is in the zip is too large.")
        plain.write(block)
