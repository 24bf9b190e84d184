"""Pixels of any mode as 8-bit grey or sRGB, band by band, so that a picture is never held twice.

Pillow's own `convert` clips what has more than 8 bits (a 16-bit scan comes out white, a float one black) and drops the
colour profile without converting, so both are done here: depth by the range that the pixels really use, profiles by
LittleCMS (ImageCms) to sRGB.
"""

from __future__ import annotations

import io
import math
from array import array
from collections.abc import Iterator

from PIL import Image, ImageCms

BAND = 64
"""Rows converted at a time."""
CLEAR_PIXELS = 4_000_000
"""Up to here transparency is kept; beyond, the picture is laid on white: a large PNG of noise takes too long to write."""
DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras and scanners put into 16-bit files; the smallest that holds the brightest pixel is the real range."""
BITS_PER_SAMPLE, PHOTOMETRIC, SAMPLE_FORMAT = 258, 262, 339
SAMPLED = 1_000_000
"""Values looked at for a range where some are not numbers (NaN)."""
LARGEST_PROFILE = 16 * 1024 * 1024
SPACES = {"GRAY": "L", "RGB ": "RGB", "CMYK": "CMYK", "Lab ": "LAB"}
"""Colour space of an ICC profile (ICC.1, 7.2.6) → the mode of pixels that it describes."""


class UnknownDepth(Exception):
    """Values whose meaning cannot be told: unsigned 32-bit beyond 2**31."""


class Colours:
    """How the pixels of one loaded picture become `mode`: L, RGB or RGBA."""

    def __init__(self, opened: Image.Image) -> None:
        """Look at mode, profile and, of deep pixels, the range.

        Raises:
            UnknownDepth: the values cannot be placed on a grey scale.
        """
        self._opened = opened
        self._deep = opened.mode == "F" or opened.mode.startswith("I")
        self._scale, self._offset = _scale_of(opened) if self._deep else (1.0, 0.0)
        self._clear = not self._deep and opened.has_transparency_data
        grey = self._deep or opened.mode in ("1", "L", "LA", "La")
        self._base = "L" if grey else {"CMYK": "CMYK", "LAB": "LAB"}.get(opened.mode, "RGB")
        self.profile = ""
        """`converted`, `ignored` (there was one, and it does not fit or is damaged), or empty."""
        self._transform = self._made_transform()
        keeps = self._clear and opened.width * opened.height <= CLEAR_PIXELS
        self.mode = "RGBA" if keeps else "L" if grey else "RGB"

    @property
    def plain(self) -> bool:
        """Whether the pixels are already as they should be."""
        return self._opened.mode == self.mode and self._transform is None

    def bands(self) -> Iterator[tuple[tuple[int, int], Image.Image]]:
        """(first row, row behind the last) and those rows in `mode`."""
        opened = self._opened
        for top in range(0, opened.height, BAND):
            bottom = min(top + BAND, opened.height)
            yield (top, bottom), self._drawn(opened.crop((0, top, opened.width, bottom)))

    def _drawn(self, band: Image.Image) -> Image.Image:
        if self._deep:
            scale, offset = self._scale, self._offset
            band = _wide(band).point(lambda value: value * scale + offset).convert("L")
        alpha = None
        if self._clear:
            band = band.convert("LA" if band.mode == "La" else "RGBA").convert("RGBA")
            alpha = band.getchannel("A")
        band = band.convert(self._base) if band.mode != self._base else band
        if self._transform is not None:
            band = ImageCms.applyTransform(band, self._transform) or band
        if alpha is None:
            return band.convert(self.mode) if band.mode != self.mode else band
        if self.mode == "RGBA":
            band = band.convert("RGB")
            band.putalpha(alpha)
            return band
        ground = Image.new(self.mode, band.size, "white")
        ground.paste(band.convert(self.mode), mask=alpha)
        return ground

    def _made_transform(self) -> ImageCms.ImageCmsTransform | None:
        if self._base == "LAB":
            return _transform(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")
        raw = self._opened.info.get("icc_profile")
        if not raw or self._opened.mode == "1":
            return None
        try:
            if len(raw) > LARGEST_PROFILE:
                raise ValueError
            profile = ImageCms.ImageCmsProfile(io.BytesIO(raw))
            if SPACES.get(profile.profile.xcolor_space) != self._base:
                raise ValueError
            made = _transform(profile, self._base)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            self.profile = "ignored"
            return None
        self.profile = "converted"
        return made


def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _wide(band: Image.Image) -> Image.Image:
    """Rows of deep pixels in a mode that Pillow can compute with."""
    return band if band.mode in ("I", "F") else band.convert("I")


def _scale_of(opened: Image.Image) -> tuple[float, float]:
    """(factor, offset) that bring the range really used to 0–255, rounded, with 0 as black."""
    tags = getattr(opened, "tag_v2", {})
    low, high = _range_of(opened)
    if opened.mode == "I" and low < 0 and tags.get(SAMPLE_FORMAT) in (None, (1,), 1):
        raise UnknownDepth
    if opened.mode == "F":
        black, white = (0.0, 1.0) if low >= 0 and high <= 1 else (0.0, 255.0) if low >= 0 and high <= 255 else (low, high)  # fmt: skip
    elif low >= 0 and high < 2 ** DEPTHS[-1]:
        said = tags.get(BITS_PER_SAMPLE)
        bits = 12 if said == (12,) else next(each for each in DEPTHS if high < 2**each)
        black, white = 0.0, float(2**bits - 1)
    else:
        black, white = min(low, 0.0), high
    if white <= black:
        return 0.0, 0.0
    factor = 255 / (white - black)
    if tags.get(PHOTOMETRIC) == 0:  # white is zero: Pillow turns only 8 bits and fewer round
        return -factor, 255 + black * factor + 0.5
    return factor, 0.5 - black * factor


def _range_of(opened: Image.Image) -> tuple[float, float]:
    low, high = math.inf, -math.inf
    for top in range(0, opened.height, BAND):
        band = _wide(opened.crop((0, top, opened.width, min(top + BAND, opened.height))))
        least, most = band.getextrema()
        if not (math.isfinite(least) and math.isfinite(most)):  # type: ignore[arg-type]
            least, most = _finite(band)
        low, high = min(low, least), max(high, most)  # type: ignore[assignment]
    return low, high


def _finite(band: Image.Image) -> tuple[float, float]:
    values = array("f", band.tobytes())
    step = max(1, len(values) // SAMPLED)
    found = [each for each in values[::step] if math.isfinite(each)]
    return (min(found), max(found)) if found else (math.inf, -math.inf)
