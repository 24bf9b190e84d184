"""A date as written, and the interval that it means.

Days are whole numbers, year × 10,000 + month × 100 + day, in the proleptic Gregorian calendar, with years
counted astronomically (1 BCE is 0, 2 BCE is -1): they sort and compare as they are, and go far before our era.
"""

from __future__ import annotations

import calendar as _calendar
from dataclasses import dataclass, replace
from typing import Literal

Words = tuple[str, str]
Certainty = Literal["exact", "about", "uncertain"]
Calendar = Literal["gregorian", "lunar"]
Unit = Literal["day", "month", "year", "decade", "wide"]

# Ends that nobody wrote (「明治30年以前」 has no beginning). They compare like any day.
OPEN_START = -99_999 * 10_000 + 101
OPEN_END = 9999_12_31

# What a reading had to choose or leave open: kept with it as a note, told where dates come in by the thousand.
YEAR_OR_MONTH: Words = (
    "年の範囲とも、年と月とも読めます。両方を含む幅にしました。",
    "This is a range of years or a month; the interval holds both.",
)
DAY_OR_MONTH: Words = (
    "日/月/年とも、月/日/年とも読めます。両方を含む幅にしました。",
    "This is day/month/year or month/day/year; the interval holds both.",
)
TWO_FIGURES: Words = (
    "2桁の年を西暦19…年として読みました。",
    "The year has two figures; it was read as 19….",
)
ERA_OMITTED: Words = (
    "元号が書かれていません。明治から平成までのその年を含む幅にしました。",
    "No era is written; the interval holds that year of every era from Meiji to Heisei.",
)
CYCLE_ONLY: Words = (
    "干支だけの年です。1603〜1945年でその干支にあたる年を含む幅にしました。",
    "Only the year of the sexagenary cycle is written; the interval holds each such year of 1603-1945.",
)
DISAGREE: Words = (
    "二つの年代が合いません。前のほうで読みました。",
    "The two dates disagree; the first was taken.",
)
AMBIGUITIES = frozenset((YEAR_OR_MONTH, DAY_OR_MONTH, TWO_FIGURES, ERA_OMITTED, CYCLE_ONLY, DISAGREE))

_ORDER: tuple[Certainty, ...] = ("exact", "about", "uncertain")
ABOUT_YEARS = 5


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """The number of a day; year astronomical."""
    return year * 10_000 + month * 100 + day


def parts_of(number: int) -> tuple[int, int, int]:
    """Year (astronomical), month and day of a day's number."""
    year, rest = divmod(number, 10_000)
    return year, rest // 100, rest % 100


def year_of(number: int) -> int:
    return number // 10_000


def month_length(year: int, month: int) -> int:
    """Days of a month, leap years reckoned as the Gregorian calendar does, however early."""
    return (
        29
        if month == 2 and _calendar.isleap(year)
        else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    )


def year_end(year: int) -> int:
    return day_number(year, 12, 31)


def worst(*certainties: Certainty) -> Certainty:
    """The least certain of several."""
    return max(certainties, key=_ORDER.index)


@dataclass(frozen=True)
class Span:
    """An interval while a text is being read; `unit` is the grain in which it was written."""

    earliest: int
    latest: int
    unit: Unit = "wide"
    certainty: Certainty = "exact"
    calendar: Calendar = "gregorian"
    notes: tuple[Words, ...] = ()

    def about(self) -> Span:
        """Widened as 頃 and c. ask: ±5 years, ±1 month when a month or a day was written, else only marked."""
        marked = replace(self, certainty=worst(self.certainty, "about"))
        if self.unit == "wide":
            return marked
        shift = _by_months if self.unit in {"day", "month"} else _by_years
        return replace(marked, earliest=shift(self.earliest, -1), latest=shift(self.latest, 1))

    def uncertain(self, *notes: Words) -> Span:
        return replace(self, certainty="uncertain", notes=self.notes + notes)

    def noted(self, *notes: Words) -> Span:
        return replace(self, notes=self.notes + notes)

    def overlaps(self, other: Span) -> bool:
        return self.earliest <= other.latest and other.earliest <= self.latest


def _by_years(number: int, sign: int) -> int:
    if number in {OPEN_START, OPEN_END}:
        return number
    year = year_of(number) + sign * ABOUT_YEARS
    return day_number(year) if sign < 0 else year_end(year)


def _by_months(number: int, sign: int) -> int:
    if number in {OPEN_START, OPEN_END}:
        return number
    year, month, day = parts_of(number)
    year, month = divmod(year * 12 + month - 1 + sign, 12)
    return day_number(year, month + 1, min(day, month_length(year, month + 1)))


@dataclass(frozen=True)
class Period:
    """What a written date means.

    `text` as written; `earliest` and `latest` inclusive day numbers (see the module; OPEN_START and OPEN_END
    where an end is not said); `certainty` as the text says it; `calendar` "lunar" when a year before 明治6 was
    written by its era; `notes` (ja, en) on what was assumed; `parts` when the text names several periods.
    """

    text: str
    earliest: int
    latest: int
    certainty: Certainty
    calendar: Calendar = "gregorian"
    notes: tuple[Words, ...] = ()
    parts: tuple[Period, ...] = ()

    @property
    def known(self) -> bool:
        """False for 不明 and n.d.: understood, but dating nothing. Keep such a record out of interval filters."""
        return (self.earliest, self.latest) != (OPEN_START, OPEN_END)

    @property
    def ambiguity(self) -> Words | None:
        """Why the text allows more than one reading (one of AMBIGUITIES); None where it allows one."""
        return next((note for note in self.notes if note in AMBIGUITIES), None)
