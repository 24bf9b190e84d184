"""What a text cannot carry: characters lost in another system, that cp932 has no place for, or that a
spreadsheet would run."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

Trouble = Literal["gaiji", "private", "replacement", "unmappable"]

# 〓 (geta) is what Japanese systems print for a character that they do not have.
_GETA = "〓"
_REPLACEMENT = "\ufffd"
# cp932 has each of these twice over; Python's codec knows only Windows' side. Folding these loses nothing.
_CP932_DOUBLES = str.maketrans({"〜": "～", "−": "－", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢", "—": "―"})
# A cell that starts so is run as a formula by Excel and LibreOffice (OWASP, "CSV Injection"). Full-width
# signs count: a Japanese Excel reads them as the ASCII ones.
_FORMULA_LEADERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Doubt:
    """One character to look at: where (0-based), which, and what is wrong with it."""

    position: int
    character: str
    trouble: Trouble


def lost_characters(text: str) -> list[Doubt]:
    """Places where a character was lost on the way in: 〓, private use (外字), U+FFFD; in order."""
    return [Doubt(at, char, trouble) for at, char in enumerate(text) if (trouble := _loss(char)) is not None]


def _loss(char: str) -> Trouble | None:
    if char == _GETA:
        return "gaiji"
    if char == _REPLACEMENT:
        return "replacement"
    return "private" if unicodedata.category(char) == "Co" else None


def fold_cp932(text: str) -> str:
    """The text with Unicode's side of cp932's doubles replaced by Windows' side (〜 -> ～, − -> －, — -> ―)."""
    return text.translate(_CP932_DOUBLES)


def unmappable_in_cp932(text: str) -> list[Doubt]:
    """Characters that a cp932 file cannot hold even after `fold_cp932` (鷗, 𠮷, private use…), in order.

    Private-use characters are listed although Python's codec maps some of them: another machine's 外字 differ.
    """
    folded = fold_cp932(text)
    return [Doubt(at, text[at], "unmappable") for at, char in enumerate(folded) if not _fits_cp932(char)]


def _fits_cp932(char: str) -> bool:
    if unicodedata.category(char) == "Co":
        return False
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def formula_safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it: a formula's first sign gets ' before it.

    So does a text that has it already, so that `without_formula_guard` gives back exactly what was there.
    Numbers (-3.5) get it too when they are given as text: give numbers as numbers. Source: OWASP, CSV Injection.
    """
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_LEADERS) else text


def without_formula_guard(cell: str) -> str:
    """The text that `formula_safe_cell` made this cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_LEADERS) else cell
