"""A year and one or two figures behind a dash: 1796–7, 1930-31, 1806-08, 昭和5-8. A range of years, or a year's month.

Cataloguers abbreviate the second year of a range, databases write a month so, and the text alone does not always
tell which. What can be both becomes an interval that holds both, and is marked (japanese.period.YEAR_OR_MONTH).
"""

from __future__ import annotations

from japanese.period import YEAR_OR_MONTH, Span, day_number, year_end

# 1896-00 may be 1896-1900; 2005-00 can only be a month that nobody knew.
_LATE_IN_CENTURY = 80


def abbreviated_year(
    year: int, figures: str, *, within_era: bool = False, letter: bool = False
) -> int | None:
    """The later year that one or two figures abbreviate: 1796, "7" -> 1797; 1930, "31" -> 1931; None when none.

    `year` counts within its era where `within_era`; there the figures may also be the whole number (昭和5-8), and an
    era told by its `letter` is never abbreviated further (S20-8 is a month, as in S20-8-15).
    """
    written = int(figures)
    if within_era:
        if written > year:
            return written
        abbreviated = year - year % 10 + written
        return abbreviated if not letter and len(figures) == 1 and 10 <= year < abbreviated else None
    if figures == "00":
        return year - year % 100 + 100 if year % 100 >= _LATE_IN_CENTURY else None
    last = year - year % 10 ** len(figures) + written
    return last if last > year else None


def range_or_month(first: int, last: int, figures: str, *, sure: bool) -> Span:
    """The years from `first` to `last`; uncertain and noted where the figures may be a month.

    `sure`: a single figure is a year for sure, since nobody writes a month as 1796–7.
    """
    years = Span(day_number(first), year_end(last), "year")
    may_be_month = int(figures) <= 12 and not (sure and len(figures) == 1)
    return years.uncertain(YEAR_OR_MONTH) if may_be_month else years
