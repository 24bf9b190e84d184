"""The order of texts in lists: as in a dictionary, numbers by their value (docs/decisions/0039-order.md).

Sources: JIS X 4061:1996 (Collation of Japanese character strings), its reading-and-notation order (読み・表記照合) with basic
kanji (JIS X 0208 order). Beyond it: runs of figures are compared as numbers, old forms of kanji stand with the usual one, and
quotation marks do not count.

A key is text whose code points sort like what it was made of, in UTF-8 too. In descending weight:
1. the signs: space, symbols, figures, Latin and other letters, kana, kanji; kana large, unvoiced, ー as the vowel it lengthens;
2. voicing (は ば ぱ) and accents; 3. ー, small, repeated (ゝ), large kana; 4. hiragana before katakana, small letters before capitals, no zeros
before a number before one; 5. of what is read alike, how it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from japanese.readings import SMALL_TO_LARGE, to_hiragana, unvoiced, vowel_of
from japanese.variants import fold_variants

LONGEST = 200
"""Characters of a text that count. Texts that are alike so far stand in order of entry."""
WRITTEN = 60
"""Characters of the written form that tell apart what is read alike."""
LAST = "\U0010fffd"
"""The key of no text: it stands behind every other."""
_LEVEL, _PART = "\t", "\n"
_DROPPED = frozenset("・･·•‧「」『』“”„\"'’‘`«»《》〈〉")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−─━ー"), "-")
_FIRST_KANJI, _RARE_KANJI = 0x4E00, "\u9fff"
LONG, SMALL, REPEATED, PLAIN = range(4)
_DIGITS = "0123456789"
_FIGURES = re.compile("[0-9]+")
_CHUNKS = re.compile("[0-9]+|[^0-9]+")
_EARLIER = 0x1000
"""Above every position: what differs later in a text weighs less (`_later_less`)."""


def order_key(parts: Sequence[str], written: str = "") -> str:
    """The key of a text, or of several of which the first decides first (a surname, a first name).

    Args:
        parts: the texts by which it is ordered: readings, where there are any.
        written: how it is written, if that is something else.
    """
    texts = [each[:LONGEST] for each in parts if each]
    if not texts:
        return LAST
    signs = [_Signs(each) for each in texts]
    levels = [
        _PART.join(each.first for each in signs),
        _PART.join(_later_less(each.second) for each in signs),
        _PART.join(_later_more(each.third) for each in signs),
        _PART.join(_later_less(each.fourth) for each in signs),
    ]
    if written and written != texts[0]:
        levels.append(_Signs(written[:WRITTEN]).first)
    return _LEVEL.join(levels)


_DOING = {"counts": _DIGITS, "repeats": "々〻ゝゞヽヾ", "lengthens": "ー", "drops": _DROPPED}
"""What signs do to others, where they do not stand for themselves."""


class _Sign(NamedTuple):
    """What one sign weighs."""

    does: str
    """`stands`, or what it does to others: `divides`, `counts`, `repeats`, `lengthens`, `drops`."""
    first: str = ""
    second: int = 0
    """1 voiced or accented, 2 half voiced."""
    third: int = PLAIN
    fourth: int = 0
    """1 katakana or capital."""
    vowel: str = ""
    """What ー behind it stands for."""


class _Weighed(dict[str, _Sign]):
    """Sign → its weight, filled as signs are met: a record has hundreds of them, and they come again."""

    def __missing__(self, sign: str) -> _Sign:
        self[sign] = weight = _weight(sign)
        return weight


_WEIGHED = _Weighed()


def _weight(sign: str) -> _Sign:
    for does, signs in _DOING.items():
        if sign in signs:
            said = "!-" if does == "lengthens" else ""
            third = {"repeats": REPEATED, "lengthens": LONG}.get(does, PLAIN)
            return _Sign(does, said, int(sign in "ゞヾ"), third, int(sign in "ヽヾ"))
    if sign.isspace():
        return _Sign("divides", " ")
    if unicodedata.category(sign) in ("Cc", "Cf"):
        return _Sign("drops")
    hiragana = to_hiragana(sign)
    return _kana_weight(hiragana, int(hiragana != sign)) if "ぁ" <= hiragana <= "ゖ" else _other_weight(sign)


def _kana_weight(sign: str, script: int) -> _Sign:
    large = sign.translate(SMALL_TO_LARGE)
    mark = {"\u3099": 1, "\u309a": 2}.get(unicodedata.normalize("NFD", large)[1:2], 0)
    plain = unvoiced(large)
    size = PLAIN if large == sign else SMALL
    return _Sign("stands", plain, mark, size, script, vowel_of(plain) or plain)


def _other_weight(sign: str) -> _Sign:
    if _is_kanji(sign):
        return _Sign("stands", _kanji(sign))
    if sign.isalpha():
        small = sign.casefold()
        base, *marks = list(unicodedata.normalize("NFD", small))
        return _Sign("stands", base, int(bool(marks)), fourth=int(small != sign))
    return _Sign("stands", f"!{sign.translate(_HYPHENS)}")


class _Ordinary(dict[int, str]):
    """Code point → what it weighs at the first level, if it weighs nothing at the others and does nothing to its
    neighbours; else NUL. str.translate asks it at a fifth of the time of calls."""

    def __missing__(self, code: int) -> str:
        weight = _WEIGHED[chr(code)]
        usual = weight.does == "stands" and not weight.second and weight.third == PLAIN and not weight.fourth
        self[code] = said = weight.first if usual and code else "\0"
        return said


_ORDINARY = _Ordinary()


def _ordinary(text: str) -> str | None:
    """All signs of a text that weighs nothing but at the first level; None of any other."""
    said = ""
    for chunk in _CHUNKS.findall(text):
        if chunk[0] in _DIGITS:
            if chunk[0] == "0":
                return None
            said += _number(chunk)
        else:
            said += chunk.translate(_ORDINARY)
    return None if "\0" in said else said


def _number(figures: str) -> str:
    """One sign tells how many figures follow, so that a longer number is the greater one."""
    return f"0{chr(0x30 + len(figures))}{figures}"


class _Signs:
    """What a text weighs at each level: at the first, all its signs; at the others only what is out of the ordinary."""

    def __init__(self, text: str) -> None:
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
        self._text = fold_variants(text).replace("〇", "零")
        self._first: list[str] = []
        self.second: dict[int, int] = {}
        self.third: dict[int, int] = {}
        self.fourth: dict[int, int] = {}
        """Place → 1, or more by one than the zeros before a number."""
        self._vowel, counted = "", 0
        if (plain := _ordinary(self._text)) is not None:
            self._first.append(plain)
            return
        for at, sign in enumerate(self._text):
            if at < counted:
                continue
            weight = _WEIGHED[sign]
            if weight.does == "stands":
                self._add(at, weight, weight.first)
                self._vowel = weight.vowel
            elif weight.does == "counts":
                counted = self._count(at)
            elif weight.does == "lengthens":
                self._add(at, weight if self._vowel else _HYPHEN, self._vowel or weight.first)
            elif weight.does == "repeats":
                self._add(at, weight, "".join(self._first[-1:]))
            elif weight.does == "divides" and self._divides(at):
                self._first.append(weight.first)

    @property
    def first(self) -> str:
        """All its signs."""
        return "".join(self._first)

    def _add(self, at: int, weight: _Sign, first: str) -> None:
        self._first.append(first)
        if weight.second:
            self.second[at] = weight.second
        if weight.third != PLAIN:
            self.third[at] = weight.third
        if weight.fourth:
            self.fourth[at] = weight.fourth

    def _count(self, at: int) -> int:
        """Add a number; where it ends."""
        found = _FIGURES.match(self._text, at)
        whole = found[0] if found else self._text[at]
        figures = whole.lstrip("0")
        if len(whole) > len(figures):
            self.fourth[at] = 1 + len(whole) - len(figures)
        self._first.append(_number(figures))
        self._vowel = ""
        return at + len(whole)

    def _divides(self, at: int) -> bool:
        """Whether a space parts words: between kana and kanji it is only for the eye."""
        beside = self._text[at - 1 : at] + self._text[at + 1 : at + 2]
        return len(beside) == 2 and all(each.isascii() for each in beside)


_HYPHEN = _Sign("stands")
"""ー where it lengthens nothing."""


def _is_kanji(sign: str) -> bool:
    return (
        "\u3400" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" or "\U00020000" <= sign <= "\U000323af"
    )


def _kanji(sign: str) -> str:
    """A kanji's place in JIS X 0208, whose first level stands by reading; those that it lacks stand behind."""
    try:
        encoded = sign.encode("euc_jp")
    except UnicodeEncodeError:
        return _RARE_KANJI + sign
    if len(encoded) != 2:
        return _RARE_KANJI + sign
    return chr(_FIRST_KANJI + (encoded[0] - 0xB0) * 94 + encoded[1] - 0xA1)


def _later_less(marks: dict[int, int]) -> str:
    """As text of which none is the least, and the earlier a mark the greater it is."""
    return "".join(f"{chr(_EARLIER - place)}{chr(0x30 + mark)}" for place, mark in sorted(marks.items()))


def _later_more(marks: dict[int, int]) -> str:
    """As text of which none is the greatest, and the earlier a mark the less it is."""
    said = "".join(f"{chr(0x100 + place)}{chr(0x30 + mark)}" for place, mark in sorted(marks.items()))
    return f"{said}{chr(_EARLIER)}"
