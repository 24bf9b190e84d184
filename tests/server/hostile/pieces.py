"""Files and their parts, byte by byte, sound and unsound."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from PIL import Image

from tests.server.hostile.upload import SCRIPT


def image(size: tuple[int, int] = (64, 48), kind: str = "PNG", mode: str = "RGB", **more: Any) -> bytes:
    """A sound picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


def noise(size: tuple[int, int], kind: str, **more: Any) -> bytes:
    """A sound picture that no encoder makes small."""
    out = io.BytesIO()
    dice = random.Random(5)
    Image.frombytes("RGB", size, dice.randbytes(size[0] * size[1] * 3)).save(out, kind, **more)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    *chunks: bytes, size: tuple[int, int] = (64, 48), depth: int = 8, colour: int = 2, lace: int = 0
) -> bytes:
    """A PNG of these chunks after its header."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, lace))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def rows(size: tuple[int, int], bits: int) -> bytes:
    """The pixels of a PNG, all the same, packed."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (size[0] * bits + 7) // 8)
    return chunk(b"IDAT", b"".join(packer.compress(row) for _ in range(size[1])) + packer.flush())


@cache
def zeros(size: int) -> bytes:
    return zlib.compress(b"\0" * size, 9)


def animated() -> bytes:
    """An APNG that says it has five thousand frames, and has them."""
    data = zlib.compress(b"\0" * (1 + 64 * 3) * 48)
    frames, number = [], 0
    for _ in range(5_000):
        frames.append(chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 64, 48, 0, 0, 1, 100, 0, 0)))
        frames.append(chunk(b"fdAT", struct.pack(">I", number + 1) + data))
        number += 2
    return png(chunk(b"acTL", struct.pack(">II", 5_000, 0)), chunk(b"IDAT", data), *frames)


def scans(size: tuple[int, int], copies: int) -> bytes:
    """A progressive JPEG whose last scan is there over and over: little to send, much to decode."""
    raw = image(size, "JPEG", "L", progressive=True)
    last = raw.rindex(b"\xff\xda")
    return raw[:-2] + raw[last:-2] * copies + b"\xff\xd9"


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def with_segments(*segments: bytes, jpeg: bytes = b"") -> bytes:
    """A JPEG with these after its first two bytes."""
    raw = jpeg or image(kind="JPEG")
    return raw[:2] + b"".join(segments) + raw[2:]


def exif(*entries: bytes, following: int = 0, tail: bytes = b"") -> bytes:
    """An APP1 segment with one directory of these twelve-byte entries."""
    table = struct.pack(">H", len(entries)) + b"".join(entries) + struct.pack(">I", following)
    return segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08" + table + tail)


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack(">HHII", tag, kind, count, value)


def with_thumbnail(words: bytes) -> bytes:
    """A JPEG in whose EXIF stand words, a place on the earth, and a thumbnail that says more than the picture."""
    thumb = with_segments(segment(0xFE, words), jpeg=image((16, 16), "JPEG"))
    second = 8 + 2 + 12 * 2 + 4
    place = second + 2 + 12 * 2 + 4
    entries = (entry(0x010E, 2, len(words), place), entry(0x8825, 4, 1, place))
    ifd1 = (
        struct.pack(">H", 2)
        + entry(0x0201, 4, 1, place + len(words))
        + entry(0x0202, 4, 1, len(thumb))
        + b"\0" * 4
    )
    return with_segments(exif(*entries, following=second, tail=ifd1 + words + thumb))


def gif(frames: int, size: tuple[int, int] = (8, 8), comment: bytes = b"") -> bytes:
    """A GIF of that many frames of one pixel."""
    frame = b"\x21\xf9\x04\0\1\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    said = b"\x21\xfe" + bytes((len(comment),)) + comment + b"\0" if comment else b""
    return (
        b"GIF89a" + struct.pack("<HH", *size) + b"\x80\0\0\0\0\0\xff\xff\xff" + said + frame * frames + b";"
    )


def tiff(entries: Iterable[tuple[int, int, int, int]], following: int = 0, tail: bytes = b"") -> bytes:
    """A TIFF of one directory."""
    packed = [struct.pack("<HHII", *each) for each in sorted(entries)]
    return (
        b"II*\0" + struct.pack("<IH", 8, len(packed)) + b"".join(packed) + struct.pack("<I", following) + tail
    )


def tiff_of(width: int, height: int, compression: int, data: bytes, said: int = 0) -> bytes:
    """A TIFF of one strip of grey."""
    at = 8 + 2 + 12 * 8 + 4
    return tiff(
        [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1),
         (273, 4, 1, at), (278, 4, 1, height), (279, 4, 1, said or len(data))], tail=data,
    )  # fmt: skip


def pages(number: int) -> bytes:
    """A TIFF whose directories form a chain of that many."""
    one = image((4, 4), "TIFF", "L")
    start = struct.unpack("<I", one[4:8])[0]
    count = struct.unpack("<H", one[start : start + 2])[0]
    body = one[start : start + 2 + 12 * count]
    out = bytearray(one[:4] + struct.pack("<I", len(one)) + one[8:])
    for n in range(number):
        out += body + struct.pack("<I", len(out) + len(body) + 4 if n < number - 1 else 0)
    return bytes(out)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def many_webp(frames: int) -> bytes:
    out = io.BytesIO()
    drawn = [Image.new("RGB", (16, 16), (n % 256, 0, 0)) for n in range(frames)]
    drawn[0].save(out, "WEBP", save_all=True, append_images=drawn[1:], duration=10)
    return out.getvalue()


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def fits() -> bytes:
    """A FITS file that unpacks to more than its size says."""
    cards = [
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    0",
        "END",
    ]
    head = "".join(each.ljust(80) for each in cards).ljust(2880).encode()
    more = ["XTENSION= 'BINTABLE'", "BITPIX  =                    8", "NAXIS   =                    2",
            "NAXIS1  =                    8", "NAXIS2  =                    1", "PCOUNT  =              1000000",
            "GCOUNT  =                    1", "ZIMAGE  =                    T", "ZCMPTYPE= 'GZIP_1  '",
            "ZBITPIX =                    8", "ZNAXIS  =                    2", "ZNAXIS1 =                40000",
            "ZNAXIS2 =                40000", "END"]  # fmt: skip
    return (
        head
        + "".join(each.ljust(80) for each in more).ljust(2880).encode()
        + b"\0" * 8
        + gzip.compress(b"\0" * 50_000_000)
    )


def pdf_and_zip() -> bytes:
    return b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n" + zipped(
        ("a.html", SCRIPT)
    )
