"""A column decides whether its figures stand day first or month first."""

from __future__ import annotations

import pytest

from japanese.day_orders import decided, evidence, in_order


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["03/04/2005", "13/04/2005"], "dmy"),
        (["03/04/2005", "04/13/2005"], "mdy"),
        (["03.04.2005", "31.1.2005", "c. 3-4-1999"], "dmy"),
        (["０３／０４／２００５", "１３／０４／２００５"], "dmy"),
        (["03/04/2005", "05/06/2007"], None),
        (["13/04/2005", "04/13/2005"], None),
        (["2005/13/04", "1954", "33/44/2005", "5/5/1934", ""], None),
    ],
)
def test_a_column_tells_its_order_by_the_days_that_allow_one(column: list[str], order: str | None) -> None:
    """2A 1.3: 03/04/2005 beside 13/04/2005 is decided per column."""
    assert decided(evidence(column)) == order


@pytest.mark.parametrize(
    ("text", "order", "turned"),
    [
        ("03/04/2005", "dmy", "2005-04-03"),
        ("03/04/2005", "mdy", "2005-03-04"),
        ("c. 3.4.1999, printed 2001", "dmy", "c. 1999-04-03, printed 2001"),
        ("13/04/2005", "mdy", "13/04/2005"),
        ("03/04/2005", "", "03/04/2005"),
        ("2005/04/03", "dmy", "2005/04/03"),
        ("明治30年", "dmy", "明治30年"),
    ],
)
def test_a_day_is_turned_by_the_order_of_its_column(text: str, order: str, turned: str) -> None:
    assert in_order(text, order) == turned
