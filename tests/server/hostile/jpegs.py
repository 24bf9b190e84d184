"""JPEG and MPO files that lie, swell or carry something."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable, Iterator

from PIL import Image

from tests.server.hostile.pieces import (
    entry,
    exif,
    image,
    noise,
    scans,
    segment,
    with_segments,
    with_thumbnail,
    zipped,
)
from tests.server.hostile.upload import FORTY, SCRIPT, Upload


def jpegs() -> Iterator[Upload]:
    """One after the other."""

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
