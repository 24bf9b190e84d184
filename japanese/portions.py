"""Parts of a stretch of time: 初, 前半, 中頃, 末期, late, second half.

A convention for finding: 前期, 中期, 後期 and early, mid, late are thirds; 初 and 末 fifths; halves and quarters what they
say. Whole years, rounded outward, so that neighbours may share a year and none falls between. 大正末期 is so
1924-1926, 19世紀末 1881-1900, 江戸時代後期 1780-1868.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from japanese.period import OPEN_END, OPEN_START, Span, day_number, year_end, year_of

Share = tuple[Fraction, Fraction]


def _share(start: int, end: int, of: int) -> Share:
    return Fraction(start, of), Fraction(end, of)


_THIRDS = (_share(0, 1, 3), _share(1, 2, 3), _share(2, 3, 3))
PORTIONS: dict[str, Share] = {
    **dict.fromkeys(("初頭", "初期", "初年", "初め", "初", "はじめ", "始め", "開始期"), _share(0, 1, 5)),
    **dict.fromkeys(("末期", "末葉", "末年", "末", "終わり", "終り", "終末期"), _share(4, 5, 5)),
    **dict.fromkeys(("前半期", "前半", "上半期"), _share(0, 1, 2)),
    **dict.fromkeys(("後半期", "後半", "下半期"), _share(1, 2, 2)),
    **dict.fromkeys(("前期", "前葉", "早期"), _THIRDS[0]),
    **dict.fromkeys(("中期", "中葉", "中頃", "中ごろ", "中ころ", "半ば", "なかば", "中"), _THIRDS[1]),
    **dict.fromkeys(("後期", "後葉", "晩期"), _THIRDS[2]),
    **dict.fromkeys(("early", "beginning of"), _THIRDS[0]),
    **dict.fromkeys(("mid", "middle", "middle of"), _THIRDS[1]),
    **dict.fromkeys(("late", "end of"), _THIRDS[2]),
    **dict.fromkeys(("first half of", "1st half of"), _share(0, 1, 2)),
    **dict.fromkeys(("second half of", "last half of", "latter half of", "2nd half of"), _share(1, 2, 2)),
    **{
        f"{words} quarter of": _share(at, at + 1, 4)
        for at, words in enumerate(("first", "second", "third", "fourth"))
    },
    "last quarter of": _share(3, 4, 4),
    **{f"第{at + 1}4半期": _share(at, at + 1, 4) for at in range(4)},
    **{f"第{at + 1}4半世紀": _share(at, at + 1, 4) for at in range(4)},
}
_JAPANESE = sorted((word for word in PORTIONS if not word.isascii()), key=len, reverse=True)
JAPANESE_PORTION = "(?:" + "|".join(_JAPANESE) + ")"
ENGLISH_PORTION = "(?:" + "|".join(sorted((w for w in PORTIONS if w.isascii()), key=len, reverse=True)) + ")"
_CHAIN = re.compile(JAPANESE_PORTION)


def divided(span: Span, words: str) -> Span | None:
    """The named part of a span; several words narrow in turn (後期前半). None for a span without both ends."""
    for word in _CHAIN.findall(words) if not words.isascii() else [words]:
        if span.earliest == OPEN_START or span.latest == OPEN_END:
            return None
        span = _part(span, PORTIONS[word])
    return span


def _part(span: Span, share: Share) -> Span:
    first, last = year_of(span.earliest), year_of(span.latest)
    count = last - first + 1
    start = first + int(count * share[0])
    end = first + -int(-count * share[1] // 1) - 1
    return replace(
        span,
        earliest=max(span.earliest, day_number(start)),
        latest=min(span.latest, year_end(end)),
        unit="wide",
    )
