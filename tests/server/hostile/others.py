"""Files of other kinds, some of which call themselves pictures."""

from __future__ import annotations

import gzip
import random
import struct
import zlib
from collections.abc import Iterator

from tests.server.hostile.pieces import (
    fits,
    gif,
    image,
    many_webp,
    noise,
    pages,
    pdf_and_zip,
    riff,
    tiff,
    tiff_of,
    zeros,
    zipped,
)
from tests.server.hostile.upload import FORTY, SCRIPT, Upload

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9)
    )
    + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&a8;</text></svg>'
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def others() -> Iterator[Upload]:
    """One after the other."""
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
