"""Years told by the sexagenary cycle (干支), and those whose era or century was left out: 安政乙卯, 乙卯, 廿年, 77.3.1."""

from __future__ import annotations

import re
from dataclasses import replace

from japanese.era_table import BY_NAME, LUNAR_UNTIL, MODERN, Era
from japanese.numerals import with_arabic
from japanese.period import CYCLE_ONLY, ERA_OMITTED, TWO_FIGURES, Span, day_number, year_end, year_of
from japanese.written_years import ERA_NAMES, month_span, year_span

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_CYCLE = re.compile(rf"({ERA_NAMES})?の?([{_STEMS}])([{_BRANCHES}])の?(?:年|歳)?")
_JIAZI = 4
"""A year (CE) with which the cycle begins."""
# Within these a year of the cycle without its era is looked for: before, things are rarely dated so.
_FROM, _TO = 1603, 1945


def read_cycle(text: str) -> Span | None:
    """安政乙卯 is 1855; 乙卯 alone is one of six years, and so wide and uncertain. 甲丑 is no year."""
    found = _CYCLE.fullmatch(text)
    if found is None:
        return None
    stem, branch = _STEMS.index(found[2]), _BRANCHES.index(found[3])
    if stem % 2 != branch % 2:
        return None
    years = [year for year in range(_FROM, _TO + 1) if _is(year, stem, branch)]
    if found[1] is None:
        return Span(day_number(years[0]), year_end(years[-1])).uncertain(CYCLE_ONLY)
    return _within(BY_NAME[found[1]], stem, branch)


def _within(era: Era, stem: int, branch: int) -> Span | None:
    # An era before Meiji holds no year twice, 昭和 holds five.
    years = [
        year for year in range(era.first_year, min(year_of(era.latest), 2100) + 1) if _is(year, stem, branch)
    ]
    if not years:
        return None
    lunar = years[0] <= LUNAR_UNTIL
    span = Span(
        max(day_number(years[0]), era.earliest) if not lunar else day_number(years[0]),
        min(year_end(years[-1]), era.latest) if not lunar else year_end(years[-1]),
        "year",
        calendar="lunar" if lunar else "gregorian",
    )
    return replace(span, unit="wide").uncertain() if len(years) > 1 else span


def _is(year: int, stem: int, branch: int) -> bool:
    return (year - _JIAZI) % 10 == stem and (year - _JIAZI) % 12 == branch


_TWO_FIGURES = re.compile(r"'?(\d{2})([./-])(\d{1,2})\2(\d{1,2})")
_LONGEST_ERA = 64


def read_two_figures(text: str) -> Span | None:
    """77.3.1 is of 1977: no era of ours counted so far. 52.3.1 may be 昭和52 as well as 1952, and is not read."""
    found = _TWO_FIGURES.fullmatch(text)
    if found is None or int(found[1]) <= _LONGEST_ERA:
        return None
    span = month_span(1900 + int(found[1]), int(found[3]), int(found[4]))
    return None if span is None else span.uncertain(TWO_FIGURES)


_EIGHT = re.compile(r"([12]\d{3})(\d{2})(\d{2})")


def read_eight_figures(text: str) -> Span | None:
    """20010401 and 19770300, as databases write days; up to the year 2199."""
    found = _EIGHT.fullmatch(text)
    if found is None or int(found[1]) > 2199:
        return None
    return month_span(int(found[1]), int(found[2]), int(found[3]))


_INSCRIBED = re.compile(r"[廿卄卅丗卌][一二三四五六七八九]?年")


def read_year_of_some_era(written: str) -> Span | None:
    """廿年 as inscriptions have it, not yet made plain: 30年 in figures is as likely a length of time."""
    if not _INSCRIBED.fullmatch(written.strip()):
        return None
    count = int(with_arabic(written.strip())[:-1])
    years = [year for era in MODERN[:-1] if (year := era.year(count)) <= year_of(era.latest)]
    return replace(year_span(years[0]), latest=year_end(years[-1]), unit="wide").uncertain(ERA_OMITTED)
