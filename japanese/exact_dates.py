"""One exact day, as forms and old databases write it: 受入日, 生年月日."""

from __future__ import annotations

import datetime
import re
import unicodedata

from japanese.era_table import BY_LETTER, MODERN, Era, to_era
from japanese.numerals import with_arabic
from japanese.period import Words, day_number, parts_of
from japanese.variants import fold_variants


class DateError(ValueError):
    """A day that cannot be taken; `.words` says why and what to do, in Japanese and in English."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words[1])


class UnreadableDateError(DateError):
    """The text is not written as one day."""


class ImpossibleDateError(DateError):
    """There is no such day: 2月30日, 13月."""


class BeyondEraError(DateError):
    """The day is not of the era it is told by: 昭和70年, 平成元年1月7日. The words give the era it is of."""


class LunarDateError(DateError):
    """A day before 1873-01-01 told by its era is of another calendar and cannot be turned into one of ours."""


_MIDNIGHT = re.compile(r"[ t]0{1,2}:00(?::00(?:\.0+)?)?$")
_ERA_DAY = re.compile(
    r"(明治|大正|昭和|平成|令和|[mtshr明大昭平令])\.?\s*(\d{1,3}|元)\s*(?:年|[./-])\s*(\d{1,2})\s*(?:月|[./-])\s*(\d{1,2})\s*日?"
)
_DAY = re.compile(r"(?:西暦)?(\d{4})\s*(?:年|[./-])\s*(\d{1,2})\s*(?:月|[./-])\s*(\d{1,2})\s*日?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAY = re.compile(r"\s*[(][月火水木金土日](?:曜日?)?[)]$")


def parse_date(text: str) -> datetime.date:
    """The day that a text names, in any width: 2020-01-05, 2020/1/5, 20200105, 令和2年1月5日, R2.1.5, 昭和64.1.7.

    A time of midnight (Excel, Access) and a day of the week in brackets are left out. Raises a DateError.
    A day beyond its era is refused with the day it must be; in a 年代 it would be read and marked instead.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("−", "-")
    plain = with_arabic(fold_variants(_MIDNIGHT.sub("", _WEEKDAY.sub("", plain))))
    if found := _ERA_DAY.fullmatch(plain):
        return _of_era(text, found)
    found = _DAY.fullmatch(plain) or _EIGHT.fullmatch(plain)
    if found is None:
        raise UnreadableDateError(
            (
                f"「{text}」を日付として読めません。2020-01-05、令和2年1月5日、R2.1.5 のように年月日を入れてください。",
                f"{text!r} cannot be read as a date. Write it like 2020-01-05, 令和2年1月5日 or R2.1.5.",
            )
        )
    return _day(text, int(found[1]), int(found[2]), int(found[3]))


def _day(text: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ImpossibleDateError(
            (
                f"「{text}」という日はありません。月と日を確かめてください。",
                f"There is no such day as {text!r}. Check the month and the day.",
            )
        ) from None


def _of_era(text: str, found: re.Match[str]) -> datetime.date:
    era = BY_LETTER[found[1][0].upper()]
    count, month, day = 1 if found[2] == "元" else int(found[2]), int(found[3]), int(found[4])
    if count == 0 or count > 200:
        raise ImpossibleDateError(
            (f"「{text}」の年を確かめてください。", f"Check the year of {text!r}."),
        )
    year = era.year(count)
    if year < 1873:
        raise LunarDateError(
            (
                f"「{text}」は旧暦の日付です。西暦の日付で入れるか、年代の欄に書いてください。",
                f"{text!r} is a date of the lunisolar calendar. Enter its Gregorian date, or write it as a period.",
            )
        )
    date = _day(text, year, month, day)
    number = day_number(year, month, day)
    if not era.earliest <= number <= era.latest:
        raise BeyondEraError(_hint(text, era, date))
    return date


def _hint(text: str, era: Era, date: datetime.date) -> Words:
    first, last = (_japanese_date(era.earliest), _japanese_date(era.latest))
    meant = to_era(date.year, date.month, date.day)
    ends = f"{first}から{last}まで" if era is not MODERN[-1] else f"{first}から"
    return (
        f"「{text}」は{era.name}の期間（{ends}）の外です。{meant}（{date.isoformat()}）ではありませんか。",
        f"{text!r} is outside {era.romaji}. Do you mean {meant} ({date.isoformat()})?",
    )


def _japanese_date(number: int) -> str:
    """Write a day number as 年月日."""
    year, month, day = parts_of(number)
    return f"{year}年{month}月{day}日"
