"""Japan's days and fiscal years, by which the institutions count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from models.plan import MONTHS
from policies.work import JAPAN

APRIL = MONTHS[0]
"""The month in which a fiscal year begins."""


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in Japan."""
    return datetime.now(JAPAN).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Japan, in UTC."""
    return datetime.combine(day, time(), tzinfo=JAPAN).astimezone(UTC)


def fiscal_year(day: date) -> int:
    """The fiscal year of a day: it begins in April."""
    return day.year - (day.month < APRIL)


def bounds_of_year(year: int) -> tuple[datetime, datetime]:
    """When a fiscal year begins, and when the next does."""
    return midnight(date(year, APRIL, 1)), midnight(date(year + 1, APRIL, 1))
