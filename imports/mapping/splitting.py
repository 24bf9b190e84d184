"""One cell that holds several things: sizes as people write them, and several names."""

from __future__ import annotations

import re
import unicodedata

from gate.fields.typed_text import Wrong

Size = tuple[str, str, str]
"""(dimension, value, unit), codes of the vocabularies."""

_LABELS = {
    "height": ("縦", "タテ", "たて", "高さ", "総高", "器高", "高", "全高", "丈", "h", "height"),
    "width": ("横", "ヨコ", "よこ", "幅", "巾", "w", "width"),
    "depth": ("奥行き", "奥行", "厚さ", "厚み", "厚", "奥", "d", "depth"),
    "diameter": ("直径", "口径", "底径", "胴径", "最大径", "径", "φ", "diam", "diameter", "dia"),
    "length": ("長さ", "全長", "長径", "長", "刃長", "l", "length"),
    "weight": ("重さ", "重量", "重", "weight"),
}
_DIMENSION = {label: name for name, labels in _LABELS.items() for label in labels}
_UNITS = {
    "cm": "cm", "センチ": "cm", "センチメートル": "cm", "糎": "cm", "mm": "mm", "ミリ": "mm", "ミリメートル": "mm",
    "m": "m", "メートル": "m", "in": "in", "inch": "in", "インチ": "in", '"': "in", "g": "g", "グラム": "g", "kg": "kg",
    "キロ": "kg", "キログラム": "kg",
}  # fmt: skip
_ORDER = ("height", "width", "depth")


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))


_ONE = re.compile(
    rf"(?P<label>{_either(_DIMENSION)})?\s*[.:]?\s*(?P<value>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"\s*(?P<unit>{_either(_UNITS)})?(?![a-z])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s×xX*✕・、,;/]*|[\s]*by[\s]*")
_UNREADABLE = (
    "寸法として読めません。例: 5.2×3.1cm、縦5.2cm 横3.1cm",
    "This is not a size. For example 5.2×3.1cm, or H5.2 W3.1 cm.",
)


def sizes(text: str, unit: str) -> tuple[Size, ...]:
    """`5.2×3.1cm` → height and width; `径12.3㎝`; `H5.2 W3.1`; a unit at the end holds for what stands before it.

    Args:
        text: the cell.
        unit: the unit where the cell names none.

    Raises:
        Wrong: there is something in it that is no size; nothing is left out silently.
    """
    plain = unicodedata.normalize("NFKC", text).replace("約", "").strip().strip("()[]").strip()
    found: list[re.Match[str]] = []
    at = 0
    while at < len(plain):
        between = _BETWEEN.match(plain, at)
        at = between.end() if between else at
        if at == len(plain):
            break
        one = _ONE.match(plain, at)
        if one is None:
            raise Wrong(_UNREADABLE)
        found.append(one)
        at = one.end()
    return _measured(found, unit)


def _measured(found: list[re.Match[str]], unit: str) -> tuple[Size, ...]:
    measured: list[Size] = []
    unlabelled = iter(_ORDER)
    later = unit
    units = []
    for one in reversed(found):
        later = _UNITS[one["unit"].lower()] if one["unit"] else later
        units.append(later)
    for one, its in zip(found, reversed(units), strict=True):
        label = one["label"]
        dimension = _DIMENSION[label.lower()] if label else next(unlabelled, "")
        if its in ("g", "kg"):
            dimension = "weight"
        if not dimension:
            raise Wrong(_UNREADABLE)
        measured.append((dimension, one["value"].replace(",", ""), its))
    return tuple(measured)


def names(text: str, signs: str) -> list[str]:
    """Several names in a cell, divided by any of the signs or by a line's end; each once, in order."""
    parts = re.split(f"[{re.escape(signs)}\n\r]+", text)
    return list(dict.fromkeys(each for part in parts if (each := part.strip().strip("\u3000"))))
