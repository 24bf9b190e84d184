"""Pictures: decoded, turned upright, stripped of metadata and encoded anew before anything is stored.

Policy and validation come first, the file after them: a refused edit has touched no file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from gridfs import GridFSBucket, NoFile
from mongoengine.connection import get_db
from PIL import Image, ImageOps, UnidentifiedImageError

from gate.refusals import Invalid
from models.data_classes import Words

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 60_000_000
THUMBNAIL = 320
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


@dataclass(frozen=True)
class Picture:
    """A picture made safe: its bytes, its thumbnail's, and its size in pixels and bytes."""

    data: bytes
    thumbnail: bytes
    mime: str
    width: int
    height: int


def safe_picture(stream: Any) -> Picture:
    """Read, check and encode anew what was uploaded.

    Raises:
        Invalid: not a picture of an allowed kind, too large, or damaged. The key is `file`.
    """
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Invalid({"file": ("30MBまでの画像にしてください。", "At most 30 MB, please.")})
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Invalid(
                    {"file": ("6,000万画素までの画像にしてください。", "At most 60 million pixels, please.")}
                )
            upright = ImageOps.exif_transpose(opened)
            clear = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        said: Words = (
            "画像として読めません。JPEG・PNG・WebP・TIFFの画像を選んでください。",
            "This could not be read as a picture. Choose a JPEG, PNG, WebP or TIFF.",
        )
        raise Invalid({"file": said}) from error
    small = clear.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    kind = "PNG" if clear.mode == "RGBA" else "JPEG"
    return Picture(
        _encoded(clear, kind), _encoded(small, kind), f"image/{kind.lower()}", clear.width, clear.height
    )


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=92) if kind == "JPEG" else picture.save(out, kind)
    return out.getvalue()


def keep(picture: Picture) -> dict[str, Any]:
    """Store both sizes; returns the fields of the media record that name them."""
    bucket = GridFSBucket(get_db())
    about = {"mime": picture.mime}
    return {
        "file": str(bucket.upload_from_stream("picture", picture.data, metadata=about)),
        "thumbnail": str(bucket.upload_from_stream("thumbnail", picture.thumbnail, metadata=about)),
        "width": picture.width,
        "height": picture.height,
        "size": len(picture.data),
    }


def forget(*stored: str) -> None:
    """Remove stored files that no record names; one that is already gone is well gone."""
    bucket = GridFSBucket(get_db())
    for each in stored:
        try:
            bucket.delete(ObjectId(each))
        except (NoFile, InvalidId):
            continue


@contextmanager
def settled(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The values with every picture stored and named by its id; forgotten again if what follows fails."""
    stored = [keep(each) for each in values.values() if isinstance(each, Picture)]
    found = dict(values)
    for each in stored:
        found |= each
    try:
        yield found
    except BaseException:
        forget(*(each[name] for each in stored for name in ("file", "thumbnail")))
        raise
