"""Kanji numerals, by places and by digits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from japanese.numerals import kanji_number, with_arabic


@pytest.mark.parametrize(
    ("kanji", "number"),
    [
        ("十", 10),
        ("三十", 30),
        ("三十五", 35),
        ("百", 100),
        ("百二十一", 121),
        ("千八百九十七", 1897),
        ("一九三四", 1934),
        ("二〇二六", 2026),
        ("〇", 0),
        ("廿三", 23),
        ("卅", 30),
        ("弐拾参", 23),
        ("元", None),
        ("二三十", None),
        ("", None),
    ],
)
def test_a_numeral_is_read(kanji: str, number: int | None) -> None:
    assert kanji_number(kanji) == number


@settings(deadline=None)
@given(st.integers(0, 9999))
def test_figures_by_digits_are_read_back(number: int) -> None:
    assert kanji_number("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == number


def test_only_numbers_become_figures() -> None:
    assert with_arabic("昭和二十年八月十五日") == "昭和20年8月15日"
    assert with_arabic("三国時代") == "三国時代"
