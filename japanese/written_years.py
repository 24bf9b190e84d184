"""Dates told by a year, in Japanese or in figures: 明治30年, R8.7.2, 昭和30年代, 1934年5月, 1920-05-03, 紀元前3年."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from japanese.abbreviated import abbreviated_year, range_or_month
from japanese.era_table import BY_LETTER, BY_NAME, LUNAR_UNTIL, Era
from japanese.lunar import lunar_span
from japanese.period import OPEN_END, OPEN_START, Span, Words, day_number, month_length, year_end, year_of
from japanese.portions import JAPANESE_PORTION, divided
from japanese.reigns import is_year_of_reign

ERA_NAMES = "|".join(sorted(BY_NAME, key=len, reverse=True))
_LETTERS = "[MTSHRmtshr明大昭平令]"
# Forward dates (平成35年) and commemorations (昭和100年) are written; beyond these they are slips.
_MODERN_OVERRUN, _OLD_OVERRUN = 120, 30


@dataclass(frozen=True)
class Year:
    """A year as read: its number (CE, astronomical), and the era that told it, if one did."""

    number: int
    era: Era | None = None
    letter: bool = False
    """The era was told by its letter alone, as databases write it: S20-8-15."""

    @property
    def count(self) -> int:
        """The year's number as written: within its era, or CE."""
        return self.number - self.era.first_year + 1 if self.era else self.number

    @property
    def lunar(self) -> bool:
        return self.era is not None and self.number <= LUNAR_UNTIL


def read_dated(text: str) -> Span | None:
    """A text that begins with a year and goes on with nothing but its months, days or part; None otherwise.

    `text` is normalised: NFKC, kanji numerals as figures, variants folded.
    """
    for pattern, make in _YEARS:
        found = pattern.match(text)
        if found is None:
            continue
        year = make(found)
        if year is not None and (span := _tail(year, text[found.end() :])) is not None:
            return span
    return None


def _era_year(era: Era, number: str, *, letter: bool = False) -> Year | None:
    count = _count(number)
    if count == 0:
        return None
    year = era.year(count)
    if year > year_of(era.latest) and is_year_of_reign(era.name, count):
        return None  # 嘉慶20年 is of China; the era of Japan had three years
    allowed = _MODERN_OVERRUN - count if era.modern else year_of(era.latest) + _OLD_OVERRUN - year
    return Year(year, era, letter) if allowed >= 0 else None


def _count(number: str) -> int:
    return 1 if number == "元" else int(number)


def _plain(found: re.Match[str]) -> Year | None:
    number = int(found[1])
    return Year(number) if number else None


_YEARS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Year | None]], ...] = (
    (
        re.compile(rf"({ERA_NAMES})(\d{{1,3}}|元)(?!世紀)"),
        lambda found: _era_year(BY_NAME[found[1]], found[2]),
    ),
    (
        re.compile(rf"({_LETTERS})\.?(\d{{1,2}}|元)(?![\d世])"),
        lambda found: _era_year(BY_LETTER[found[1].upper()], found[2], letter=True),
    ),
    (
        re.compile(r"(?:紀元前|前)(\d{1,5})(?=年)|bc(\d{1,5})(?=年|$)"),
        lambda found: Year(1 - int(found[1] or found[2])),
    ),
    # 紀元2600年 is of the imperial reckoning: nobody dates by the third millennium.
    (
        re.compile(r"(?:皇紀|神武紀元|(?:神武天皇)?即位紀元)(\d{3,4})(?=年|$)|紀元(2[1-9]\d\d)(?=年|$)"),
        lambda found: Year(int(found[1] or found[2]) - 660),
    ),
    (re.compile(r"(?:中華)?民国(\d{1,3}|元)"), lambda found: Year(1911 + _count(found[1]))),
    (re.compile(r"(?:西暦|紀元後|紀元|後|ad)(\d{1,4})(?=年|$)"), _plain),
    # Fewer than three figures are more likely a year whose era was left out than the first century.
    (re.compile(r"(\d{3,4})(?!\d)(?!世紀)"), _plain),
)


