"""A table inside a zip, with a password or without: the way a careful person hands personal data over."""

from __future__ import annotations

import errno
import lzma
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

import pyzipper

from imports.formats.form import SheetError
from models.data_classes import Words

LARGEST = 1 << 30
"""Bytes of a table."""
RATIO, FREE = 100, 32 << 20
"""A table is seldom a tenth of its size when packed; beyond so many bytes, one that grows a hundredfold is a bomb."""
SECONDS = 20.0
"""By the clock, to unpack one."""
LONGEST_LIST = 4 << 20
"""Bytes of the list of what is in a zip, some 50,000 names: the libraries hold ten times as much in memory."""
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What is unpacked in bounded pieces. Of bzip2 and LZMA the libraries unpack all that they are given at once."""
IN_MEMORY = 32 << 20
GROWN: Words = (
    "zipの中身が、zipの大きさに比べて大きすぎます。zipにせずに送るか、ファイルを分けてください。",
    "What is in the zip is far larger than the zip. Send it without a zip, or split the file.",
)
TOO_SLOW: Words = (
    "zipを開くのに時間がかかりすぎます。ファイルを分けてください。",
    "Unpacking the zip takes too long; split the file.",
)
METHOD: Words = (
    "このzipの圧縮方式(bzip2、LZMAなど)は読めません。普通の方式(Deflate)でzipを作り直してください。",
    "This zip uses a compression (bzip2, LZMA and the like) that is not read here. Make it again with the usual one (Deflate).",
)
CROWDED: Words = (
    "zipの中のファイルが多すぎます。分けて送ってください。",
    "There are too many files in the zip; split it.",
)
UNOPENED: Words = (
    "zipを開けません。パスワードを確かめてください。",
    "The zip cannot be opened; check the password.",
)
TABLES = (".csv", ".tsv", ".txt", ".xlsx")
_BLOCK = 1 << 20
DAMAGED = (
    zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    LookupError, RuntimeError, AttributeError, TypeError, MemoryError,
)  # fmt: skip
"""What the two libraries and their decompressors say of a damaged or crafted zip, bzip2's being a bare OSError."""


def is_zip_of_tables(binary: BinaryIO) -> bool:
    """Whether it is a zip that is not itself a workbook.

    Raises:
        SheetError: its list of files is too long.
    """
    start = binary.tell()
    try:
        check_list(binary)
        with zipfile.ZipFile(binary) as packed:
            return "[Content_Types].xml" not in packed.namelist()
    except DAMAGED:
        return False
    finally:
        binary.seek(start)


def check_list(binary: IO[bytes]) -> None:
    """Look at how long a zip's list of files is, before a library reads it whole.

    Raises:
        SheetError: too long.
    """
    start = binary.tell()
    try:
        # What the library itself goes by; any other reading of the same bytes could be deceived.
        end = zipfile._EndRecData(binary)  # type: ignore[attr-defined]  # noqa: SLF001
    except DAMAGED:
        end = None
    finally:
        binary.seek(start)
    if end and end[5] > LONGEST_LIST:
        raise SheetError(*CROWDED)


@contextmanager
def unpacked(binary: BinaryIO, password: str = "") -> Iterator[tuple[str, BinaryIO]]:
    """The one table in a zip: its name, and it as a file of no name that is gone afterwards.

    Raises:
        SheetError: no table or several, a password that is missing or wrong, or too much in it.
    """
    with _opened(binary) as packed, tempfile.SpooledTemporaryFile(IN_MEMORY) as plain:
        table = _table(packed)
        with entry(packed, table, password) as inside:
            _copy(inside, plain, table.compress_size)
        plain.seek(0)
        yield table.filename, cast("BinaryIO", plain)


def check(binary: BinaryIO, password: str = "") -> None:
    """See that the one table in a zip can be unpacked, by its beginning.

    Raises:
        SheetError: as unpacked, as far as the beginning tells.
    """
    with _opened(binary) as packed:
        table = _table(packed)
        if table.file_size > max(FREE, RATIO * table.compress_size):
            raise SheetError(*GROWN)
        with entry(packed, table, password) as inside:
            inside.read(1)


def declared_size(binary: BinaryIO) -> int:
    """Bytes of all that is in a zip, by its own word: more than that comes out of none.

    Raises:
        SheetError: as unpacked.
    """
    with _opened(binary) as packed:
        return sum(each.file_size for each in packed.infolist())


def _table(packed: pyzipper.AESZipFile) -> zipfile.ZipInfo:
    tables: list[zipfile.ZipInfo] = [
        each for each in packed.infolist() if each.filename.lower().endswith(TABLES)
    ]
    if len(tables) != 1:
        raise SheetError(
            "zipの中に、CSVかXLSXを一つだけ入れてください。",
            "Put one CSV or XLSX into the zip, and only one.",
        )
    return tables[0]


def _opened(binary: BinaryIO) -> pyzipper.AESZipFile:
    check_list(binary)
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
    if name.compress_type not in METHODS:
        raise SheetError(*METHOD)
    try:
        with packed.open(name, pwd=password.encode() if password else None) as inside:
            yield inside
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # this machine's disk, and not the file
        raise SheetError(*UNOPENED) from error


def _copy(inside: IO[bytes], plain: IO[bytes], packed: int) -> None:
    # What the zip says of its size is not believed: it is counted as it comes.
    total, until = 0, time.monotonic() + SECONDS
    while block := inside.read(_BLOCK):
        total += len(block)
        if total > LARGEST:
            raise SheetError("zipの中身が大きすぎます。", "What is in the zip is too large.")
        if total > max(FREE, RATIO * packed):
            raise SheetError(*GROWN)
        if time.monotonic() > until:
            raise SheetError(*TOO_SLOW)
        plain.write(block)
