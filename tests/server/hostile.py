"""A hundred and eleven uploads with bad intentions, made as they are needed: each is a name, a type as declared, and bytes."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SCRIPT = b"<script>alert(document.cookie)</script>"
MARKS = (SCRIPT, b"alert(", b"%PDF-", b"PK\x03\x04", b"<?php", b"javascript:", b"Exif\0\0")
"""What must stand in nothing that is served."""
FORTY = (7_300, 5_470)
"""Just within the bound of pixels."""


@dataclass(frozen=True)
class Upload:
    """One file as a form sends it."""

    what: str
    data: Callable[[], bytes]
    name: str = "x.png"
    mime: str = "image/png"

    def part(self) -> bytes:
        """The part of a multipart body."""
        said = f'Content-Disposition: form-data; name="file"; filename="{self.name}"\r\nContent-Type: {self.mime}\r\n\r\n'
        return said.encode() + self.data()


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


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9)
    )
    + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&a8;</text></svg>'
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
FINE = (64, 48)


def _pngs() -> Iterator[Upload]:
    for size, name in (
        ((9_500, 9_500), "90"),
        ((11_000, 11_000), "121"),
        ((13_300, 13_300), "177"),
        ((15_000, 15_000), "225"),
    ):
        yield Upload(f"png of {name} megapixels of one bit", lambda size=size: image(size, mode="1"))  # type: ignore[misc]
    yield Upload(
        "png that says 2 billion by 2 billion",
        lambda: png(chunk(b"IDAT", zeros(1_000)), size=(2**31 - 1, 2**31 - 1)),
    )
    yield Upload("png of no width", lambda: png(chunk(b"IDAT", zeros(10)), size=(0, 48)))
    yield Upload("png of 40 megapixels", lambda: png(rows(FORTY, 24), size=FORTY))
    yield Upload("png of 40 megapixels with transparency", lambda: png(rows(FORTY, 32), size=FORTY, colour=6))
    yield Upload("png of 40 megapixels of 16 bits", lambda: png(rows(FORTY, 48), size=FORTY, depth=16))
    yield Upload(
        "png of 40 megapixels of grey, interlaced", lambda: png(rows(FORTY, 8), size=FORTY, colour=0, lace=1)
    )
    yield Upload(
        "zTXt that unpacks to 100 MB",
        lambda: png(chunk(b"zTXt", b"k\0\0" + zeros(100_000_000)), rows(FINE, 24)),
    )
    yield Upload(
        "forty zTXt of 1 MB", lambda: png(chunk(b"zTXt", b"k\0\0" + zeros(1_000_000)) * 100, rows(FINE, 24))
    )
    yield Upload(
        "iTXt that unpacks to 100 MB",
        lambda: png(chunk(b"iTXt", b"k\0\1\0\0\0" + zeros(100_000_000)), rows(FINE, 24)),
    )
    yield Upload(
        "iCCP that unpacks to 100 MB",
        lambda: png(chunk(b"iCCP", b"k\0\0" + zeros(100_000_000)), rows(FINE, 24)),
    )
    yield Upload("a hundred thousand tEXt", lambda: png(chunk(b"tEXt", b"k\0v") * 100_000, rows(FINE, 24)))
    yield Upload("APNG of 5,000 frames", animated)
    yield Upload("APNG with a frame beyond its edge", lambda: png(
        chunk(b"acTL", struct.pack(">II", 2, 0)), chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 2**31 - 1, 2**31 - 1, 9, 9, 1, 1, 0, 0)), rows(FINE, 24)))  # fmt: skip
    yield Upload("png cut short", lambda: image((400, 400))[:300])
    yield Upload("png of wrong sums", lambda: image()[:-20] + b"\0" * 20)
    yield Upload("png of garbage", lambda: png(chunk(b"IDAT", random.Random(1).randbytes(5_000))))
    yield Upload("png whose pixels go on and on", lambda: png(chunk(b"IDAT", zeros(100_000_000))))
    yield Upload("png with a script behind it", lambda: image() + SCRIPT)
    yield Upload("png with a script in a text", lambda: image(pnginfo=_said()))
    yield Upload(
        "png with PHP in its palette",
        lambda: png(chunk(b"PLTE", b"<?php eval($x); ?>  "[:18]), rows(FINE, 8), colour=3),
    )
    yield Upload("png and zip at once", lambda: image() + zipped(("index.html", SCRIPT)))


def _said() -> PngInfo:
    text = PngInfo()
    text.add_text("Comment", SCRIPT.decode())
    text.add_itxt("XML:com.adobe.xmp", SCRIPT.decode())
    return text


def _jpegs() -> Iterator[Upload]:
    def jpeg(what: str, data: Callable[[], bytes], name: str = "x.jpg") -> Upload:
        return Upload(what, data, name, "image/jpeg")

    yield jpeg(
        "jpeg that says 65,535 by 65,535",
        lambda: image(kind="JPEG").replace(struct.pack(">HH", 48, 64), b"\xff" * 4),
    )
    yield jpeg("jpeg of 40 megapixels", lambda: image(FORTY, "JPEG"))
    yield jpeg(
        "jpeg of 40 megapixels on its side",
        lambda: image(FORTY, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"),
    )
    yield jpeg(
        "progressive jpeg of 40 megapixels", lambda: image(FORTY, "JPEG", progressive=True, subsampling=0)
    )
    yield jpeg("progressive jpeg of two thousand scans", lambda: scans((4_000, 4_000), 2_000))
    yield jpeg("jpeg cut short", lambda: noise((400, 400), "JPEG")[:9_000])
    yield jpeg("jpeg of garbage", lambda: image(kind="JPEG")[:200] + random.Random(2).randbytes(20_000))
    yield jpeg("jpeg of nothing but beginnings", lambda: b"\xff\xd8" * 500_000)
    yield jpeg("jpeg of sixty thousand comments", lambda: with_segments(segment(0xFE, b"x" * 40) * 60_000))
    yield jpeg(
        "jpeg with a page in its comment", lambda: with_segments(segment(0xFE, b"<!doctype html>" + SCRIPT))
    )
    yield jpeg("jpeg with a page behind it", lambda: image(kind="JPEG") + SCRIPT)
    yield jpeg(
        "jpeg that is a script, too",
        lambda: b"\xff\xd8\xff\xe0\x2f\x2a" + image(kind="JPEG")[6:] + b"*/=alert(1);//",
    )
    yield jpeg(
        "jpeg and zip at once", lambda: image(kind="JPEG") + zipped(("a.php", b"<?php system($_GET[0]);"))
    )
    yield jpeg(
        "EXIF with a place, words and a thumbnail", lambda: with_thumbnail(b"javascript:alert(1) " + SCRIPT)
    )
    yield jpeg(
        "EXIF whose directory leads to itself",
        lambda: with_segments(exif(entry(0x8769, 4, 1, 8), following=8)),
    )
    yield jpeg("EXIF with four billion values", lambda: with_segments(exif(entry(0x010E, 2, 2**32 - 1, 8))))
    yield jpeg("a profile in 255 pieces", lambda: with_segments(
        *(segment(0xE2, b"ICC_PROFILE\0" + bytes((n, 255)) + b"\0" * 65_000) for n in range(1, 256))))  # fmt: skip
    yield jpeg("jpeg of 300 pictures", _mpo)
    yield jpeg(
        "jpeg of a broken Adobe mark",
        lambda: with_segments(segment(0xEE, b"Adobe"), jpeg=image(kind="JPEG", mode="CMYK")),
    )
    yield jpeg("jpeg of 25 megapixels of noise", lambda: noise((5_000, 5_000), "JPEG", quality=60))


def _mpo() -> bytes:
    out = io.BytesIO()
    first = Image.new("RGB", (32, 32))
    first.save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (32, 32)) for _ in range(299)])
    return out.getvalue()


def _others() -> Iterator[Upload]:
    yield Upload("gif", lambda: gif(1), "x.gif", "image/gif")
    yield Upload("gif of ten thousand frames", lambda: gif(10_000))
    yield Upload("gif that is a script, too", lambda: b"GIF89a/*" + gif(1)[8:] + b"*/=1;alert(1)//")
    yield Upload("gif that says 65,535 by 65,535", lambda: gif(1, (65_535, 65_535)))
    yield Upload("svg with a script", lambda: SVG, "x.svg", "image/svg+xml")
    yield Upload("svg called png", lambda: SVG)
    yield Upload("svg that laughs a billion times", lambda: LAUGHS)
    yield Upload("svg in gzip", lambda: gzip.compress(SVG + b" " * 50_000_000), "x.svgz", "image/svg+xml")
    yield Upload("page called jpg", lambda: b"<!doctype html>" + SCRIPT, "x.jpg", "image/jpeg")
    yield Upload("pdf", lambda: b"%PDF-1.7\n%%EOF", "x.pdf", "application/pdf")
    yield Upload("pdf and zip at once, called jpg", pdf_and_zip, "x.jpg")
    yield Upload(
        "zip that unpacks to 50 MB", lambda: zipped(("a", b"\0" * 50_000_000)), "x.zip", "application/zip"
    )
    yield Upload("zip that climbs", lambda: zipped(("../../etc/cron.d/x", b"* * * * * root id")))
    yield Upload(
        "PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(id) run\n", "x.jpg"
    )
    yield Upload("fits with a gzip bomb", fits)
    yield Upload("bmp", lambda: image(kind="BMP"))
    yield Upload(
        "bmp of 2 billion rows",
        lambda: b"BM" + b"\0" * 12 + struct.pack("<IiiHHI", 40, 2**31 - 1, 2**31 - 1, 1, 24, 0) + b"\0" * 99,
    )
    yield Upload("ico", lambda: image(kind="ICO"))
    yield Upload(
        "psd", lambda: b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3) + b"\0" * 99
    )
    yield Upload("program", lambda: b"\x7fELF\2\1\1" + b"\0" * 500)
    yield Upload("shell", lambda: b"#!/bin/sh\nrm -rf /\n", "x.jpg")
    yield Upload(
        "tiff whose directory leads to itself", lambda: tiff([(256, 4, 1, 4), (257, 4, 1, 4)], following=8)
    )
    yield Upload(
        "tiff that says 4 billion by 4 billion", lambda: tiff_of(2**32 - 1, 2**32 - 1, 1, b"\0" * 99)
    )
    yield Upload(
        "tiff of 40 megapixels in one strip",
        lambda: tiff_of(*FORTY, 8, zlib.compress(b"\0" * FORTY[0] * FORTY[1])),
    )
    yield Upload(
        "tiff of a strip of 4 billion bytes", lambda: tiff_of(64, 48, 8, zeros(3_000), said=2**32 - 1)
    )
    yield Upload("tiff whose strip unpacks without end", lambda: tiff_of(64, 48, 8, zeros(100_000_000)))
    yield Upload(
        "tiff of four billion values",
        lambda: tiff([(256, 4, 2**32 - 1, 4), (257, 4, 1, 4), (700, 7, 2**32 - 1, 8)]),
    )
    yield Upload("tiff of five thousand pages", lambda: pages(5_000))
    yield Upload("tiff cut short", lambda: noise((200, 200), "TIFF")[:9_000])
    yield Upload("tiff of one bit, 40 megapixels", lambda: image(FORTY, "TIFF", "1", compression="group4"))
    yield Upload("webp of garbage", lambda: riff((b"VP8 ", random.Random(3).randbytes(2_000))))
    yield Upload(
        "webp that says 16,384 by 16,384",
        lambda: riff((b"VP8X", b"\0" * 4 + b"\xff\x3f\0\xff\x3f\0"), (b"VP8 ", b"\0" * 50)),
    )
    yield Upload("webp of 10 megapixels", lambda: image((3_600, 2_700), "WEBP", lossless=True))
    yield Upload(
        "webp of 268 megapixels",
        lambda: riff((b"VP8L", b"\x2f" + struct.pack("<I", 0x3FFF | 0x3FFF << 14) + b"\0" * 60)),
    )
    yield Upload("webp of a thousand frames", lambda: many_webp(1_000))
    yield Upload("webp cut short", lambda: noise((400, 400), "WEBP")[:5_000])
    yield Upload(
        "webp with a script in its EXIF",
        lambda: image(kind="WEBP", exif=b"Exif\0\0MM\0*" + SCRIPT, xmp=SCRIPT),
    )


def _names() -> Iterator[Upload]:
    for name in ("../../../../etc/passwd.png", "..\\\\..\\\\windows\\\\win.png", "/etc/passwd.png", "a" * 5_000 + ".png", "C:\\\\x.png",
                 "x.php.png", "%2e%2e%2fx.png", "x%00.php.png", "<script>alert(1)</script>.png", "; rm -rf ~.png", "CON.png"):  # fmt: skip
        yield Upload(f"a sound picture called {name[:40]}", image, name)
    for name in (
        "x.png.php",
        "x.png\u202egnp.exe",
        "x.png\0.php",
        ".htaccess",
        "x",
        "x.png.",
        "x.png::$DATA",
        "x.svg",
    ):
        yield Upload(f"a sound picture called {name!r}", image, name)
    for mime in (
        "text/html",
        "image/svg+xml",
        "application/x-httpd-php",
        "image/png\tfilename=x",
        "x" * 2_000,
    ):
        yield Upload(f"a sound picture declared {mime[:40]!r}", image, "x.png", mime)
    yield Upload("nothing", lambda: b"")
    yield Upload("one byte", lambda: b"x")
    yield Upload("a million zeros", lambda: b"\0" * 1_000_000)
    yield Upload("a sound picture of 36 MB", lambda: image((4_000, 3_000), "TIFF"), "x.tif", "image/tiff")
    yield Upload("36 MB", lambda: image() + b"\0" * 36_000_000)


def uploads() -> list[Upload]:
    """All of them."""
    return [*_pngs(), *_jpegs(), *_others(), *_names()]
