"""A written date made plain to read: one width, one dash, one bracket, figures for kanji numerals, lower case."""

from __future__ import annotations

import re
import unicodedata

from japanese.numerals import with_arabic
from japanese.variants import fold_variants

MAX_LENGTH = 200

_SAME = str.maketrans(
    {
        **dict.fromkeys("〜∼∿", "~"),
        **dict.fromkeys("‐‑‒–—―−─", "-"),
        **dict.fromkeys("(〔【{〈", "("),
        **dict.fromkeys(")〕】}〉", ")"),
        **dict(zip("āīūēō", "aiueo", strict=True)),
    }
)
_CJK = r"[぀-ヿ㐀-鿿()\[\]~]"
_SPACE = re.compile(rf"(?<={_CJK})\s+|\s+(?={_CJK})")
_LONG_MARK_AS_DASH = re.compile(r"(?<=[0-9年月日期末初代紀])ー|ー(?=\d)")
EVENTS = (
    "designed|manufactured|printed|made|cast|modeled|modelled|patented|published|drawn|executed|built|issued|"
    "reworked|carved|woven|painted|project date|project|memorial edition|completed|dated|exhibited|shown|reprinted|"
    "republished|recast|restruck|restored|repaired|revised|altered|enlarged|remodeled|remodelled|rebuilt|erected|"
    "conceived|begun|started|finished|composed|written|copied|engraved|etched|lithographed|minted|struck|bound|signed|"
    "inscribed|postmarked|copyrighted|copyright|registered|photographed|filmed|recorded|released|assembled|fabricated|"
    "commissioned|acquired|purchased|collected|excavated|found"
)
_EVENT_BRACKET = re.compile(rf"\s*\((?:{EVENTS})\)")
_MENDED = (
    # 1897(明治30)年 and 明治30(1897)年 both become 1897年(明治30年).
    (re.compile(r"(\d{3,4})\(([^()]*?(?:\d|元))年?\)年"), r"\1年(\2年)"),
    (re.compile(r"(\d{1,2}|元)\((?:西暦)?(\d{3,4})年?\)年"), r"\1年(\2年)"),
    # 大正12年(1923)9月1日: the bracket repeats the year.
    (re.compile(r"年\([^()]*\)(?=閏?\d{1,2}月)"), "年"),
    # 天保3壬辰年5月吉日: inscriptions name the year's 干支 and a lucky day of the month.
    (re.compile(r"(?<=[\d元年])\(?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]\)?歳?"), ""),
    (re.compile(r"(?<=月)吉(?:祥日|日|辰)"), ""),
    # 平成31(令和元)年度 names one year twice, as 平成31年度(令和元年度) does.
    (re.compile(r"(\d{1,2}|元)年?\(([^()\d]{1,4}(?:\d{1,2}|元))年?\)年(度?)"), r"\1年\3(\2年\3)"),
    # B.C.300, A.D. 100; a number before it owns it (300 B.C. is read as English).
    (re.compile(r"(?<![\w.])(?<!\d )b\.?c\.?(?:e\.?)?\s*(?=\d)"), "bc"),
    (re.compile(r"(?<![\w.])(?<!\d )a\.?d\.?\s*(?=\d)"), "ad"),
    # 19C後半
    (re.compile(r"(?<!\d)(\d{1,2})c\.?(?![a-z])"), r"\1世紀"),
)


def plain_text(text: str) -> str:
    """The text as the readers expect it; a bracket left open is closed."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SAME)
    plain = with_arabic(fold_variants(plain))
    plain = _LONG_MARK_AS_DASH.sub("-", plain)
    plain = _EVENT_BRACKET.sub(",", plain)
    plain = _SPACE.sub(lambda space: "" if _between_japanese(space) else " ", " ".join(plain.split()))
    for pattern, replacement in _MENDED:
        plain = pattern.sub(replacement, plain)
    return (plain + ")" * max(0, plain.count("(") - plain.count(")"))).strip(" ,、。.;")


def _between_japanese(space: re.Match[str]) -> bool:
    """Spaces beside Japanese text mean nothing; beside an English word they part it from a bracket."""
    before = space.string[space.start() - 1 : space.start()]
    after = space.string[space.end() : space.end() + 1]
    return not (before.isascii() and after.isascii() and (before.isalpha() or after.isalpha()))


def split_outside_brackets(text: str, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Each way to cut the text in two at a match of the pattern that lies outside brackets."""
    ways = []
    for found in pattern.finditer(text):
        left, right = text[: found.start()], text[found.end() :]
        if left.count("(") == left.count(")"):
            ways.append((left.strip(), right.strip()))
    return ways


def pieces_outside_brackets(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The text cut at every match of the pattern outside brackets; empty pieces left out."""
    pieces, start = [], 0
    for found in pattern.finditer(text):
        if text[: found.start()].count("(") == text[: found.start()].count(")"):
            pieces.append(text[start : found.start()])
            start = found.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]
