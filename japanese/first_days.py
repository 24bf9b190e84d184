"""1 January as some sources write the end of a year: 1896-01-01 for "until 1896"."""

from __future__ import annotations

import re

_JANUARY = re.compile(r"(-?\d{1,4})(?:[-/.]0?1[-/.]0?1(?:[T ]00:00(?::00)?)?|年0?1月0?1日)")


def is_first_day(text: str) -> bool:
    """Whether a text is the first day of a year."""
    return _JANUARY.fullmatch(text) is not None


def year_end(text: str) -> str:
    """The last day of the year, where the text is its first; any other text as it is."""
    found = _JANUARY.fullmatch(text)
    return f"{found[1]}-12-31" if found else text