def _tail(year: Year, rest: str) -> Span | None:
    for pattern, make in _TAILS:
        found = pattern.fullmatch(rest)
        if found is not None:
            span = make(year, found)
            if span is None or make is not _fiscal:
                return None if span is None else _within_era(span, year)
            # A fiscal year runs on into the next era: 昭和63年度 ended in March of 平成元年.
            outside = year.era is not None and year.number > year_of(year.era.latest)
            return span.uncertain(_beyond(year.era, year.number)) if year.era and outside else span
    return None


def _within_era(span: Span, year: Year) -> Span | None:
    """The span kept to its era; outside it, marked, since 平成35年 was printed before anybody knew."""
    era = year.era
    if era is None:
        return span
    if year.lunar:
        span = replace(span, calendar="lunar")
        return span if year.number <= year_of(era.latest) else span.uncertain(_beyond(era, year.number))
    if span.latest < era.earliest or span.earliest > era.latest:
        return span.uncertain(_beyond(era, year.number))
    return replace(span, earliest=max(span.earliest, era.earliest), latest=min(span.latest, era.latest))


def _beyond(era: Era, year: int) -> Words:
    return (
        f"{era.name}の期間の外の日付です。西暦{year}年として読みました。",
        f"Outside the era {era.name}; read as {year}.",
    )


def year_span(number: int) -> Span:
    return Span(day_number(number), year_end(number), "year")


def _month(year: Year, found: re.Match[str]) -> Span | None:
    leap, month, day, ten = found["leap"], int(found["month"]), found["day"], found["ten"]
    if year.lunar:
        return lunar_span(year.number, month, int(day) if day else None, leap=bool(leap))
    if leap:
        return None
    span = month_span(year.number, month, int(day) if day else None)
    if span is None or ten is None:
        return span
    first, last = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}[ten]
    return Span(span.earliest - 1 + first, min(span.earliest - 1 + last, span.latest), "day")


def month_span(year: int, month: int, day: int | None) -> Span | None:
    """A month or a day of the Gregorian calendar; None when there is none such. 0 is what databases write for unknown."""
    if not month:
        return None if day else year_span(year)
    day = day or None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= month_length(year, month)):
        return None
    if day is not None:
        return Span(day_number(year, month, day), day_number(year, month, day), "day")
    return Span(day_number(year, month), day_number(year, month, month_length(year, month)), "month")


def _figures(year: Year, found: re.Match[str]) -> Span | None:
    month, day = int(found[2]), int(found[3]) if found[3] else None
    last = abbreviated_year(year.count, found[2], within_era=year.era is not None, letter=year.letter)
    # 大正12-9 is September: the era had no nineteenth year.
    within = last is not None and (year.era is None or year.era.year(last) <= year_of(year.era.latest))
    if day is None and found[1] != "." and last is not None and within:
        sure = found[1] == "-" and year.era is None
        return range_or_month(year.number, year.number + last - year.count, found[2], sure=sure)
    if not month and day is None:
        return None  # 100.0 is a size
    return lunar_span(year.number, month, day) if year.lunar else month_span(year.number, month, day)


_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}


def season_span(year: int, first_month: int) -> Span:
    """Three months from the first; winter runs into the next year."""
    last_year, last_month = (year + 1, 2) if first_month == 12 else (year, first_month + 2)
    latest = day_number(last_year, last_month, month_length(last_year, last_month))
    return Span(day_number(year, first_month), latest, "month")


