"""How many attempts are borne, and for how long a lock lasts (S9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from policies.lockout import FEWEST, LONGEST, MOST, Limits

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("attempts", "minutes", "kept"),
    [
        (5, 15, (5, 15)), (3, 1, (3, 1)), (100, 480, (100, 480)), (1, 0, (FEWEST, 15)), (10**9, 10**9, (MOST, 480)),
        (None, None, (5, 15)), ("9", "9", (5, 15)), (-4, -4, (FEWEST, 15)),
    ],
)  # fmt: skip
def test_an_institutions_limits_are_bounded(attempts: Any, minutes: Any, kept: tuple[int, int]) -> None:
    found = Limits.of(attempts, minutes)
    assert (found.attempts, found.cool_off / MINUTE) == kept


@pytest.mark.parametrize("minutes", [1, 7, 15, 60, 479, 480])
def test_each_lock_of_a_day_is_longer_than_the_one_before_and_none_beyond_the_longest(minutes: int) -> None:
    ladder = Limits.of(5, minutes).ladder
    assert ladder[0] == minutes * MINUTE
    assert ladder[-1] == LONGEST
    assert all(later > earlier for earlier, later in zip(ladder, ladder[1:], strict=False))
