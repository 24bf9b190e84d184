"""The child process that reads one picture: hostile files strike decoders, and here they strike alone.

It has no key, no store and no environment, so much memory and so many seconds (gate.fields.pictures runs it). Standard input
is the file, standard output what was made of it and then a line of JSON of LINE bytes, the verdict. Two acts:

- `check`: what the header says, and the file without what stands beside its pixels (gate.fields.images.stripping);
- `derive`: the picture upright, in sRGB, for browsers, and behind it its thumbnail.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import resource
import signal
import sys
import tempfile
import warnings
from typing import IO, Any, NamedTuple

from PIL import Image

from gate.fields.images.adobe_rgb import ADOBE, INDEX, INTEROPERABILITY, adobe_rgb
from gate.fields.images.colours import BAND, Colours, UnknownDepth
from gate.fields.images.raw import Damaged, Pages
from gate.fields.images.stripping import ORIENTATION, strip

LARGE, SMALL = 100_000_000, 25_000_000
# guard: pixels
MOST_PIXELS = {"JPEG": LARGE, "PNG": LARGE, "TIFF": LARGE, "WEBP": SMALL, "AVIF": SMALL, "JPEG2000": SMALL}
"""By format: the decoders of the last three hold a picture several times."""
MOST_SIDE = 65_000
"""Pixels; a JPEG, which is what comes out, has no more."""
PROGRESSIVE_PIXELS = 16_000_000
"""From here on a progressive JPEG may not fit."""
LINE = 500
"""Bytes of the verdict."""
THUMBNAIL = 320
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
Verdict = dict[str, Any]


class TooManyPixels(Exception):
    """More than this format may have."""


class Limits(NamedTuple):
    """Bytes of memory beyond what the program itself and the file take; seconds of the processor's clock."""

    room: int
    seconds: float


LIMITS = {"check": Limits(172 << 20, 1.7), "derive": Limits(512 << 20, 14.0)}
"""What is checked is checked while somebody waits; what is derived is derived by the worker."""


