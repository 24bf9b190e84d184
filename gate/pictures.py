"""Pictures: decoded, turned upright, stripped of metadata and encoded anew before anything is stored.

Policy and validation come first, the file after them: a refused edit has touched no file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from bson import ObjectId
from bson.errors import InvalidId
from gridfs import GridFSBucket, NoFile
from mongoengine.connection import get_db

from gate import decoder
from gate.refusals import Invalid
from models.data_classes import Words

MEGABYTES = 30
MAX_BYTES = MEGABYTES * 1024 * 1024
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})
PATIENCE = 20
"""Seconds by the clock: on a busy machine the decoder's two seconds of work take longer."""
CHUNK = 1024 * 1024

UNREADABLE: Words = (
    "画像として読めません。JPEG・PNG・WebP・TIFFの画像を選んでください。",
    "This could not be read as a picture. Choose a JPEG, PNG, WebP or TIFF.",
)
REFUSALS: dict[str, Words] = {
    "bytes": (f"{MEGABYTES}MBまでの画像にしてください。", f"At most {MEGABYTES} MB, please."),
    "pixels": (
        "4,000万画素(WebPは1,000万画素)までの画像にしてください。",
        "At most 40 million pixels, please (10 million in WebP).",
    ),
    "memory": (
        "この画像は開くのに大きな記憶領域が要ります。画素数を減らすか、通常の(プログレッシブでない)JPEGで保存し直してください。",
        "This picture takes too much memory to open. Make it smaller, or save it as a plain (not progressive) JPEG.",
    ),
    "time": (
        "この画像は開くのに時間がかかりすぎます。画素数を減らすか、通常のJPEGで保存し直してください。",
        "This picture takes too long to open. Make it smaller, or save it as a plain JPEG.",
    ),
    "ending": (
        "ファイル名の終わりが .jpg .jpeg .png .webp .tif .tiff の画像を選んでください。",
        "Choose a picture whose file name ends in .jpg, .jpeg, .png, .webp, .tif or .tiff.",
    ),
}
# One at a time in a process: two people's pictures wait for each other, and memory is taken once.
_one = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class Picture:
    """A picture made safe: its bytes, its thumbnail's, and its size in pixels and bytes."""

    data: bytes
    thumbnail: bytes
    mime: str
    width: int
    height: int


def safe_picture(stream: Any, name: str = "") -> Picture:
    """Read, check and encode anew what was uploaded. The name is looked at for its ending, and forgotten.

    Raises:
        Invalid: not a picture of an allowed kind, too large, or damaged. The key is `file`.
    """
    if name and PurePath(name).suffix.lower() not in ENDINGS:
        raise _invalid("ending")
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made:
        size = 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise _invalid("bytes")
            given.write(chunk)
        given.seek(0)
        _decode(given, made)
        made.seek(0)
        return _picture(made)


def _decode(given: IO[bytes], made: IO[bytes]) -> None:
    command = [sys.executable, "-I", decoder.__file__]
    with _one:
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, nothing of the upload in its command
                command, stdin=given, stdout=made, stderr=subprocess.DEVNULL, env={}, timeout=PATIENCE, check=False
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise _invalid("time") from error
    if ended.returncode < 0:  # by a signal: its seconds were over, or the decoder broke
        raise _invalid("time")


def _picture(made: IO[bytes]) -> Picture:
    try:
        verdict = json.loads(made.readline(1_000))
    except ValueError as error:
        raise _invalid("unreadable") from error
    if refused := verdict.get("refused"):
        raise _invalid(refused)
    thumbnail = made.read(verdict["thumbnail"])
    mime = f"image/{verdict['kind'].lower()}"
    return Picture(made.read(), thumbnail, mime, verdict["width"], verdict["height"])


def _invalid(why: str) -> Invalid:
    return Invalid({"file": REFUSALS.get(why, UNREADABLE)})


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
