"""Pictures on their way in: checked and stripped by a limited child process (gate.fields.image_decoder), and made ready for browsers.

What a form sends is checked at once and made ready by the worker (gate.writing.derivatives); an import, which is background work
anyway, does both. Policy and validation come first, storing after them: a refused edit has stored no file.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import unicodedata
import weakref
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath
from typing import IO, Any

from gate.fields import image_decoder
from gate.fields.scanning import require_clean
from gate.refusals import Invalid
from models.data_classes import Words

LARGEST = 500
"""Megabytes: what an institution may allow at most."""
USUAL = 200
"""Megabytes of one picture where an institution says nothing: a scan of 100 MB is ordinary."""
ENDINGS = frozenset(
    [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".jp2", ".j2k", ".jpf", ".jpx"]
)
MIMES = {
    "JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff", "WEBP": "image/webp", "AVIF": "image/avif",
    "JPEG2000": "image/jp2",
}  # fmt: skip
PATIENCE = {"check": 20, "derive": 300}
"""Seconds by the clock: on a busy machine the child's seconds of work take longer."""
CHUNK = 1024 * 1024
NAME_AT_MOST = 255

UNREADABLE: Words = (
    "画像として読めません。JPEG・PNG・WebP・TIFF・AVIF・JPEG 2000の画像を選んでください。",
    "This could not be read as a picture. Choose a JPEG, PNG, WebP, TIFF, AVIF or JPEG 2000.",
)
PDF: Words = (
    "PDFは画像として登録できません。1ページずつJPEGかTIFFに書き出したものを選んでください。",
    "A PDF cannot be stored as a picture. Choose a JPEG or TIFF exported from each page.",
)
HEIC: Words = (
    "HEICは読めません。JPEGに書き出したものを選んでください(iPhoneでは「設定」→「カメラ」→「フォーマット」→「互換性優先」)。",
    "HEIC cannot be read. Choose a JPEG exported from it (on an iPhone: Settings, Camera, Formats, Most Compatible).",
)
REFUSALS: dict[str, Words] = {
    "pixels": (
        "1億画素(WebP・AVIF・JPEG 2000は2,500万画素)、1辺65,000画素までの画像にしてください。",
        "At most 100 million pixels (25 million in WebP, AVIF and JPEG 2000) and 65,000 a side, please.",
    ),
    "memory": (
        "この画像は開くのに大きな記憶領域が要ります。画素数を減らすか、通常の(プログレッシブでない)JPEGで保存し直してください。",
        "This picture takes too much memory to open. Make it smaller, or save it as a plain (not progressive) JPEG.",
    ),
    "time": (
        "この画像は開くのに時間がかかりすぎます。画素数を減らすか、通常のJPEGで保存し直してください。",
        "This picture takes too long to open. Make it smaller, or save it as a plain JPEG.",
    ),
    "damaged": (
        "画像のファイルが途中で切れているか、壊れています。元のファイルを選び直してください。",
        "The picture's file is cut short or damaged. Please choose the file again from where it came.",
    ),
    "depth": (
        "この画像の画素の値の表し方(32ビット)は読めません。16ビットのTIFFで保存し直してください。",
        "The way in which this picture writes its pixels (32 bits) cannot be read. Please save it as a 16-bit TIFF.",
    ),
    "ending": (
        "ファイル名の終わりが .jpg .jpeg .png .webp .tif .tiff .avif .jp2 の画像を選んでください。",
        "Choose a picture whose file name ends in .jpg, .jpeg, .png, .webp, .tif, .tiff, .avif or .jp2.",
    ),
}
OTHER_KINDS = {".pdf": PDF, ".heic": HEIC, ".heif": HEIC, ".hif": HEIC}
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# One at a time in a process: two people's pictures wait for each other, and memory is taken once.
_one = threading.BoundedSemaphore(1)
CHILD = (
    "import sys; sys.path.append(sys.argv[1]); from gate.fields.image_decoder import main; main(sys.argv[2])"
)
ROOT = str(Path(image_decoder.__file__).resolve().parents[2])


@dataclass(frozen=True)
class Derived:
    """A picture for browsers and its thumbnail."""

    data: bytes
    thumbnail: bytes
    mime: str
    profile: str
    """What became of its colour profile: `converted`, `ignored`, or empty."""


@dataclass(frozen=True)
class Picture:
    """A picture at hand, checked and without what stood beside its pixels; width and height are upright.

    Its file has no name on the disk, and is closed when nothing holds the picture any more.
    """

    file: IO[bytes]
    size: int
    mime: str
    width: int
    height: int
    name: str
    digest: str
    """SHA-256 of the bytes as they were sent."""
    derived: Derived | None = None

    def __post_init__(self) -> None:
        weakref.finalize(self, self.file.close)

    @property
    def data(self) -> bytes:
        """The picture for browsers."""
        return self._ready().data

    @property
    def thumbnail(self) -> bytes:
        """Its thumbnail."""
        return self._ready().thumbnail

    def _ready(self) -> Derived:
        if self.derived is None:
            raise ValueError("not derived yet")
        return self.derived


def checked_picture(stream: Any, name: str = "", megabytes: int = USUAL) -> Picture:
    """Check what was uploaded and strip it; the pixels are not read yet.

    Args:
        stream: the bytes, read once, a block at a time.
        name: the file's name as sent; kept without its folders.
        megabytes: what the institution allows.

    Raises:
        Invalid: not a picture of an allowed kind, too large, or damaged. The key is `file`.
    """
    return Picture(**_checked(stream, plain_name(name), megabytes))