def limited(limits: Limits, size: int) -> None:
    """From here on: so much memory, so many seconds, no file beyond what a picture needs."""
    with open("/proc/self/statm", encoding="ascii") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    room = limits.room + 3 * size
    # guard: room
    resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))
    # It counts in whole seconds, and stands behind the timer.
    seconds = int(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = LARGE
    # Pillow only warns between once and twice its limit.
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def opened_from(given: IO[bytes]) -> Image.Image:
    """The picture as its header says, no pixel read.

    Raises:
        TooManyPixels, Pages; anything that a decoder raises.
    """
    opened = Image.open(given, formats=tuple(MOST_PIXELS))
    most = MOST_PIXELS.get(opened.format or "", LARGE)  # MPO is a JPEG, too
    if opened.width * opened.height > most or max(opened.size) > MOST_SIDE:
        raise TooManyPixels
    if opened.format == "AVIF" and getattr(opened, "n_frames", 1) > 1:
        raise Pages(opened.n_frames)  # type: ignore[attr-defined]
    return opened


def check(given: IO[bytes], size: int, out: IO[bytes]) -> Verdict:
    """Write the file without what stands beside its pixels; format and size in pixels, upright."""
    with opened_from(given) as opened:
        said = opened.getexif().get(ORIENTATION, 1)
        orientation = said if said in TURNS else 1
        format_, (width, height) = opened.format or "", opened.size
        # A TIFF's reader has turned the size already, and will turn the pixels.
        turned = format_ != "TIFF"
        with mmap.mmap(given.fileno(), size, access=mmap.ACCESS_READ) as raw:
            orientation = strip(format_, raw, orientation, out, _meant_by_exif(opened))
        if turned and orientation >= 5:  # noqa: PLR2004 - 5 to 8 lie on their side (EXIF 2.32, table 4)
            width, height = height, width
    return {"format": "JPEG" if format_ == "MPO" else format_, "width": width, "height": height}


def _meant_by_exif(opened: Image.Image) -> bytes:
    """The profile of a camera that was set to Adobe RGB and says so in its EXIF only, which does not stay."""
    if opened.mode != "RGB" or "icc_profile" in opened.info:
        return b""
    index = opened.getexif().get_ifd(INTEROPERABILITY).get(INDEX)
    return adobe_rgb() if str(index).strip("\0 ") == ADOBE else b""


def derive(given: IO[bytes], out: IO[bytes]) -> Verdict:
    """Write the picture for browsers and behind it its thumbnail."""
    picture, profile = decoded(given)
    thumbnail = io.BytesIO()
    write(small(picture), thumbnail)
    write(picture, out)
    length = os.fstat(out.fileno()).st_size
    out.seek(0, os.SEEK_END)
    out.write(thumbnail.getvalue())
    kind = "PNG" if picture.mode == "RGBA" else "JPEG"
    return {
        "kind": kind,
        "width": picture.width,
        "height": picture.height,
        "picture": length,
        "profile": profile,
    }


def decoded(given: IO[bytes]) -> tuple[Image.Image, str]:
    """The picture upright, as sRGB, grey, or (small ones) with what is transparent; what became of its profile.

    Raises:
        TooManyPixels: said before a pixel is read. MemoryError, or anything that a decoder raises.
    """
    with opened_from(given) as opened:
        _read(opened)
        colours = Colours(opened)
        # Only now: a TIFF is turned by its decoder, and a PNG may say so after its pixels.
        turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
        found = opened if turn is None and colours.plain else _redrawn(opened, colours, turn)
    # Comments, profiles, EXIF, XMP: Pillow writes several of them back unasked.
    found.info = {}
    return found, colours.profile


def _read(opened: Image.Image) -> None:
    try:
        opened.load()
    except OSError as error:
        # A progressive picture is held as coefficients first, and the library says "broken" when they do not fit.
        if opened.info.get("progressive") and opened.width * opened.height > PROGRESSIVE_PIXELS:
            raise MemoryError from error
        raise


def _redrawn(opened: Image.Image, colours: Colours, turn: Image.Transpose | None) -> Image.Image:
    """The picture in its new colours and turned, by way of the disk: so it never stands twice in memory."""
    mode = colours.mode
    with tempfile.TemporaryFile() as kept:
        places = []
        for box, band in colours.bands():
            drawn = band.transpose(turn) if turn is not None else band
            places.append((_corner(box, opened.size, turn), drawn.size))
            kept.write(drawn.tobytes())
        sideways = turn is not None and places[0][1] != (opened.width, min(BAND, opened.height))
        size = (opened.height, opened.width) if sideways else opened.size
        opened.close()
        opened.im = None  # type: ignore[assignment]  # its memory is for the new one
        kept.seek(0)
        found = Image.new(mode, size)
        for corner, (width, height) in places:
            found.paste(Image.frombytes(mode, (width, height), kept.read(width * height * len(mode))), corner)
    return found


def _corner(rows: tuple[int, int], size: tuple[int, int], turn: Image.Transpose | None) -> tuple[int, int]:
    """Where the band of those rows comes to lie."""
    top, bottom = rows
    turns = Image.Transpose
    if turn in (turns.ROTATE_180, turns.FLIP_TOP_BOTTOM):
        return 0, size[1] - bottom
    if turn in (turns.ROTATE_270, turns.TRANSVERSE):
        return size[1] - bottom, 0
    return (top, 0) if turn in (turns.ROTATE_90, turns.TRANSPOSE) else (0, top)


def write(picture: Image.Image, out: IO[bytes]) -> None:
    """As JPEG, or as PNG where something is transparent."""
    if picture.mode == "RGBA":
        picture.save(out, "PNG", compress_level=3)
    else:
        picture.save(out, "JPEG", quality=92)


def small(picture: Image.Image) -> Image.Image:
    """A thumbnail; the picture itself stays as it is."""
    scale = min(1.0, THUMBNAIL / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _verdict(act: str, size: int, out: IO[bytes]) -> Verdict:
    given = sys.stdin.buffer
    try:
        return check(given, size, out) if act == "check" else derive(given, out)
    except (TooManyPixels, Image.DecompressionBombWarning, Image.DecompressionBombError):
        return {"refused": "pixels"}
    except Pages as error:
        return {"refused": "pages", "count": error.count}
    except Damaged:
        return {"refused": "damaged"}
    except UnknownDepth:
        return {"refused": "depth"}
    except MemoryError:
        return {"refused": "memory"}
    except Exception:  # a decoder raises what it likes; to us it is all one: no picture
        return {"refused": "unreadable"}


def main(act: str) -> None:
    """Do the act; whatever was written before a refusal stands before the verdict, and nobody reads it."""
    size = os.fstat(sys.stdin.fileno()).st_size
    limited(LIMITS[act], size)
    with open(sys.stdout.fileno(), "wb", buffering=0, closefd=False) as out:
        verdict = _verdict(act, size, out)
        out.seek(0, os.SEEK_END)
        out.write(json.dumps(verdict).encode().ljust(LINE))
