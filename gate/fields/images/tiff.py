"""A TIFF of one page written again with only the tags and the pixel data that decoding needs (TIFF 6.0, BigTIFF).

It is rewritten, not blanked: what no kept tag points to (GPS and EXIF directories, maker's notes, XMP, IPTC, Photoshop
resources, thumbnails) cannot come along. Strips and tiles are copied byte for byte.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from gate.fields.images.raw import Damaged, Pages, Raw, copy

SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
"""Bytes of one value of each type."""
KEPT = frozenset(
    [254, 256, 257, 258, 259, 262, 263, 266, 274, 277, 278, 280, 281, 282, 283, 284, 290, 291, 292, 293, 296, 297, 301,
     317, 318, 319, 320, 321, 322, 323, 332, 334, 336, 338, 339, 340, 341, 342, 347, 529, 530, 531, 532, 34675]
)  # fmt: skip
"""What says how pixels are laid out, what they mean in light (34675 is the ICC profile), and how large they are."""
STRIPS, TILES = (273, 279), (324, 325)
"""Tags of the places and the lengths of pixel data."""
SUBFILE, OLD_SUBFILE, COMPRESSION = 254, 255, 259
OLD_JPEG = 6
"""Compression whose tables lie scattered in the file, by tags that programs filled in differently."""
MOST_DIRECTORIES = 10_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """A tag's type, the number of its values, and their bytes."""

    type: int
    count: int
    value: bytes


class _File:
    """A TIFF's directories."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.order = {b"II": "<", b"MM": ">"}.get(bytes(raw[:2]), "")
        if not self.order:
            raise Damaged
        self.big = self.number(2, 2) == 43
        self.word = 8 if self.big else 4

    def number(self, at: int, size: int) -> int:
        """An unsigned number of the file's byte order."""
        if at + size > len(self.raw):
            raise Damaged
        return int.from_bytes(self.raw[at : at + size], "little" if self.order == "<" else "big")

    def directories(self) -> Iterator[dict[int, _Entry]]:
        """Each in turn; one that was there before ends the chain."""
        at, seen = self.number(8 if self.big else 4, self.word), set[int]()
        while at and at not in seen and len(seen) < MOST_DIRECTORIES:
            seen.add(at)
            counted = 8 if self.big else 2
            count, width = self.number(at, counted), 4 + 2 * self.word
            start, end = at + counted, at + counted + count * width
            if end > len(self.raw):
                raise Damaged
            yield dict(self._entry(each) for each in range(start, end, width))
            # Some writers leave out the last link.
            at = self.number(end, self.word) if end + self.word <= len(self.raw) else 0

    def _entry(self, at: int) -> tuple[int, _Entry]:
        tag, type_, count = self.number(at, 2), self.number(at + 2, 2), self.number(at + 4, self.word)
        length = SIZES.get(type_, 1) * count
        place = at + 4 + self.word
        if length > self.word:
            place = self.number(place, self.word)
        # Only what is wanted later must be there: a broken tag of no meaning for the pixels harms nobody.
        return tag, _Entry(type_, count, bytes(self.raw[place : place + length]) if tag in WANTED else b"")

    def numbers(self, entry: _Entry) -> list[int]:
        """The values of an entry of whole numbers."""
        size = SIZES.get(entry.type, 0)
        if entry.type not in (1, 3, 4, 13, 16, 18) or len(entry.value) != size * entry.count:
            raise Damaged
        order = "little" if self.order == "<" else "big"
        return [
            int.from_bytes(entry.value[at : at + size], order)  # type: ignore[arg-type]
            for at in range(0, len(entry.value), size)
        ]


WANTED = KEPT | {*STRIPS, *TILES, OLD_SUBFILE}


def strip_tiff(raw: Raw, out: IO[bytes]) -> None:
    """Write the one page again.

    Raises:
        Damaged, Pages: as gate.fields.images.stripping.strip.
    """
    file = _File(raw)
    directories = list(file.directories())
    pages = [each for each in directories if _is_page(file, each)] or directories[:1]
    if len(pages) != 1:
        raise Pages(len(pages)) if pages else Damaged
    page = pages[0]
    if COMPRESSION in page and file.numbers(page[COMPRESSION]) == [OLD_JPEG]:
        raise Damaged
    out.write(file.raw[:2] + struct.pack(file.order + "HI", 42, 0))
    kept = {tag: each for tag, each in page.items() if tag in KEPT}
    for each in kept.values():
        if len(each.value) != SIZES.get(each.type, 1) * each.count:
            raise Damaged
    at = 8
    for places, lengths in (STRIPS, TILES):
        if places in page:
            at = _copied(file, page, (places, lengths), kept, out, at)
    _write_directory(file, kept, out, at)


def _is_page(file: _File, page: dict[int, _Entry]) -> bool:
    """Whether a directory is a picture of its own, and no thumbnail or mask of another."""
    if SUBFILE in page and file.numbers(page[SUBFILE])[:1] not in ([0], [2]):
        return False
    return not (OLD_SUBFILE in page and file.numbers(page[OLD_SUBFILE])[:1] == [2])


def _copied(
    file: _File,
    page: dict[int, _Entry],
    tags: tuple[int, int],
    kept: dict[int, _Entry],
    out: IO[bytes],
    at: int,
) -> int:
    """Copy the pieces of pixel data to `at` and say in `kept` where they are now; where the copy ends."""
    starts = file.numbers(page[tags[0]])
    if tags[1] in page:
        lengths = file.numbers(page[tags[1]])
    elif len(starts) == 1:  # old writers: to the end of the file
        lengths = [len(file.raw) - starts[0]]
    else:
        raise Damaged
    if len(starts) != len(lengths) or sum(lengths) > len(file.raw):
        raise Damaged
    moved = []
    for start, length in zip(starts, lengths, strict=True):
        if start + length > len(file.raw) or length < 0:
            raise Damaged
        moved.append(at)
        copy(file.raw, start, start + length, out)
        out.write(b"\0" * (length % 2))
        at += length + length % 2
    for tag, values in zip(tags, (moved, lengths), strict=True):
        kept[tag] = _Entry(4, len(values), struct.pack(f"{file.order}{len(values)}I", *values))
    return at


def _write_directory(file: _File, kept: dict[int, _Entry], out: IO[bytes], at: int) -> None:
    entries = []
    for tag, each in sorted(kept.items()):
        if each.type in (16, 18):  # BigTIFF's long numbers: what is written is a plain TIFF
            values = file.numbers(each)
            if max(values, default=0) >= 1 << 32:
                raise Damaged
            each = _Entry(4, each.count, struct.pack(f"{file.order}{len(values)}I", *values))  # noqa: PLW2901
        value = each.value
        if len(value) > 4:
            out.write(value + b"\0" * (len(value) % 2))
            value, at = struct.pack(file.order + "I", at), at + len(value) + len(value) % 2
        entries.append(struct.pack(file.order + "HHI", tag, each.type, each.count) + value.ljust(4, b"\0"))
    out.write(struct.pack(file.order + "H", len(entries)) + b"".join(entries) + b"\0" * 4)
    out.seek(4)
    out.write(struct.pack(file.order + "I", at))
    out.seek(0, 2)
