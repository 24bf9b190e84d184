"""Dates in English, lower case: 1890s, late 18th century, october 1, 1793, 7/1/1859, edo period, 400 bce."""

from __future__ import annotations

import re
from dataclasses import replace

from japanese.era_table import BY_ROMAJI
from japanese.period import Span, day_number, year_end
from japanese.portions import ENGLISH_PORTION, divided
from japanese.written_ages import read_english_age
from japanese.written_years import century_span, month_span, read_dated, season_span, year_span

_MONTHS = {
    name: at + 1
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
# The full stop at a text's end is gone (japanese.period_text).
_BCE = r"(?P<bce>\s*b\.?\s?c\.?(?:\s?e\.?)?)"
_CE = r"(?:\s*(?:c\.?e\.?|a\.?d\.?))?"

_YEAR = re.compile(rf"(?:ad\s+)?(?P<year>\d{{1,5}})(?:{_BCE}|(?P<ce>\s*(?:c\.?e\.?|a\.?d\.?)))")
_DECADE = re.compile(r"(?P<year>\d{2,3}0)'?s")
_CENTURY = re.compile(rf"(?P<number>\d{{1,2}})(?:st|nd|rd|th)[ -]*(?:century|c\.)(?:{_BCE}|{_CE})")
_MONTH_YEAR = re.compile(rf"{MONTH},?\s+(?P<year>\d{{4}})")
_MONTH_DAY = re.compile(rf"{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})")
_DAY_MONTH = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{MONTH},?\s+(?P<year>\d{{4}})")
_SEASON = re.compile(r"(?P<season>spring|summer|autumn|fall|winter),?\s+(?P<year>\d{4})")
_MONTH_SLASH_YEAR = re.compile(r"(?P<month>\d{1,2})/(?P<year>\d{4})")
_FIGURES = re.compile(
    r"(?P<a>\d{1,2})(?:/(?P<b>\d{1,2})/(?P<year>\d{4})|(?P<sign>[.-])(?P<c>\d{1,2})(?P=sign)(?P<late>(?:1[5-9]|2[01])\d\d))"
)
_ERA_YEAR = re.compile(rf"(?P<era>{'|'.join(BY_ROMAJI)})\s+(?P<number>\d{{1,2}})")
_PORTION = re.compile(rf"({ENGLISH_PORTION})(?:\s+the)?(?:\s+|\s*-\s*)(.+)")


def read_english(text: str) -> Span | None:
    """One date in English, without c., before or ranges (japanese.eras sees to those); None when it is none."""
    for reader in (_year_or_longer, _month_or_day, _era, read_english_age):
        if (span := reader(text)) is not None:
            return span
    found = _PORTION.fullmatch(text)
    if found is None or (inner := read_english(found[2])) is None or inner.unit in {"day", "month"}:
        return None
    return divided(inner, found[1])


def _year_or_longer(text: str) -> Span | None:
    if found := _YEAR.fullmatch(text):
        number = int(found["year"])
        return year_span(1 - number if found["bce"] else number) if number else None
    if found := _DECADE.fullmatch(text):
        first = int(found["year"])
        # 1700s is said of the century, 1910s of the decade.
        return Span(day_number(first), year_end(first + 99 if first % 100 == 0 else first + 9), "decade")
    if found := _CENTURY.fullmatch(text):
        return century_span(int(found["number"]), bce=bool(found["bce"])) if int(found["number"]) else None
    return None


def _month_or_day(text: str) -> Span | None:
    for pattern in (_MONTH_DAY, _DAY_MONTH, _MONTH_YEAR):
        if found := pattern.fullmatch(text):
            groups = found.groupdict()
            day = int(groups["day"]) if groups.get("day") else None
            return month_span(int(groups["year"]), _MONTHS[groups["month"]], day)
    if found := _SEASON.fullmatch(text):
        return season_span(int(found["year"]), _SEASONS[found["season"]])
    if found := _MONTH_SLASH_YEAR.fullmatch(text):
        return month_span(int(found["year"]), int(found["month"]), None)
    found = _FIGURES.fullmatch(text)
    if found is None:
        return None
    return _day_and_month(int(found["a"]), int(found["b"] or found["c"]), int(found["year"] or found["late"]))


def _day_and_month(first: int, second: int, year: int) -> Span | None:
    """25/1/1780 can only be day first, 1/25/1780 month first; what may be either was turned (reading_periods)."""
    if not (first and second):
        return None
    return month_span(year, second, first) if first > 12 else month_span(year, first, second)


def _era(text: str) -> Span | None:
    if found := _ERA_YEAR.fullmatch(text):
        return read_dated(f"{BY_ROMAJI[found['era']].name}{found['number']}年")
    name = re.sub(r"\s+(?:period|era|age)$", "", text)
    era = BY_ROMAJI.get(name)
    return None if era is None else replace(Span(era.earliest, era.latest), unit="wide")