def _checked(stream: Any, name: str, megabytes: int) -> dict[str, Any]:
    # guard: ending
    if name and PurePath(name).suffix.lower() not in ENDINGS:
        raise Invalid({"file": ending_refused(name)})
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the picture holds it
    try:
        with tempfile.TemporaryFile() as given:
            digest = _spool(stream, given, megabytes)
            require_clean(given)
            verdict = _run("check", given, made)
    except BaseException:
        made.close()
        raise
    size = made.seek(0, os.SEEK_END)
    made.seek(0)
    return {
        "file": made, "size": size, "mime": MIMES[verdict["format"]], "width": verdict["width"],
        "height": verdict["height"], "name": name, "digest": digest,
    }  # fmt: skip


def safe_picture(stream: Any, name: str = "", megabytes: int = USUAL) -> Picture:
    """Check and strip what was uploaded, and make it ready for browsers: seconds of work, for an import or a seed.

    Raises:
        Invalid: as checked_picture, or its pixels cannot be read.
    """
    checked = _checked(stream, plain_name(name), megabytes)
    try:
        with tempfile.TemporaryFile() as made:
            ready = derived_in(_run("derive", checked["file"], made), made)
    except BaseException:
        checked["file"].close()
        raise
    return Picture(**checked, derived=ready)


def plain_name(name: str) -> str:
    """A file's name as it may be stored and shown: no folders, no control or direction characters, at most 255."""
    last = PureWindowsPath(name).name
    kept = "".join(each for each in last if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    # A decomposed name is a Mac's; the rest of the panel is composed.
    kept = unicodedata.normalize("NFC", kept).strip()
    return kept if len(kept) <= NAME_AT_MOST else kept[: NAME_AT_MOST - 20] + "…" + kept[-19:]


def ending_refused(name: str) -> Words:
    """What is said of a file whose name ends otherwise than pictures do."""
    return OTHER_KINDS.get(PurePath(name).suffix.lower(), REFUSALS["ending"])


def _spool(stream: Any, given: IO[bytes], megabytes: int) -> str:
    """Copy what was sent to the disk; its SHA-256."""
    size, digest = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        if not size:
            _known_kind(chunk)
        size += len(chunk)
        if size > megabytes * CHUNK:
            raise Invalid({"file": too_large(megabytes)})
        digest.update(chunk)
        given.write(chunk)
    if not size:
        raise invalid({"refused": "unreadable"})
    given.flush()
    return digest.hexdigest()


def too_large(megabytes: int) -> Words:
    """What is said of a file beyond the institution's limit."""
    return (
        f"{megabytes}MBまでの画像にしてください(館の設定「画像1点の上限」)。",
        f"At most {megabytes} MB, please (the institution's setting “Maximum picture size”).",
    )


def _known_kind(start: bytes) -> None:
    """Name the kinds that people send and no decoder here reads, whatever their name says."""
    if start.startswith(b"%PDF-"):
        raise Invalid({"file": PDF})
    if start[4:8] == b"ftyp" and start[8:12] in HEIF_BRANDS and b"avif" not in start[:64]:
        raise Invalid({"file": HEIC})


def _run(act: str, given: IO[bytes], made: IO[bytes]) -> dict[str, Any]:
    """Have the child do an act, and wait for it.

    Raises:
        Invalid: it refused, was too slow, or broke.
    """
    with _one, begun(act, given, made) as child:
        try:
            child.wait(PATIENCE[act])
        except subprocess.TimeoutExpired as error:
            child.kill()
            raise invalid({"refused": "time"}) from error
    return verdict_of(child.returncode, made)


def begun(act: str, given: IO[bytes], made: IO[bytes]) -> subprocess.Popen[bytes]:
    """The child at work on a file."""
    given.seek(0)
    command = [sys.executable, "-I", "-c", CHILD, ROOT, act]
    return subprocess.Popen(  # noqa: S603 - our own program, nothing of the upload in its command
        # guard: shell
        command,
        stdin=given,
        stdout=made,
        stderr=subprocess.DEVNULL,
        env={},
    )


def verdict_of(returncode: int, made: IO[bytes]) -> dict[str, Any]:
    """What the child said; `made` holds afterwards what it made, and no more.

    Raises:
        Invalid: it refused, or it was ended: its seconds were over, or the decoder broke.
    """
    if returncode < 0:
        raise invalid({"refused": "time"})
    size = made.seek(0, os.SEEK_END) - image_decoder.LINE
    try:
        made.seek(max(0, size))
        verdict: dict[str, Any] = json.loads(made.read(image_decoder.LINE))
    except ValueError as error:
        raise invalid({}) from error
    if "refused" in verdict:
        raise invalid(verdict)
    made.truncate(size)
    return verdict


def derived_in(verdict: dict[str, Any], made: IO[bytes]) -> Derived:
    """What the child made ready for browsers."""
    made.seek(0)
    data = made.read(verdict["picture"])
    return Derived(data, made.read(), f"image/{verdict['kind'].lower()}", verdict["profile"])


def invalid(verdict: dict[str, Any]) -> Invalid:
    """The refusal in words."""
    if verdict.get("refused") == "pages":
        return Invalid({"file": (
            f"このファイルには画像が{verdict['count']:,}枚入っています。1枚ずつのファイルに分けて登録してください。",
            f"This file holds {verdict['count']:,} pictures. Please save each as a file of its own.",
        )})  # fmt: skip
    return Invalid({"file": REFUSALS.get(verdict.get("refused", ""), UNREADABLE)})
