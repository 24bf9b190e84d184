"""Drawn stand-ins for photographs: an object's outline on a studio's grey, so that pages with pictures can be tried."""

from __future__ import annotations

import io
import math
from random import Random

from PIL import Image, ImageDraw

_CLAYS = ("#8a5a44", "#4f6272", "#7b7f5a", "#a8794f", "#394b59", "#97694f")
SIZE = (1200, 900)


def picture(dice: Random) -> io.BytesIO:
    """A JPEG of a vessel or a hanging scroll."""
    image = Image.new("RGB", SIZE, "#d9d7d2")
    draw = ImageDraw.Draw(image)
    for row in range(SIZE[1]):
        shade = 226 - row * 46 // SIZE[1]
        draw.line((0, row, SIZE[0], row), fill=(shade, shade - 2, shade - 6))
    (_vessel if dice.random() < 0.6 else _scroll)(draw, dice)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=85)
    kept.seek(0)
    return kept


def _vessel(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    middle, top, bottom = SIZE[0] // 2, 200, 760
    belly, neck = dice.randint(150, 300), dice.randint(60, 140)
    clay = dice.choice(_CLAYS)
    draw.ellipse((middle - belly, bottom - 30, middle + belly, bottom + 40), fill="#a5a29c")
    for row in range(top, bottom):
        at = (row - top) / (bottom - top)
        half = neck + (belly - neck) * math.sin(math.pi * min(1.0, at * 1.15)) ** 2
        draw.line((middle - half, row, middle + half, row), fill=clay)
    for band in range(dice.randint(1, 4)):
        row = 380 + band * 70
        draw.line((middle - neck, row, middle + neck, row), fill="#f0ece2", width=dice.randint(3, 9))


def _scroll(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    left, right = 430, 770
    draw.rectangle((left, 70, right, 830), fill=dice.choice(_CLAYS))
    draw.rectangle((left + 30, 190, right - 30, 700), fill="#efe9da")
    for side in (70, 815):
        draw.rectangle((left - 18, side, right + 18, side + 16), fill="#3b2f2a")
    for hill in range(4):
        base, high = 640 - hill * 60, dice.randint(60, 180)
        peak = dice.randint(left + 80, right - 80)
        tone = 110 + hill * 28
        points = [(left + 30, base), (peak, base - high), (right - 30, base)]
        draw.polygon(points, fill=(tone, tone, tone - 8))
