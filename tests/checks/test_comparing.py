"""`make bench AGAINST=REV` finds what became slower, and only that."""

from __future__ import annotations

from io import StringIO
from random import Random

import pytest
from rich.cells import cell_len
from rich.console import Console

from benchmarks.against.__main__ import WIDTH, show, table
from benchmarks.against.acts import KINDS
from benchmarks.against.comparing import FEWEST, Comparison, compare


def pairs(seed: int, factor: float, rounds: int = 60) -> tuple[list[float], list[float]]:
    """Invented times of both sides: a page of 20 ms, each a fifth up or down, one in ten disturbed for long."""
    chance = Random(seed)

    def time() -> float:
        return 0.02 * chance.lognormvariate(0, 0.2) * (5 if chance.random() < 0.1 else 1)

    return [time() for _ in range(rounds)], [factor * time() for _ in range(rounds)]


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_slowdown_is_found(seed: int) -> None:
    found = compare(*pairs(seed, 1.4))
    assert found.slower
    assert not found.faster
    assert found.low < found.ratio < found.high


@pytest.mark.parametrize("seed", range(20))
def test_equal_sides_are_neither_slower_nor_faster(seed: int) -> None:
    found = compare(*pairs(seed, 1.0))
    assert (found.slower, found.faster) == (False, False)


def test_a_gain_is_faster_and_not_slower() -> None:
    found = compare(*pairs(1, 0.7))
    assert (found.slower, found.faster) == (False, True)


def test_what_is_four_per_cent_slower_is_not_called_slower_however_sure_it_is() -> None:
    steady = [1.0] * 1_000
    assert not compare(steady, [1.04] * 1_000).slower
    assert compare(steady, [1.06] * 1_000).slower


def test_the_interval_holds_the_true_ratio_in_95_of_100_cases() -> None:
    held = [
        found.low <= 1.2 and found.high >= 1.2
        for found in (compare(*pairs(seed, 1.2)) for seed in range(400))
    ]
    assert 0.93 <= sum(held) / len(held) <= 0.99


@pytest.mark.parametrize(("rounds", "left_out"), [(6, 0), (8, 0), (9, 1), (16, 3), (20, 5), (60, 21)])
def test_the_interval_is_that_of_the_sign_test(rounds: int, left_out: int) -> None:
    """As tables of the binomial distribution have it."""
    found = compare([1.0] * rounds, [float(each) for each in range(1, rounds + 1)])
    assert (found.low, found.high) == (1.0 + left_out, float(rounds - left_out))


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        compare([1.0] * (FEWEST - 1), [1.0] * (FEWEST - 1))


def test_each_act_is_measured_often_enough_and_each_side_begins_as_often() -> None:
    assert all(kind.rounds >= FEWEST and kind.rounds % 2 == 0 for kind in KINDS.values())


def test_the_table_fits_into_80_columns_and_names_what_is_slower(capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Comparison | str] = {name: Comparison(112.5, 225.5, 2.04, 1.06, 2.12) for name in KINDS}
    found |= {"list": "before: answered with 404", "form": "after: answered with 500"}
    found["card"] = Comparison(0.02, 0.02, 1.0, 0.9, 1.1)
    console = Console(width=200, record=True, file=StringIO())
    console.print(table(found, "a-long-name-of-a-revision"))
    assert max(map(cell_len, console.export_text().splitlines())) <= WIDTH
    assert show(found, "main", "0" * 40, 60) == [name for name in KINDS if name not in ("list", "card")]
    assert "SLOWER" in capsys.readouterr().out
