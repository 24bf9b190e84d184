"""What a program makes of a text that it saves in an encoding without all of its characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

# Windows writes the nearest character of its code page 932 for these (Unicode Consortium, bestfit932.txt).
_NEAREST = str.maketrans({
    "—": "―", "〜": "～", "−": "－", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢", "¥": "\\", "‾": "~", "¦": "|", "·": "・",
    "¡": "!", "©": "c", "«": "≪", "»": "≫", "\xad": "-", "®": "R", "¯": "￣", "¸": "，", "\xa0": " ", "Æ": "A", "Ð": "D",
    "Ø": "O", "Þ": "T", "ß": "s", "æ": "a", "ð": "d", "ø": "o", "þ": "t",
})  # fmt: skip


def as_saved(text: str, encoding: str) -> set[str]:
    """All that a text may read as after it was saved in an encoding: what that cannot hold became "?" or what is nearest.

    Args:
        text: as it was.
        encoding: Python's name of it; "" where nothing was lost, as in a workbook.
    """
    if not encoding or _kept(text, encoding) == text:
        return {text}
    return {text, *("".join(_each(text, encoding, lost)) for lost in (_one, _units, _nearest, _left_out))}


def _each(text: str, encoding: str, lost: Callable[[str, str], str]) -> list[str]:
    return [lost(each, encoding) if (kept := _kept(each, encoding)) is None else kept for each in text]


def _kept(text: str, encoding: str) -> str | None:
    """What comes back of a text; None where something of it cannot be written. 〜 comes back from cp932 as ～."""
    try:
        return text.encode(encoding).decode(encoding)
    except UnicodeError:
        return None


def _one(_: str, __: str) -> str:
    return "?"


def _units(each: str, _: str) -> str:
    """Windows counts in UTF-16: two marks for 𠮷, and for a variation selector."""
    return "?" * (len(each.encode("utf-16-le", "surrogatepass")) // 2)


def _nearest(each: str, encoding: str) -> str:
    near = each.translate(_NEAREST)
    if near == each:
        near = unicodedata.normalize("NFKD", each)[:1]
    return near if near and _kept(near, encoding) else _units(each, encoding)


def _left_out(each: str, encoding: str) -> str:
    """Some leave out what has no form of its own: variation selectors, joiners, combining marks."""
    return "" if unicodedata.category(each) in ("Mn", "Me", "Cf") else _one(each, encoding)
