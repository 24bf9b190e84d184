"""Numbers as people write them: full-width, with separators of thousands, in kanji, with a counter or yen.

Only what can be read in one way is read: 1,200 is 1200; 12,5 and 1,23,4 could be a decimal comma or a slip, 10² and ①
are no plain figures. Those are refused; a reader that guesses changes values.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from japanese.numerals import kanji_number

COUNTERS = (
    "点件個箇ヶケ枚冊本巻帖帙通部組対双隻式揃幅面口腰振領足台基棟艘艇頭匹羽体躯柱軸曲丁葉筆編篇綴束箱袋缶瓶膳客"
    "具挺張台脚合号回名人"
)
"""Words that Japanese puts behind a count of things."""
OF_SETS = frozenset("組対双式揃具膳箱袋束帙曲隻")
"""Counters of which one can be several pieces: 1双 is a pair of screens."""
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_WHOLE = re.compile(rf"(?P<sign>[+-]?)(?P<number>{_GROUPED})(?P<counter>[{COUNTERS}]?)")
_KANJI = re.compile(rf"(?P<number>[〇零一二三四五六七八九十百千壱弐参拾]+)(?P<counter>[{COUNTERS}]?)")
_DECIMAL = re.compile(rf"(?P<number>{_GROUPED})(?P<fraction>\.[0-9]+)?")
_YEN = re.compile(r"金?[¥\\]?(?P<number>[^¥\\円也-]+)(?:円也?|-)?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─－ー", "-"))


@dataclass(frozen=True)
class Count:
    """A whole number and the counter that stood behind it, "" where there was none."""

    number: int
    counter: str = ""


def half_width(text: str) -> str:
    """The text with full-width signs half-width and dashes as hyphens; unlike NFKC, ² stays ² and ① stays ①."""
    wide = "".join(unicodedata.normalize("NFKC", each) if _is_wide(each) else each for each in text)
    return wide.translate(_DASHES).strip()


def _is_wide(char: str) -> bool:
    return char == "\u3000" or "\uff01" <= char <= "\uff5e" or "\uffe0" <= char <= "\uffe6"


def whole_number(text: str) -> Count | None:
    """A whole number of things: 1,200, １２, 3点, 一式; None when it is none, or could be read in two ways."""
    plain = half_width(text).replace(" ", "")
    if found := _WHOLE.fullmatch(plain):
        return Count(int(found["sign"] + found["number"].replace(",", "")), found["counter"])
    found = _KANJI.fullmatch(plain)
    number = kanji_number(found["number"]) if found else None
    return Count(number, found["counter"]) if found and number is not None else None


def yen(text: str) -> int | None:
    """A sum of yen: 1,200円, ￥980, 金五千円也; None when it is none."""
    found = _YEN.fullmatch(half_width(text).replace(" ", ""))
    count = whole_number(found["number"]) if found else None
    return count.number if count and not count.counter else None


def decimal_number(text: str) -> str | None:
    """A number with its decimals as they were written (12.50 stays), without separators of thousands; else None."""
    found = _DECIMAL.fullmatch(half_width(text))
    return found["number"].replace(",", "") + (found["fraction"] or "") if found else None
