"""A program of its own that reads one picture and writes it anew; gate/pictures runs it for every upload.

Decoders are where hostile files strike. This one has no key, no store and no environment, so much memory and so many
seconds; whatever happens to it happens to it alone. Standard input is the file, standard output a line of JSON (the
verdict) and then the picture and its thumbnail.
"""

from __future__ import annotations

import io
import json
import resource
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import IO

from PIL import Image

MOST_PIXELS = {"JPEG": 40_000_000, "PNG": 40_000_000, "TIFF": 40_000_000, "WEBP": 10_000_000}
"""By format, because WebP's decoder holds the picture four times."""
PROGRESSIVE_PIXELS = 16_000_000
"""From here on a progressive JPEG may not fit."""
ROOM = 172 * 1024 * 1024
"""Bytes of memory beyond what the program itself takes."""
SECONDS = 1.7
"""Of work, by the processor's clock; RLIMIT_CPU counts in whole seconds and stands behind it."""
CLEAR_PIXELS = 4_000_000
"""Up to here what is transparent stays so; beyond, it is laid on white, for a PNG of noise takes too long to write."""
THUMBNAIL = 320
BAND = 64
"""Rows turned or converted at a time."""
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


class TooManyPixels(Exception):
    """More than this format may have."""


def limited() -> None:
    """From here on: so much memory, so many seconds, no file beyond what a picture needs."""
    with open("/proc/self/statm", encoding="ascii") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, taken + ROOM))
    resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
    # Pillow only warns between once and twice its limit.
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def anew(given: IO[bytes]) -> Image.Image:
    """The picture upright, as RGB, grey, or (small ones) with what is transparent; nothing beside its pixels.

    Raises:
        TooManyPixels: said before a pixel is read. MemoryError, or anything that a decoder raises.
    """
    with Image.open(given, formats=tuple(MOST_PIXELS)) as opened:
        if opened.width * opened.height > MOST_PIXELS.get(
            opened.format or "", MOST_PIXELS["JPEG"]
        ):  # MPO is a JPEG, too
            raise TooManyPixels
        mode = _mode(opened)
        _read(opened)
        # Only now: a TIFF is turned by its decoder, and a PNG may say so after its pixels.
        turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
        if turn is None and opened.mode == mode:
            found: Image.Image = opened
        else:
            found = _redrawn(opened, mode, turn)
    # Comments, profiles, EXIF, XMP: Pillow writes several of them back unasked.
    found.info = {}
    return found


def _read(opened: Image.Image) -> None:
    try:
        opened.load()
    except OSError as error:
        # A progressive picture is held as coefficients first, and the library says "broken" when they do not fit.
        if opened.info.get("progressive") and opened.width * opened.height > PROGRESSIVE_PIXELS:
            raise MemoryError from error
        raise


def _mode(opened: Image.Image) -> str:
    if opened.has_transparency_data:
        return "RGBA" if opened.width * opened.height <= CLEAR_PIXELS else "RGB"
    return "L" if opened.mode in ("1", "L") else "RGB"


def _redrawn(opened: Image.Image, mode: str, turn: Image.Transpose | None) -> Image.Image:
    """The picture in that mode and turned, by way of the disk: so it never stands twice in memory."""
    mode_of_bands = mode if mode == "RGBA" or not opened.has_transparency_data else "RGBA"
    with tempfile.TemporaryFile() as kept:
        places = []
        for box, band in _bands(opened):
            drawn = band.convert(mode_of_bands)
            if mode_of_bands != mode:
                ground = Image.new(mode, drawn.size, "white")
                ground.paste(drawn, mask=drawn.getchannel("A"))
                drawn = ground
            if turn is not None:
                drawn = drawn.transpose(turn)
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


def _bands(opened: Image.Image) -> Iterator[tuple[tuple[int, int], Image.Image]]:
    for top in range(0, opened.height, BAND):
        bottom = min(top + BAND, opened.height)
        yield (top, bottom), opened.crop((0, top, opened.width, bottom))


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


def made(given: IO[bytes], out: IO[bytes]) -> None:
    """Picture in; verdict, thumbnail and picture out, or nothing at all. The picture is written by way of the disk."""
    picture, thumbnail = anew(given), io.BytesIO()
    write(small(picture), thumbnail)
    with tempfile.TemporaryFile() as kept:
        write(picture, kept)
        kept.seek(0)
        verdict = {
            "kind": "PNG" if picture.mode == "RGBA" else "JPEG",
            "width": picture.width,
            "height": picture.height,
            "thumbnail": thumbnail.tell(),
        }
        out.write(json.dumps(verdict).encode() + b"\n" + thumbnail.getvalue())
        shutil.copyfileobj(kept, out)


def main() -> None:
    """Read and write; what cannot be said is why: `refused` is pixels, memory or unreadable."""
    limited()
    try:
        made(sys.stdin.buffer, sys.stdout.buffer)
        return
    except (TooManyPixels, Image.DecompressionBombWarning, Image.DecompressionBombError):
        refused = "pixels"
    except MemoryError:
        refused = "memory"
    except Exception:  # a decoder raises what it likes; to us it is all one: no picture
        refused = "unreadable"
    sys.stdout.buffer.write(json.dumps({"refused": refused}).encode() + b"\n")


if __name__ == "__main__":
    main()
