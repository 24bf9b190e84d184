"""One day, in every way that forms and old databases write it; refusals say what to do."""

from __future__ import annotations

import datetime

import pytest

from japanese.eras import (
    BeyondEraError,
    DateError,
    ImpossibleDateError,
    LunarDateError,
    UnreadableDateError,
    parse_date,
)

DAYS = [
    ("2020-01-05", (2020, 1, 5)),
    ("2020/1/5", (2020, 1, 5)),
    ("2020.1.5", (2020, 1, 5)),
    ("20200105", (2020, 1, 5)),
    ("2020年1月5日", (2020, 1, 5)),
    ("西暦2020年1月5日", (2020, 1, 5)),
    ("２０２０／１／５", (2020, 1, 5)),
    ("２０２０年１月５日", (2020, 1, 5)),
    ("2020−01−05", (2020, 1, 5)),
    ("二〇二〇年一月五日", (2020, 1, 5)),
    (" 2020-01-05 ", (2020, 1, 5)),
    ("2020-01-05T00:00:00", (2020, 1, 5)),
    ("1995/04/01 0:00:00", (1995, 4, 1)),
    ("2020年1月5日(日)", (2020, 1, 5)),
    ("2020/1/5（日曜日）", (2020, 1, 5)),
    ("令和2年1月5日", (2020, 1, 5)),
    ("令和２年１月５日", (2020, 1, 5)),
    ("令和二年一月五日", (2020, 1, 5)),
    ("令和元年5月1日", (2019, 5, 1)),
    ("R2.1.5", (2020, 1, 5)),
    ("r2/1/5", (2020, 1, 5)),
    ("R02-01-05", (2020, 1, 5)),
    ("令2.1.5", (2020, 1, 5)),
    ("昭和64.1.7", (1989, 1, 7)),
    ("平成元年1月8日", (1989, 1, 8)),
    ("平成31年4月30日", (2019, 4, 30)),
    ("明治45年7月30日", (1912, 7, 30)),
    ("大正元年7月30日", (1912, 7, 30)),
    ("大正15年12月25日", (1926, 12, 25)),
    ("昭和元年12月25日", (1926, 12, 25)),
    ("明治6年1月1日", (1873, 1, 1)),
    ("S39.2.29", (1964, 2, 29)),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_is_read(text: str, day: tuple[int, int, int]) -> None:
    assert parse_date(text) == datetime.date(*day)


REFUSED = [
    ("", UnreadableDateError, "2020-01-05"),
    ("昭和20年", UnreadableDateError, "2020-01-05"),
    ("20/1/5", UnreadableDateError, "2020-01-05"),
    ("明治30年頃", UnreadableDateError, "2020-01-05"),
    ("2020-01-05 13:30", UnreadableDateError, "2020-01-05"),
    ("2023-02-29", ImpossibleDateError, "月と日"),
    ("令和5年2月29日", ImpossibleDateError, "月と日"),
    ("2020-13-01", ImpossibleDateError, "月と日"),
    ("昭和0年1月1日", ImpossibleDateError, "年を確かめて"),
    ("昭和70年1月1日", BeyondEraError, "平成7年1月1日（1995-01-01）"),
    ("昭和64年1月8日", BeyondEraError, "平成元年1月8日"),
    ("平成35年1月1日", BeyondEraError, "令和5年1月1日"),
    ("平成元年1月7日", BeyondEraError, "昭和64年1月7日"),
    ("令和元年4月30日", BeyondEraError, "平成31年4月30日"),
    ("大正元年7月29日", BeyondEraError, "明治45年7月29日"),
    ("明治5年12月2日", LunarDateError, "旧暦"),
    ("明治元年1月1日", LunarDateError, "旧暦"),
]


@pytest.mark.parametrize(("text", "kind", "hint"), REFUSED)
def test_a_refusal_says_what_to_do_in_two_languages(text: str, kind: type[DateError], hint: str) -> None:
    with pytest.raises(kind) as caught:
        parse_date(text)
    japanese, english = caught.value.words
    assert hint in japanese
    assert english
    assert isinstance(caught.value, ValueError)
