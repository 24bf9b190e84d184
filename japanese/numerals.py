"""Kanji numerals as dates are written with them: 三十, 二〇二六, 弐拾, 廿三, 卅."""

from __future__ import annotations

import re

_DIGITS = {
    char: value
    for value, chars in enumerate(["〇零○", "一壱弌", "二弐", "三参", "四肆", "五伍", "六", "七", "八", "九"])
    for char in chars
}
_TENS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_JOINED = {"廿": "二十", "卄": "二十", "卅": "三十", "丗": "三十", "卌": "四十"}
_RUN = re.compile(f"[{''.join([*_DIGITS, *_TENS, *_JOINED])}]+(?!国)")


def kanji_number(text: str) -> int | None:
    """A kanji numeral, by places (三十五) or by digits (一九三四); None when it is neither."""
    for short, long in _JOINED.items():
        text = text.replace(short, long)
    if not text or any(char not in _DIGITS and char not in _TENS for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _TENS:
            total += (1 if digit is None else digit) * _TENS[char]
            digit = None
        else:
            # 二三十 is two numbers (two or three tens), not one.
            if digit is not None:
                return None
            digit = _DIGITS[char]
    return total + (digit or 0)


def with_arabic(text: str) -> str:
    """The text with each run of kanji numerals written 0-9; 三国 and what is no number stay."""
    return _RUN.sub(lambda run: run[0] if (value := kanji_number(run[0])) is None else str(value), text)
