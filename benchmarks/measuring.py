"""Measuring: sides in turn within every round, so that what slows the machine for a while slows all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from statistics import median

from rich.progress import Progress

from benchmarks.browser import Answer, Browser
from benchmarks.cases import Case

WARM_UP = 3
TURNS, TURN_SECONDS = 5, 3
"""So often all of a side's people ask at once, and at least for so long."""


@dataclass(frozen=True)
class Spread:
    """Of the rounds of one case on one side, in milliseconds; `size` is the last answer's, in bytes."""

    median: float
    p95: float
    size: int


def interleaved(cases: list[Case], rounds: int) -> list[dict[str, Spread]]:
    """For each case: side → spread.

    Raises:
        RuntimeError: a side did not answer as the case expects; a wrong page would be quick to make.
    """
    taken: list[dict[str, list[Answer]]] = [{side: [] for side in each.calls} for each in cases]
    with Progress(transient=True) as progress:
        for turn in progress.track(range(rounds + WARM_UP), description="rounds"):
            for case, answers in zip(cases, taken, strict=True):
                for side, call in case.calls.items():
                    answer = _checked(case, side, call)
                    if turn >= WARM_UP:
                        answers[side].append(answer)
    return [{side: spread(answers) for side, answers in each.items()} for each in taken]


def _checked(case: Case, side: str, call: Callable[[], Answer]) -> Answer:
    answer = call()
    rows = answer.body.count(b"<tr")
    if answer.status != case.expected or ("floor" in case.calls and rows < case.least):
        raise RuntimeError(f"{case.label[1]}: {side} answered {answer.status} with {rows} rows")
    return answer


def spread(answers: list[Answer]) -> Spread:
    """Median and 95th percentile (nearest rank)."""
    spent = sorted(each.seconds * 1e3 for each in answers)
    return Spread(median(spent), spent[ceil(0.95 * len(spent)) - 1], len(answers[-1].body))


def in_turns(
    crowds: Mapping[str, list[Browser]], paths: Mapping[str, str], turns: int
) -> dict[str, tuple[float, float]]:
    """Side → pages a second and the 95th percentile in milliseconds when all its browsers ask at once; medians of turns."""
    # Where a page takes seconds a turn is long enough for two of them.
    slowest = max(together(browsers, paths[side], 1)[1] for side, browsers in crowds.items()) / 1e3
    seconds = max(TURN_SECONDS, 2 * slowest)
    taken: dict[str, list[tuple[float, float]]] = {side: [] for side in crowds}
    for _ in range(turns):
        for side, browsers in crowds.items():
            taken[side].append(together(browsers, paths[side], seconds))
    return {
        side: (median(rate for rate, _ in each), median(p95 for _, p95 in each))
        for side, each in taken.items()
    }


def together(browsers: list[Browser], path: str, seconds: float) -> tuple[float, float]:
    """All browsers ask for the page again and again: pages a second, and the 95th percentile in milliseconds."""
    ends = time.monotonic() + seconds
    spent: list[float] = []
    failed: list[int] = []

    def ask(browser: Browser) -> None:
        while time.monotonic() < ends:
            answer = browser.get(path)
            (spent if answer.status == 200 else failed).append(answer.seconds)  # type: ignore[arg-type]

    threads = [threading.Thread(target=ask, args=(each,)) for each in browsers]
    began = time.monotonic()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise RuntimeError(f"{len(failed)} pages failed under load")
    spent.sort()
    return len(spent) / (time.monotonic() - began), spent[ceil(0.95 * len(spent)) - 1] * 1e3


def shares(browser: Browser, path: str, rounds: int) -> dict[str, float]:
    """The medians of the server's own clocks for a page: app, gate, gate_store, store; in milliseconds."""
    answers = [browser.get(path).timing for _ in range(rounds + WARM_UP)][WARM_UP:]
    return {name: median(each[name] for each in answers) for name in answers[0]}
