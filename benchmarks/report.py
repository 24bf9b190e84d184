"""The table, on the screen and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from benchmarks.measuring import TURNS, Spread

WIDTH = 80
SHORT = {"ours": "ours", "stock": "stock", "django": "Django", "floor": "floor"}
"""Side → its column; the tables fit into 80 columns."""
INTO = {"empty": "an empty store", "filled": "the store above"}
Lines = list[list[str]]


@dataclass
class Result:
    """All that one run measured."""

    items: int
    donors: int
    rounds: int
    command: str
    pages: list[tuple[tuple[str, str], dict[str, Spread]]] = field(default_factory=list)
    rates: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Side → pages a second with 20 at once, and the 95th percentile in ms."""
    exports: dict[tuple[str, str], tuple[float, int, int]] = field(default_factory=dict)
    """(Side, columns) → seconds, bytes sent, bytes of memory at the most."""
    imported: dict[str, tuple[int, float, int]] = field(default_factory=dict)
    """Into which store (of INTO) → rows of a CSV imported into ours, seconds, bytes of memory at the most."""
    memories: dict[str, int] = field(default_factory=dict)
    """Side → bytes that its one worker held at the most while the pages were asked for."""
    shares: dict[str, float] = field(default_factory=dict)


def tables(result: Result) -> list[tuple[str, Lines]]:
    """Title and lines of each table, the first line its heads."""
    names = [en for (_, en), _ in result.pages]
    spreads = [found for _, found in result.pages]

    def each_page(cell: Callable[[Spread], str]) -> Lines:
        heads = ["page", *SHORT.values()]
        cells = [[cell(found[side]) if side in found else "–" for side in SHORT] for found in spreads]
        return [heads, *([name, *those] for name, those in zip(names, cells, strict=True))]

    return [
        ("Median, milliseconds", each_page(lambda one: f"{one.median:.1f}")),
        ("95th percentile, milliseconds", each_page(lambda one: f"{one.p95:.1f}")),
        ("Size of the answer, kB", each_page(lambda one: f"{one.size / 1e3:.0f}")),
        ("Median of ours as a multiple of the peer's", _ratios(result)),
        ("Twenty at once, and memory", _loads(result)),
        ("Whole stores: seconds, records a second, peak memory in MB", _whole_stores(result)),
    ]  # fmt: skip


def _ratios(result: Result) -> Lines:
    peers = list(SHORT)[1:]
    found = [["page", *(SHORT[peer] for peer in peers)]]
    for (_, en), spreads in result.pages:
        ours = spreads["ours"].median
        ratios = [f"{ours / spreads[peer].median:.2f}" if peer in spreads else "–" for peer in peers]
        found.append([en, *ratios])
    return found


def _loads(result: Result) -> Lines:
    found = [["", *SHORT.values()]]
    for name, many in (
        ("pages a second, 20 at once", {side: f"{rate:.0f}" for side, (rate, _) in result.rates.items()}),
        ("95th percentile of them, ms", {side: f"{p95:.0f}" for side, (_, p95) in result.rates.items()}),
        (
            "peak memory of the one worker, MB",
            {side: f"{each / 1e6:.0f}" for side, each in result.memories.items()},
        ),
    ):
        found.append([name, *(many.get(side, "–") for side in SHORT)])
    return found


def _whole_stores(result: Result) -> Lines:
    found = [["", "s", "per s", "MB"]]
    for (side, columns), (seconds, _, memory) in result.exports.items():
        label = f"CSV export of {result.items:,}, {SHORT[side]}, {'ten columns' if columns == 'list' else 'every field'}"
        found.append([label, f"{seconds:.1f}", f"{result.items / seconds:,.0f}", f"{memory / 1e6:.0f}"])
    for into, (many, seconds, memory) in result.imported.items():
        label = f"CSV import of {many:,}, {INTO[into]}"
        found.append([label, f"{seconds:.1f}", f"{many / seconds:,.0f}", f"{memory / 1e6:.0f}"])
    return found


