"""Whether one side is slower than the other, from pairs of times that were taken one right after the other."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from statistics import median

SLOWER = 1.05
"""A ratio up to this is within what no person notices and no machine keeps steady."""
OUTSIDE = 0.025
"""How much of the distribution may lie beyond either end of the interval: 95 % lie within."""
FEWEST = 6
"""With fewer pairs not even their least and greatest ratio are a 95 % interval of the median."""


@dataclass(frozen=True)
class Comparison:
    """Medians of both sides in seconds, and the median of the pairs' ratios with its 95 % interval."""

    before: float
    after: float
    ratio: float
    low: float
    high: float

    @property
    def slower(self) -> bool:
        """Whether the whole interval lies above SLOWER."""
        return self.low > SLOWER

    @property
    def faster(self) -> bool:
        """Whether the whole interval lies below the inverse of SLOWER."""
        return self.high < 1 / SLOWER


def compare(before: list[float], after: list[float]) -> Comparison:
    """Compare two sides; the n-th times of both make a pair.

    The interval is the exact one of a median (that of the sign test), which assumes nothing about how times are
    distributed: a pair that another process disturbed counts as one pair, however long it took.

    Raises:
        ValueError: sides of different lengths, or fewer than FEWEST pairs.
    """
    ratios = sorted(new / old for old, new in zip(before, after, strict=True))
    if len(ratios) < FEWEST:
        raise ValueError(f"{len(ratios)} pairs are too few for an interval; there must be {FEWEST}")
    at = _left_out(len(ratios))
    return Comparison(median(before), median(after), median(ratios), ratios[at], ratios[-1 - at])


def _left_out(pairs: int) -> int:
    """How many of the sorted ratios may be left out at each end, so that the median lies within the rest in 95 %."""
    below, left_out = 0.0, 0
    for number in range(pairs // 2):
        below += comb(pairs, number) / 2**pairs
        if below > OUTSIDE:
            break
        left_out = number
    return left_out
