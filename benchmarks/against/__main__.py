"""`make bench AGAINST=REV`: both revisions filled alike, served side by side, asked in turn; exit 1 when one act is slower."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from benchmarks.against.acts import KINDS, NotAnswered, People
from benchmarks.against.comparing import FEWEST, SLOWER, Comparison, compare
from benchmarks.against.revision import Revision, prepared, python_for, resolve, served, unpack
from engine import start
from engine.messages import say
from engine.places import PROJECT

SIZES = {"items": 2_000, "donors": 200, "patrons": 100, "books": 100, "media": 10}
"""Half of the items are of each museum: the export of one is that of 1,000."""
WARM_UP = 2
BEFORE, AFTER = "before", "after"
LONGEST = 40.0
"""Seconds after which an act is done no more often, as soon as there are pairs enough: a busy machine delays no run."""
WIDTH = 80


@click.command()
@click.argument("revision")
@click.option("--only", multiple=True, type=click.Choice(list(KINDS)), help="この行だけ / only these lines")
def main(revision: str, only: tuple[str, ...]) -> None:
    """作業中の版をREVISIONと並べて測ります。 / Measure the working tree side by side with REVISION."""
    began = time.monotonic()
    commit = resolve(revision)
    with TemporaryDirectory(prefix="shuzoko-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        root = unpack(commit, folder / "revision")
        say("必要なものの用意", "libraries, database")
        pythons = {root: python_for(root, folder / "venv"), PROJECT: Path(sys.executable)}
        store = start(folder / "store", os.environ)
        stack.callback(store.stop)
        sides = []
        for side, each in ((BEFORE, root), (AFTER, PROJECT)):
            say(f"記録の用意: {side}", f"records: {side}")
            environ = {
                **os.environ, "MONGODB_URI": store.uri, "SHUZOKO_DATABASE": f"shuzoko_{side}", "HOST": "127.0.0.1",
                "SHUZOKO_VAR": str(folder / side),
            }  # fmt: skip
            (folder / side).mkdir()
            sides.append(prepared(side, each, pythons[each], environ, SIZES))
        found = measured(sides, only or tuple(KINDS))
    slower = show(found, revision, commit, time.monotonic() - began)
    sys.exit(bool(slower))


def measured(sides: list[Revision], names: tuple[str, ...]) -> dict[str, Comparison | str]:
    """Each act on both sides in turn; or, where a side does not answer it, what was said instead."""
    found: dict[str, Comparison | str] = {}
    with ExitStack() as stack:
        before, after = (People(each, stack.enter_context(served(each))) for each in sides)
        for name in names:
            ja, en = KINDS[name].label
            say(ja, en)
            try:
                found[name] = _in_turn(before, after, name)
            except NotAnswered as error:
                found[name] = str(error)
    return found


def _in_turn(before: People, after: People, name: str) -> Comparison:
    """The sides change places from pair to pair, so that neither is always the one that follows."""
    taken: dict[People, list[float]] = {before: [], after: []}
    warm_up = min(WARM_UP, KINDS[name].rounds // 8)
    ends = time.monotonic() + LONGEST
    for turn in range(warm_up + KINDS[name].rounds):
        if time.monotonic() > ends and turn - warm_up >= FEWEST:
            break
        for side in (before, after) if turn % 2 else (after, before):
            try:
                seconds = side.acts[name]()
            except NotAnswered as error:
                raise NotAnswered(f"{side.revision.name}: {error}") from None
            if turn >= warm_up:
                taken[side].append(seconds)
    return compare(taken[before], taken[after])


def verdict(found: Comparison) -> str:
    """In a word."""
    return "遅い/SLOWER" if found.slower else "速い/faster" if found.faster else "同じ/same"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f}" if seconds >= 1 else f"{seconds * 1e3:.1f}"


def table(found: dict[str, Comparison | str], name: str) -> Table:
    """Fits into 80 columns."""
    made = Table(
        "", f"{name[:9]}, ms", "now, ms", "ratio", "95 %", "", width=WIDTH, box=None, padding=(0, 1, 0, 0)
    )
    made.columns[0].min_width = 25
    for column in made.columns[1:5]:
        column.justify, column.no_wrap = "right", True
    for each, line in found.items():
        label = " / ".join(KINDS[each].label)
        if isinstance(line, str):
            made.add_row(label, "–", "–", "–", "–", "不明/unknown")
            continue
        times = map(_milliseconds, (line.before, line.after))
        made.add_row(label, *times, f"{line.ratio:.2f}", f"{line.low:.2f}–{line.high:.2f}", verdict(line))
    return made


def show(found: dict[str, Comparison | str], name: str, commit: str, seconds: float) -> list[str]:
    """Print it; returns the names of the acts that are slower, or that the working tree alone does not answer."""
    console = Console(width=WIDTH, soft_wrap=True)
    console.print(table(found, name))
    for each, line in found.items():
        if isinstance(line, str):
            console.print(f"{each}: {line}")
    wrong = [
        each
        for each, line in found.items()
        if (line.startswith(AFTER) if isinstance(line, str) else line.slower)
    ]
    console.print(f"\n{commit[:12]} → working tree, {seconds / 60:.1f} min")
    console.print(f"slower (the 95 % interval lies above {SLOWER}): {', '.join(wrong) or 'nothing'}")
    return wrong


if __name__ == "__main__":
    main()
