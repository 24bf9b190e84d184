"""The words of sizes: which way something is measured, units, notes beside them; and the amounts, as ledgers write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from japanese.numerals import kanji_number

LABELS = {
    "height": ("縦", "たて", "高さ", "高", "丈", "h", "height"),
    "width": ("横", "よこ", "幅", "巾", "w", "width"),
    "depth": ("奥行き", "奥行", "厚さ", "厚み", "厚", "奥", "d", "depth", "thickness"),
    "diameter": ("直径", "径", "φ", "diam", "diameter", "dia"),
    "length": ("長さ", "長", "l", "length"),
    "weight": ("重さ", "重量", "重", "目方", "weight", "wt"),
}
"""Dimension → the words before its amount. Katakana is read as hiragana (タテ)."""
DIMENSION = {word: name for name, words in LABELS.items() for word in words}
UNITS = {
    "cm": "cm", "センチ": "cm", "センチメートル": "cm", "糎": "cm", "mm": "mm", "ミリ": "mm", "ミリメートル": "mm", "粍": "mm",
    "m": "m", "メートル": "m", "米": "m", "in": "in", "inch": "in", "inches": "in", "インチ": "in", '"': "in", "″": "in", "g": "g",
    "グラム": "g", "瓦": "g", "kg": "kg", "キロ": "kg", "キログラム": "kg", "瓩": "kg", "尺": "shaku", "寸": "sun",
}  # fmt: skip
WEIGHTS = frozenset({"g", "kg"})
NOTES = re.compile(
    r"(?:計測|測定)不[能可]|未計測|未測定|不明|未詳|なし|無し|[二四六八]曲(?:[一二][双隻])?|(?:[AB][0-9]{1,2}|菊|四六|新書|文庫|大|中|小|半紙|美濃)(?:判|版)(?:型|変型)?|"
    r"[AB][0-9]{1,2}(?:サイズ|変型)?(?![0-9A-Za-z.×])|"
    r"[0-9一二三四五六七八九十]+(?:枚|点|個|冊|本|巻|帖|通|組|対|双|隻|式|幅|面|口|基|丁|葉|頁|曲)(?:組|綴|一具|一対)?"
    r"|unframed|n/?a\b|[-–—]+(?=$|\s)",
    re.IGNORECASE,
)
"""What stands beside sizes and is none: that nothing was measured, a format of paper, how many pieces there are."""
VULGAR = re.compile("[¼½¾⅐-⅞]")
_RAISED = re.compile(r"[²³¹⁰⁴-⁹₀-₉①-⓿❶-➓]")
_KANJI = "〇一二三四五六七八九十百千"
AMOUNT = (
    r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:(?:\s+|-|\s*&\s*)[0-9]{1,2}/[0-9]{1,2}|/[0-9]{1,2}|\.[0-9]+)?)"
)
"""1,200, 12.50, 5 1/2, 1/2."""
SHAKU = re.compile(
    rf"(?:(?P<丈>[0-9]+|[{_KANJI}]+)丈)?\s*(?:(?P<尺>[0-9]+(?:\.[0-9]+)?|[{_KANJI}]+)尺)?\s*"
    rf"(?:(?P<寸>[0-9]+(?:\.[0-9]+)?|[{_KANJI}]+)寸)?\s*(?:(?P<分>[0-9]+(?:\.[0-9]+)?|[{_KANJI}]+)分)?\s*"
    rf"(?:(?P<厘>[0-9]+|[{_KANJI}]+)厘)?(?P<半>半)?"
)
"""一尺二寸, 1尺2寸5分."""


@dataclass(frozen=True)
class Amount:
    """A number as text and its unit, "" where none stood there."""

    value: str
    unit: str = ""


def folded(text: str) -> str:
    """The text half-width, ½ as 1/2 behind a space; raised and circled figures stay what they are."""
    spread = VULGAR.sub(lambda found: " " + unicodedata.normalize("NFKC", found[0]).replace("⁄", "/"), text)
    parts = (each if _RAISED.match(each) else unicodedata.normalize("NFKC", each) for each in spread)
    return unicodedata.normalize("NFC", "".join(parts)).replace("〜", "~").strip()


def plain_amount(text: str) -> str | None:
    """An amount of AMOUNT as a decimal; None where it has no exact one (1/3) of six places at most."""
    found = re.fullmatch(r"(?:([0-9,]+)(?:\s+|-|\s*&\s*))?([0-9]+)/([0-9]+)", text)
    if not found:
        return text.replace(",", "")
    whole, over, under = int((found[1] or "0").replace(",", "")), int(found[2]), int(found[3])
    if not under or over >= under or 1_000_000 % under:
        return None
    exact = f"{over * (1_000_000 // under):06d}".rstrip("0")
    return f"{whole}.{exact}" if exact else str(whole)


def shaku_amount(found: re.Match[str]) -> Amount | None:
    """一尺二寸 → 1.2 尺, 八寸五分 → 8.5 寸; None where a lower place has ten or more, or neither 尺 nor 寸 is said."""
    said = {name: _places(found[name]) for name in "丈尺寸分厘" if found[name]}
    if not said.keys() & set("丈尺寸") or None in said.values():
        return None
    values = {name: value for name, value in said.items() if value is not None}
    lowest = list(values)[-1]
    if any("." in value for name, value in values.items() if name != lowest):
        return None
    if found["半"]:
        if "." in values[lowest]:
            return None
        values[lowest] += ".5"
    unit = "尺" if values.keys() & set("丈尺") else "寸"
    places = "丈尺寸分厘"
    digits = 0
    for name, value in values.items():
        whole, _, rest = value.partition(".")
        below = places.index(name) - places.index(next(iter(values)))
        if below and len(whole) > 1:
            return None
        digits += int(f"{whole}{rest}") * 10 ** (8 - below - len(rest))
    shift = 8 - (places.index(unit) - places.index(next(iter(values))))
    whole_part, rest_part = divmod(digits, 10**shift)
    decimals = f"{rest_part:0{shift}d}".rstrip("0")
    return Amount(f"{whole_part}.{decimals}" if decimals else str(whole_part), UNITS[unit])


def _places(text: str) -> str | None:
    if text[0] in _KANJI:
        number = kanji_number(text)
        return None if number is None else str(number)
    return text
