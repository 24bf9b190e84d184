"""Every form of the tables means what was worked out by hand: interval, certainty, calendar."""

from __future__ import annotations

import pytest

from japanese import period as periods
from japanese.eras import parse_period
from japanese.period import OPEN_END, OPEN_START, day_number, year_end
from tests.japanese import forms_in_english, forms_of_ages, forms_of_eras, forms_of_ranges

FORMS = [
    line.split("|")
    for table in (forms_of_eras, forms_of_ages, forms_in_english, forms_of_ranges)
    for line in table.FORMS.strip().splitlines()
]

AMBIGUOUS = [line.split("|") for line in forms_of_ranges.AMBIGUOUS.strip().splitlines()]


def _first(written: str) -> int:
    if written == "open":
        return OPEN_START
    return int(written) if len(written) == 8 else day_number(int(written))


def _last(written: str) -> int:
    if written == "open":
        return OPEN_END
    return int(written) if len(written) == 8 else year_end(int(written))


def test_the_tables_hold_over_four_hundred_different_forms() -> None:
    assert len({form[0] for form in FORMS}) == len(FORMS) > 400


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_a_form_is_understood(form: list[str]) -> None:
    text, earliest, latest, certainty, calendar = [*form, *["exact", "gregorian"][len(form) - 3 :]]
    period = parse_period(text)
    assert period is not None
    assert (period.earliest, period.latest) == (_first(earliest), _last(latest))
    assert (period.certainty, period.calendar) == (certainty, calendar)
    assert period.text == text
    assert period.ambiguity is None


@pytest.mark.parametrize("form", AMBIGUOUS, ids=lambda form: form[0])
def test_what_allows_two_readings_holds_both_and_says_so(form: list[str]) -> None:
    """Law 9: an ambiguous reading is said to be ambiguous."""
    text, earliest, latest, ambiguity = form
    period = parse_period(text)
    assert period is not None
    assert (period.earliest, period.latest) == (_first(earliest), _last(latest))
    assert period.certainty == "uncertain"
    assert period.ambiguity == getattr(periods, ambiguity)
