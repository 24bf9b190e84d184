"""PNG files that lie, swell or carry something."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from PIL.PngImagePlugin import PngInfo

from tests.server.hostile.pieces import animated, chunk, image, png, rows, zeros, zipped
from tests.server.hostile.upload import FORTY, SCRIPT, Upload

FINE = (64, 48)


def pngs() -> Iterator[Upload]:
    """One after the other."""
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
