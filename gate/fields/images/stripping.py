"""A picture file without what was written beside its pixels: position, maker's notes, texts, thumbnails, comments.

Lossless: what the decoder reads (pixels, colour profile, resolution, orientation) is copied byte for byte, everything
else stays behind. Formats: JPEG (ITU T.81), PNG (W3C, third edition), WebP (RFC 9649); TIFF, AVIF and JPEG 2000 have
files of their own.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import IO

from PIL import Image

from gate.fields.images.boxes import strip_avif, strip_jpeg2000
from gate.fields.images.raw import Damaged, Pages, Raw, copy
from gate.fields.images.tiff import strip_tiff

ORIENTATION = 0x0112


def strip(format_: str, raw: Raw, orientation: int, out: IO[bytes], profile: bytes = b"") -> int:
    """Write the file again without what stands beside its pixels; returns the orientation that it has then.

    Args:
        format_: Pillow's name of the format.
        raw: the whole file.
        orientation: 1–8 as EXIF has it; written back where it is not 1. A PNG's own, behind its pixels, goes before it.
        out: where to.
        profile: a colour profile that a JPEG is to have, which said its colours in EXIF only.

    Raises:
        Damaged: cut short, or not built as its format says. Pages: it holds several pictures.
    """
    if format_ in ("JPEG", "MPO"):
        _strip_jpeg(raw, orientation, out, profile)
    elif format_ == "PNG":
        return _strip_png(raw, orientation, out)
    elif format_ == "WEBP":
        _strip_webp(raw, orientation, out)
    elif format_ == "TIFF":
        strip_tiff(raw, out)
    elif format_ == "AVIF":
        strip_avif(raw, out)
    else:
        strip_jpeg2000(raw, out)
    return orientation


def _exif(orientation: int) -> bytes:
    """An EXIF block of one entry (TIFF 6.0: big-endian, directory at 8)."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)


SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE
ALONE = frozenset([0x01, *range(0xD0, 0xD8)])
"""Markers without a length: TEM and RST."""
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _strip_jpeg(raw: Raw, orientation: int, out: IO[bytes], profile: bytes) -> None:
    out.write(b"\xff\xd8")
    if orientation != 1:
        block = b"Exif\0\0" + _exif(orientation)
        out.write(b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block)
    if profile:
        block = b"ICC_PROFILE\0\x01\x01" + profile
        out.write(b"\xff\xe2" + struct.pack(">H", len(block) + 2) + block)
    for marker, at, end in _segments(raw):
        if marker in ALONE or _kept_in_jpeg(marker, raw[at + 4 : at + 16]):
            if marker == 0xE0:
                out.write(_plain_jfif(raw[at:end]))
            else:
                copy(raw, at, end, out)
    out.write(b"\xff\xd9")


def _segments(raw: Raw) -> Iterator[tuple[int, int, int]]:
    """Marker, first byte and the byte behind the last of each segment; a scan's data belong to its segment.

    What a camera appended behind the picture's end (further pictures with their own EXIF) is not among them.
    """
    at = 2
    while True:
        while raw[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 2 > len(raw) or raw[at] != 0xFF:
            raise Damaged
        marker = raw[at + 1]
        if marker == EOI:
            return
        end = at + 2
        if marker not in ALONE:
            end += int.from_bytes(raw[at + 2 : at + 4], "big")
            if end > len(raw) or end < at + 4:
                raise Damaged
        if marker == SOS:
            found = AFTER_SCAN.search(raw, end)
            if found is None:
                raise Damaged
            end = found.start()
        yield marker, at, end
        at = end


def _kept_in_jpeg(marker: int, start: bytes) -> bool:
    """All that decoding needs; of the application's segments only density, colour profile and Adobe's colour transform."""
    if marker == 0xE0:
        return start.startswith(b"JFIF\0")
    if marker == 0xE2:
        return start.startswith(b"ICC_PROFILE\0")
    return marker == 0xEE and start.startswith(b"Adobe") or not (0xE0 <= marker <= 0xEF or marker == COM)


def _plain_jfif(segment: bytes) -> bytes:
    """A JFIF segment without its thumbnail."""
    return segment[:2] + struct.pack(">H", 16) + segment[4:16] + b"\0\0" if len(segment) >= 18 else segment


SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT_IN_PNG = frozenset(
    [b"IHDR", b"PLTE", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"pHYs", b"IDAT"]
)
EXIF_AT_MOST = 1 << 20
"""Bytes of EXIF that are looked into for the orientation."""


def _strip_png(raw: Raw, orientation: int, out: IO[bytes]) -> int:
    chunks = list(_chunks(raw))
    for kind, start, end in chunks:
        if kind == b"acTL":
            raise Pages(int.from_bytes(raw[start : start + 4], "big"))
        if kind == b"eXIf" and orientation == 1:
            orientation = _orientation_in(raw[start : min(end, start + EXIF_AT_MOST)])
    out.write(SIGNATURE)
    for kind, start, end in chunks:
        if kind in KEPT_IN_PNG:
            copy(raw, start - 8, end + 4, out)
        if kind == b"IHDR" and orientation != 1:
            said = b"eXIf" + _exif(orientation)
            out.write(struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said)))
    out.write(b"\0\0\0\0IEND" + struct.pack(">I", zlib.crc32(b"IEND")))
    return orientation


def _chunks(raw: Raw) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte and the byte behind the last of each chunk's content, up to the end of the picture."""
    at = len(SIGNATURE)
    while True:
        size, kind = int.from_bytes(raw[at : at + 4], "big"), bytes(raw[at + 4 : at + 8])
        if at + 12 + size > len(raw):
            raise Damaged
        if kind == b"IEND":
            return
        yield kind, at + 8, at + 8 + size
        at += 12 + size


def _orientation_in(block: bytes) -> int:
    exif = Image.Exif()
    try:
        exif.load(block)
        found = exif.get(ORIENTATION, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, struct.error, OSError):
        return 1
    return found if found in range(1, 9) else 1


KEPT_IN_WEBP = frozenset([b"VP8 ", b"VP8L", b"ALPH", b"ICCP"])
HAS_EXIF, HAS_XMP = 0x08, 0x04


def _strip_webp(raw: Raw, orientation: int, out: IO[bytes]) -> None:
    body, at = bytearray(b"WEBP"), 12
    end = 8 + int.from_bytes(raw[4:8], "little")
    if end > len(raw):
        raise Damaged
    while at + 8 <= end:
        kind, size = bytes(raw[at : at + 4]), int.from_bytes(raw[at + 4 : at + 8], "little")
        stop = at + 8 + size + size % 2
        if at + 8 + size > len(raw):
            raise Damaged
        if kind in (b"ANIM", b"ANMF"):
            raise Pages(2)
        if kind == b"VP8X":
            flags = raw[at + 8] & ~(HAS_EXIF | HAS_XMP) | (HAS_EXIF if orientation != 1 else 0)
            body += raw[at : at + 8] + bytes([flags]) + raw[at + 9 : stop]
        elif kind in KEPT_IN_WEBP:
            body += raw[at:stop]
        at = stop
    if orientation != 1:
        said = _exif(orientation)
        body += b"EXIF" + struct.pack("<I", len(said)) + said + b"\0" * (len(said) % 2)
    out.write(b"RIFF" + struct.pack("<I", len(body)) + body)