def _decade(year: Year, found: re.Match[str]) -> Span | None:
    number = year.count
    if number % 10:
        note = (
            f"「{number}年代」は十年の区切りではないため、その年の頃として読みました。",
            f"{number} does not begin a decade; read as about that year.",
        )
        return year_span(year.number).about().noted(note)
    span = Span(day_number(year.number), year_end(year.number + 9), "decade")
    if year.era is None and number % 100 == 0:
        note = (f"{number}〜{number + 9}年として読みました。", f"Read as {number} to {number + 9}.")
        span = span.noted(note)
    if year.era is not None and not year.lunar:
        span = replace(
            span, latest=min(span.latest, year.era.latest), earliest=max(span.earliest, year.era.earliest)
        )
    return divided(span, found[1]) if found[1] else span


def _fiscal(year: Year, _found: re.Match[str]) -> Span:
    return Span(day_number(year.number, 4, 1), day_number(year.number + 1, 3, 31), "month")


_TAILS: tuple[tuple[re.Pattern[str], Callable[[Year, re.Match[str]], Span | None]], ...] = (
    (re.compile("年?"), lambda year, _found: year_span(year.number)),
    (re.compile("年度"), _fiscal),
    (re.compile(f"年代({JAPANESE_PORTION}*)"), _decade),
    (re.compile(f"年({JAPANESE_PORTION}+)"), lambda year, found: divided(year_span(year.number), found[1])),
    (re.compile("年([春夏秋冬])"), lambda year, found: season_span(year.number, _SEASONS[found[1]])),
    (
        re.compile(r"年?(?P<leap>閏)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日?|(?P<ten>[上中下])旬)?"),
        _month,
    ),
    (re.compile(r"([./-])(\d{1,2})(?:\1(\d{1,2}))?"), _figures),
)

_WHOLE_ERA = re.compile(rf"({ERA_NAMES})(?:年間|時代|年代|期|代)?({JAPANESE_PORTION}*)")
_ONE_FIGURE = re.compile("(昭和|平成)(?:1けた|1桁|ひとけた)")


def read_era(text: str) -> Span | None:
    """A whole era, or a part of one: 寛永年間, 明治時代, 大正末期, 昭和一桁."""
    if found := _ONE_FIGURE.fullmatch(text):
        era = BY_NAME[found[1]]
        return Span(era.earliest, year_end(era.year(9)))
    found = _WHOLE_ERA.fullmatch(text)
    if found is None:
        return None
    era = BY_NAME[found[1]]
    lunar = year_of(era.latest) <= LUNAR_UNTIL
    span = Span(era.earliest, era.latest, calendar="lunar" if lunar else "gregorian")
    return divided(span, found[2]) if found[2] else span


_CENTURY = re.compile(rf"(紀元前|前|bc|紀元後|西暦|紀元|後)?(\d{{1,2}})世紀({JAPANESE_PORTION}*)")


def century_span(number: int, *, bce: bool) -> Span:
    """The 19th is 1801-1900; the 5th BCE is 500-401 BCE."""
    first = 1 - number * 100 if bce else number * 100 - 99
    return Span(day_number(first), year_end(first + 99))


def read_century(text: str) -> Span | None:
    """世紀, or a part of one."""
    found = _CENTURY.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 30:
        return None
    span = century_span(int(found[2]), bce=found[1] in {"紀元前", "前", "bc"})
    return divided(span, found[3]) if found[3] else span


_BEFORE_PRESENT = re.compile(r"(?:(\d+)万)?(?:(\d)千)?(\d+)?年前")
_PRESENT = 1950


def read_before_present(text: str) -> Span | None:
    """3万年前, 12000年前: within a twentieth of the figure; less than a thousand years is no date."""
    found = _BEFORE_PRESENT.fullmatch(text)
    if found is None:
        return None
    years = int(found[1] or 0) * 10_000 + int(found[2] or 0) * 1_000 + int(found[3] or 0)
    if not 1_000 <= years <= 90_000:
        return None
    return Span(
        day_number(_PRESENT - years - years // 20), year_end(_PRESENT - years + years // 20), "wide", "about"
    )


UNKNOWN = Span(OPEN_START, OPEN_END, "wide", "uncertain", "gregorian", (("年代不詳", "No date"),))
