"""Months and days of the calendar used until 明治5年12月2日 (1872-12-31), as the Gregorian days they can be.

No table of that calendar's months is carried. What holds in every version of it is enough to find by: month m
is the one that contains the m-th principal term (中気; 雨水 in the first, 冬至 in the eleventh), so it begins within
29 days before that term, and a leap month begins within 30 days after it. Terms hold still in the Gregorian
calendar; a slack of four days covers the calendars' own errors and the years' wobble. A day is so placed
within five weeks or so: 元禄15年12月14日 (1703-01-30) lies in 1702-12-31 to 1703-02-06.
"""

from __future__ import annotations

import datetime

from japanese.period import Span, Words, day_number

# Gregorian month and day of the principal term of months 1 to 12; the last falls in the next year.
_TERMS = (
    (2, 19),
    (3, 21),
    (4, 20),
    (5, 21),
    (6, 21),
    (7, 23),
    (8, 23),
    (9, 23),
    (10, 23),
    (11, 22),
    (12, 22),
    (1, 20),
)
_MONTH = 30
_SLACK = 4
_LAST_YEAR, _LAST_DAY = 1872, datetime.date(1872, 12, 31)
NOTE: Words = (
    "旧暦の月日です。西暦では当たりうる日の幅で示します。",
    "A lunisolar date; the Gregorian days are those on which it can fall.",
)


def lunar_span(year: int, month: int, day: int | None, *, leap: bool = False) -> Span | None:
    """The Gregorian days on which a lunisolar month or day can fall; None when there is no such day."""
    if not (1 <= year <= _LAST_YEAR and 1 <= month <= 12) or (day is not None and not 1 <= day <= _MONTH):
        return None
    if year == _LAST_YEAR and month == 12:
        return _last_month(day)
    term = datetime.date(year + (month == 12), *_TERMS[month - 1])
    first = 1 - _SLACK if leap else 1 - _MONTH - _SLACK
    last = _MONTH + _SLACK if leap else _SLACK
    within = (0, _MONTH - 1) if day is None else (day - 1, day - 1)
    earliest = term + datetime.timedelta(days=first + within[0])
    latest = min(term + datetime.timedelta(days=last + within[1]), _LAST_DAY)
    unit = "month" if day is None else "day"
    return Span(
        _number(earliest), _number(latest), "month" if unit == "month" else "day", "exact", "lunar", (NOTE,)
    )


def _last_month(day: int | None) -> Span | None:
    """明治5年12月 had two days, 1872-12-30 and 31; the next was 1873-01-01 (太政官布告第337号)."""
    if day is not None and day > 2:
        return None
    first, last = (30, 31) if day is None else (29 + day, 29 + day)
    return Span(day_number(1872, 12, first), day_number(1872, 12, last), "day", "exact", "lunar")


def _number(date: datetime.date) -> int:
    return day_number(date.year, date.month, date.day)
