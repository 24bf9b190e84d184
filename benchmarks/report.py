"""The table, on the screen and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import TURNS, Spread

PEERS = {
    "ours": "収蔵庫 / ours", "stock": "Flask-Admin + MongoEngine", "django": "Django admin + PostgreSQL", "floor": "最低線 / floor",
}  # fmt: skip
"""Side → its column, in their order; a further peer is a further entry here and in benchmarks.servers."""
INTO = {"empty": "空の館へ / into an empty store", "filled": "上の記録のある館へ / into the store above"}
HEADS = [
    "",
    *(f"{name}, ms (p95)" for name in PEERS.values()),
    "ours / stock",
    "ours / Django",
    "ours / floor",
]


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


def rows(result: Result) -> list[list[str]]:
    """The table's lines of text."""
    found = [
        [f"{ja} / {en}", *(_cell(spreads.get(side)) for side in PEERS), *(_ratio(spreads, peer) for peer in list(PEERS)[1:])]
        for (ja, en), spreads in result.pages
    ]  # fmt: skip
    if result.rates:
        rates = {side: rate for side, (rate, _) in result.rates.items()}
        cells = [
            f"{rates[side]:.0f} /s ({result.rates[side][1]:.0f} ms)" if side in rates else "–"
            for side in PEERS
        ]
        found.append(
            ["20人同時、ページ毎秒 / 20 at once, pages a second", *cells,
             *(f"{rates['ours'] / rates[peer]:.2f} ×" if peer in rates else "–" for peer in list(PEERS)[1:])]
        )  # fmt: skip
    if result.memories:
        cells = [
            f"{result.memories[side] / 1e6:.0f} MB" if side in result.memories else "–" for side in PEERS
        ]
        label = "以上のページのあいだの最大メモリー / peak memory of the worker that served the pages"
        found.append([label, *cells, *["–"] * (len(PEERS) - 1)])
    stock = result.exports.get(("stock", "list"))
    for columns, label in (("list", "10列 / ten columns"), ("all", "全項目 / every field")):
        if (ours := result.exports.get(("ours", columns))) and stock:
            alike = columns == "list"
            found.append([
                f"CSV書き出し {result.items:,}件、{label}、最大メモリー / export as CSV, peak memory", _leaving(ours),
                _leaving(stock) if alike else "–", "–", "–", f"{ours[0] / stock[0]:.2f}" if alike else "–", "–", "–",
            ])  # fmt: skip
    for into, (rows_, seconds, memory) in result.imported.items():
        cell = f"{seconds:.1f} s, {rows_ / seconds:,.0f} /s, {memory / 1e6:.0f} MB"
        label = f"CSV取込 {rows_:,}行(検証・検索・記録まで) / import of a CSV: validated, searchable, logged; {INTO[into]}"
        found.append([label, cell, *["–"] * (len(HEADS) - 2)])
    return found


def _leaving(export: tuple[float, int, int]) -> str:
    return f"{export[0]:.1f} s, {export[2] / 1e6:.0f} MB"


def _cell(spread: Spread | None) -> str:
    return "–" if spread is None else f"{spread.median:.1f} ({spread.p95:.1f}), {spread.size / 1e3:.0f} kB"


def _ratio(spreads: dict[str, Spread], peer: str) -> str:
    return f"{spreads['ours'].median / spreads[peer].median:.2f}" if peer in spreads else "–"


def clocks(result: Result) -> list[list[str]]:
    """Where the server's time for one page goes: name, ms, share."""
    spent = result.shares
    gate = spent["gate"] - spent["gate_store"]
    other = spent["store"] - spent["gate_store"]
    lines = [
        ("関所(方針・伏字・行・参照) / the gate itself: policy, masks, rows, references", gate),
        ("関所からの問い合わせ / the gate's queries, the store included", spent["gate_store"]),
        ("関所の外の問い合わせ / queries outside the gate", other),
        ("画面(Jinja)と枠組み / templates and framework", spent["app"] - gate - spent["gate_store"] - other),
        ("合計 / in all", spent["app"]),
    ]
    return [[name, f"{value:.1f}", f"{value / spent['app']:.0%}"] for name, value in lines]


def show(result: Result) -> None:
    """Print it."""
    console = Console()
    for title, heads, lines in (
        (f"{result.items:,} items, {result.donors:,} donors", HEADS, rows(result)),
        ("one page of 50, on the server", ["", "ms", "share"], clocks(result)),
    ):
        table = Table(*heads, title=title)
        for each in lines:
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
        + _markdown(HEADS, rows(result))
        + _CLOCKS
        + _markdown(["", "ms", "share"], clocks(result))
    )  # fmt: skip
    path.write_text(text, encoding="utf-8")


def _markdown(heads: list[str], lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(each)} |\n" for each in [heads, ["---"] * len(heads), *lines])


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
