"""A written date for people: as written, and beside it in both calendars, 旧暦 said where the year is lunisolar."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from japanese.describing import describe, interval
from japanese.eras import parse_period
from japanese.period import OPEN_END, OPEN_START, Period
from words import language


def in_both_calendars(value: Mapping[str, Any]) -> str:
    """A stored date as written and, in brackets, what it is taken to mean: 明治30年（1897年）, 1897（明治30年）."""
    return _described(
        value.get("text") or "",
        value.get("earliest"),
        value.get("latest"),
        value.get("certainty") or "exact",
        language(),
    )


def what_it_means(value: Mapping[str, Any]) -> str:
    """Only what stands in those brackets, brackets included; empty where they would add nothing."""
    text = value.get("text") or ""
    return in_both_calendars(value).removeprefix(text).strip()


def typed_in_both_calendars(period: Period) -> str:
    """A date as typed into a filter, with the years understood."""
    return describe(period, language())


@lru_cache(maxsize=4_096)
def _described(text: str, earliest: int | None, latest: int | None, certainty: Any, language_: str) -> str:
    """Describe a written date in both calendars. Only dates of items come here (models.item), so they may
    be kept: 0.4 ms less for each row of a list."""
    bounds = (OPEN_START if earliest is None else earliest, OPEN_END if latest is None else latest)
    understood = parse_period(text) if text else None
    if understood is not None and (understood.earliest, understood.latest) == bounds:
        return describe(understood, language_)
    if earliest is None and latest is None:
        return text  # nobody knows what it means, so nothing is said of it
    if not text:
        return interval(*bounds, japanese=language_ == "ja")
    return describe(Period(text, *bounds, certainty), language_)