def clocks(result: Result) -> Lines:
    """Where the server's time for one page goes: name, ms, share; the first line is the heads."""
    spent = result.shares
    gate = spent["gate"] - spent["gate_store"]
    other = spent["store"] - spent["gate_store"]
    lines = [
        ("the gate itself: policy, masks, rows, references", gate),
        ("the gate's queries, the store included", spent["gate_store"]),
        ("queries outside the gate", other),
        ("templates and framework", spent["app"] - gate - spent["gate_store"] - other),
        ("in all", spent["app"]),
    ]
    return [
        ["", "ms", "share"],
        *([name, f"{each:.1f}", f"{each / spent['app']:.0%}"] for name, each in lines),
    ]


def show(result: Result) -> None:
    """Print it."""
    console = Console(width=WIDTH)
    console.print(f"{result.items:,} items, {result.donors:,} donors")
    for title, lines in [*tables(result), ("One page of 50, on the server", clocks(result))]:
        table = Table(*lines[0], title=title)
        for each in lines[1:]:
            table.add_row(*each)
        console.print(table)


def write(result: Result, path: Path) -> None:
    """Keep it in the repository's documents."""
    text = (
        _HEAD.format(
            command=result.command, items=result.items, donors=result.donors, rounds=result.rounds,
            turns=TURNS,
            machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        )
        + "\n".join(f"## {title}\n\n{markdown(lines)}" for title, lines in tables(result))
        + _CLOCKS
        + markdown(clocks(result))
    )  # fmt: skip
    own = [_section(path, heading) for heading in SECTIONS.values()]
    path.write_text(text + "".join(f"\n{each}\n" for each in own if each), encoding="utf-8")


SECTIONS = {"entry": "## Cards by keys"}
"""What other scripts write into the page, by their name → heading: a run of this one keeps it."""


def keep_section(path: Path, text: str) -> None:
    """Write a section of SECTIONS, its heading first, in the place of the one that stands there."""
    page, before = path.read_text(encoding="utf-8"), _section(path, text.splitlines()[0])
    page = page.replace(before, text) if before else f"{page.rstrip()}\n\n{text}\n"
    path.write_text(page, encoding="utf-8")


def _section(path: Path, heading: str) -> str:
    """A section as it stands on the page; "" where there is none."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    begins = page.find(f"{heading}\n")
    ends = page.find("\n## ", begins + 1)
    return page[begins : ends if ends > 0 else None].rstrip() if begins >= 0 else ""


def markdown(lines: Lines) -> str:
    """A table whose columns stand one below the other as text, too; numbers to the right."""
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(lines[0]))]

    def aligned(line: list[str]) -> str:
        spaces = [" " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)]
        cells = [
            line[0] + spaces[0],
            *(space + cell for cell, space in zip(line[1:], spaces[1:], strict=True)),
        ]
        return f"| {' | '.join(cells)} |\n"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "".join(map(aligned, [lines[0], rule, *lines[1:]]))


_HEAD = """# Benchmarks

`{command}` measures and writes this page. {items:,} items and {donors:,} donors (the seeds' own) on the embedded
engine, in a database of the run's own; {machine}. `python -m benchmarks --help` names what else it can be asked,
`--kept` for records that stay for the next run among them.

Medians of {rounds} rounds after a warm-up, one client on a kept-alive loopback connection, from the first byte sent to
the last one read; the sides take turns within every round. One gunicorn worker each with four threads, two for the 20
at once, which is the median of {turns} turns of some seconds; ours is the worker that it ships with (engine/waiting.py),
the others gunicorn's own. Compare within one run only.

- **ours**: signed in as `staff.shinjuku`, who reaches both museums; every page is counted, masked, disclosed to the
  ledger and framed. Ten columns, the donor among them, as this person has chosen them; as shipped there are nine.
  The export is the manager's, over both museums.
- **stock**: a plain ModelView of the same ten columns and `page_size` 50, standard templates, no sign-in, no scope
  (benchmarks/stock). Its documents are copies without search keys and outbox. Its export has ten columns.
- **Django**: Django admin on a database of its own in the PostgreSQL that carries the embedded engine: the same ten
  columns, 50 a page, the donor joined, its superuser signed in (benchmarks/django_admin).
- **floor**: pymongo and the plainest Jinja table, donors by one `$in`; no count, no frame (benchmarks/floor.py).

"""
_CLOCKS = """
## Where a page's time goes

The first page of 50 again, by clocks put around the gate and the store's driver from outside (benchmarks/ours.py);
the driver's time includes decoding the answer.

"""
