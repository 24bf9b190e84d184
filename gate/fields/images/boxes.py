"""AVIF and JPEG 2000 without EXIF, XMP and other texts: blanked where they stand, so that no offset moves.

Both are files of boxes (ISO/IEC 14496-12, ISO/IEC 15444-1 annex I): a length, a type of four letters, content.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

from gate.fields.images.raw import Damaged, Raw


class _Box(NamedTuple):
    kind: bytes
    at: int
    start: int
    end: int


def _boxes(raw: Raw | bytearray, at: int, end: int) -> Iterator[_Box]:
    """The boxes between two places."""
    while at + 8 <= end:
        size, kind, head = int.from_bytes(raw[at : at + 4], "big"), bytes(raw[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(raw[at + 8 : at + 16], "big"), 16
        if size == 0:  # up to the end
            size = end - at
        if size < head or at + size > end:
            raise Damaged
        yield _Box(kind, at, at + head, at + size)
        at += size


def _blank(data: bytearray, box: _Box) -> None:
    data[box.at + 4 : box.at + 8] = b"free"
    data[box.start : box.end] = bytes(box.end - box.start)


COMMENT, START_OF_TILE = 0xFF64, 0xFF90


def strip_jpeg2000(raw: Raw, out: IO[bytes]) -> None:
    """JP2, or a bare codestream: boxes of XML and UUID (EXIF, XMP, GeoJP2) and comments are blanked.

    Raises:
        Damaged: as gate.fields.images.stripping.strip.
    """
    data = bytearray(raw)
    if data[:4] == b"\xff\x4f\xff\x51":
        _blank_comments(data, 0)
    else:
        for box in _boxes(raw, 0, len(raw)):
            if box.kind in (b"uuid", b"xml ", b"uinf", b"jp2i"):
                _blank(data, box)
            elif box.kind == b"jp2c":
                _blank_comments(data, box.start)
    out.write(data)


def _blank_comments(data: bytearray, at: int) -> None:
    """In the main header of a codestream, which ends where the first tile begins."""
    at += 2
    while (marker := int.from_bytes(data[at : at + 2], "big")) != START_OF_TILE:
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 2 or at + 2 + size > len(data):
            raise Damaged
        if marker == COMMENT:
            data[at + 6 : at + 2 + size] = b" " * max(0, size - 4)
        at += 2 + size


TEXTS = (b"Exif", b"mime", b"uri ")


def strip_avif(raw: Raw, out: IO[bytes]) -> None:
    """EXIF and XMP are items of the file's `meta` box, which says where their bytes lie.

    Raises:
        Damaged: as gate.fields.images.stripping.strip.
    """
    data = bytearray(raw)
    try:
        for box in _boxes(raw, 0, len(raw)):
            if box.kind == b"meta":
                _blank_items(data, box)
            elif box.kind in (b"uuid", b"udta"):
                _blank(data, box)
    except struct.error as error:
        raise Damaged from error
    out.write(data)


def _blank_items(data: bytearray, meta: _Box) -> None:
    inside = {each.kind: each for each in _boxes(data, meta.start + 4, meta.end)}
    if b"iinf" not in inside or b"iloc" not in inside:
        raise Damaged
    texts = set()
    for box in _infos(data, inside[b"iinf"]):
        wide = data[box.start] >= 3
        id_, kind_at = _number(data, box.start + 4, 4 if wide else 2), box.start + (10 if wide else 8)
        if data[kind_at : kind_at + 4] in TEXTS:
            texts.add(id_)
            data[kind_at : kind_at + 4] = b"skip"
    idat = inside[b"idat"].start if b"idat" in inside else 0
    for id_, start, length in _places(data, inside[b"iloc"], idat):
        if id_ in texts:
            if start + length > len(data):
                raise Damaged
            data[start : start + length] = bytes(length)


def _infos(data: bytearray, box: _Box) -> Iterator[_Box]:
    """The `infe` boxes."""
    yield from _boxes(data, box.start + (6 if data[box.start] == 0 else 8), box.end)


def _number(data: bytearray, at: int, size: int) -> int:
    if at + size > len(data):
        raise Damaged
    return int.from_bytes(data[at : at + size], "big")


def _places(data: bytearray, box: _Box, idat: int) -> Iterator[tuple[int, int, int]]:
    """(item, first byte in the file, length) of each extent."""
    version, sizes = data[box.start], _number(data, box.start + 4, 2)
    offset, length, base, index = (sizes >> 12 & 15, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15)
    at, wide = box.start + 6, 4 if version == 2 else 2
    count, at = _number(data, at, wide), at + wide
    for _ in range(count):
        id_, at = _number(data, at, wide), at + wide
        method = 0
        if version:
            method, at = _number(data, at, 2) & 15, at + 2
        start, at = _number(data, at + 2, base), at + 2 + base
        extents, at = _number(data, at, 2), at + 2
        for _ in range(extents):
            at += index if version else 0
            place = start + _number(data, at, offset) + (idat if method == 1 else 0)
            yield id_, place, _number(data, at + offset, length)
            at += offset + length
            if at > box.end:
                raise Damaged
