"""`python -m benchmarks.entry`: cards typed by keys alone in a real browser, beside a stock Flask-Admin form in one run.

What is counted, from a loaded form to the next loaded form:

- **A control key** is every key that does not type the text of a value: Tab, Enter, arrows, Escape, End, shortcuts. A
  chord (Ctrl+Enter) is one. The characters of a value are none, however they are typed: an input method's own keys are
  alike on both sides.
- **Tab stops** are the presses of Tab from the first field of the form to its primary button, without filling anything.
- **The typical card** has a title, its reading, type, rank, period, maker, a donor who is known, and a location. Ours gives
  the number and proposes the reading; the stock form has every value typed. Its donor is chosen in its own chooser.
- **The full card** (ours) has two dimensions and a donor who is not known yet, with postcode, address and telephone.

Timed: from the last key of a card to the loaded form of the next, `load` having fired and its first field ready for typing.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from math import ceil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
from mongoengine.connection import get_db
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import records
from benchmarks.report import SECTIONS, keep_section
from benchmarks.servers import Server, serve
from engine import start, var_folder
from engine.places import PROJECT
from seeds import passwords

FORM = "/admin/item/new/"
HEADING = SECTIONS["entry"]
DONOR = "B-0000007"
TYPICAL = {
    "title": "夏目漱石書簡", "title_reading": "なつめ そうせきしょかん", "object_type": "document", "rank": "B",
    "maker": "夏目漱石", "location": "第2収蔵庫 棚12-3",
}  # fmt: skip
STOCK_ALSO = {"accession_number": "K-", "institution": "shinjuku", "input_status": "awaiting_check"}
ADDRESS, TELEPHONE = "1-2-3", "03-5273-{n:04d}"


class Typist:
    """Keys pressed on a page, and how many of them were control keys."""

    def __init__(self, page: Page) -> None:
        self.page, self.control = page, 0

    def press(self, key: str) -> None:
        """One control key or chord."""
        self.page.keyboard.press(key)
        self.control += 1

    def type(self, text: str) -> None:
        """The text of a value."""
        self.page.keyboard.type(text)

    def focused(self) -> str:
        """What has the focus: the name of a control, or of a button what it sends."""
        found: str = self.page.evaluate(
            "(e => e.name || e.id || e.getAttribute('aria-controls') || '')(document.activeElement)"
        )
        return found

    def go(self, *wanted: str) -> None:
        """Tab until one of these has the focus."""
        for _ in range(80):
            if any(each in self.focused() for each in wanted):
                return
            self.press("Tab")
        raise RuntimeError(f"Tab does not come to {wanted}")

    def onward(self, key: str) -> float:
        """The key that saves; milliseconds until the next form is loaded and can be typed into."""
        began = time.perf_counter()
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)
        self.page.wait_for_selector("form input:not([type=hidden])")
        return (time.perf_counter() - began) * 1e3


def _as_far_as_dimensions(hands: Typist) -> None:
    """From the number, which is left empty, to the field of dimensions."""
    hands.press("Tab")
    hands.type(TYPICAL["title"])
    hands.press("Tab")
    expect(hands.page.locator("[name=title_reading]")).not_to_have_value("")
    hands.press("Tab")
    for name in ("object_type", "rank"):
        hands.type(TYPICAL[name])
        hands.press("Tab")
    hands.type("明治30年頃")
    hands.go("dimensions_text")


def typical_ours(hands: Typist, number: int) -> float:  # noqa: ARG001 - ours gives the number
    """The typical card on our form."""
    _as_far_as_dimensions(hands)
    hands.press("Tab")
    hands.type(TYPICAL["maker"])
    hands.press("Tab")
    hands.type(DONOR)
    hands.page.wait_for_selector("[data-field=acquisition_source] .choices li[aria-selected=true]")
    hands.press("Enter")
    hands.type(TYPICAL["location"])
    return hands.onward("Control+Enter")


def typical_stock(hands: Typist, number: int) -> float:
    """The same on Flask-Admin's own form, in its order."""
    values = {**STOCK_ALSO, **TYPICAL, "accession_number": f"K-{number:06d}"}
    for name in ("accession_number", "title", "title_reading", "object_type", "rank"):
        hands.go(name)
        hands.type(values[name])
    hands.go("period-text")
    hands.type("明治30年頃")
    for name in ("maker", "location", "input_status", "institution"):
        hands.go(name)
        hands.type(values[name])
    hands.go("select2-acquisition_source", "s2id", "acquisition_source", "autogen")
    hands.press("ArrowDown")
    hands.type(DONOR)
    hands.press("Enter")
    hands.go("_add_another")
    return hands.onward("Enter")


def full_ours(hands: Typist, number: int) -> float:
    """Ours with two dimensions and a donor who has to be made."""
    _as_far_as_dimensions(hands)
    hands.type("24.5×36.2")
    hands.press("Tab")
    hands.type(TYPICAL["maker"])
    hands.press("Tab")
    hands.type(f"新庄{'〇一二三四五六七八九'[number % 10]}{uuid4().hex[:6]}")
    page = hands.page
    page.wait_for_selector(".choices .make")
    while not page.locator(".choices .make[aria-selected=true]").count():
        hands.press("ArrowDown")
    hands.press("Enter")
    page.wait_for_selector("dialog[open] [name=name]")
    hands.go("postcode")
    hands.type("160-0022")
    hands.press("Tab")
    expect(page.locator("dialog [name=address]")).not_to_have_value("")
    hands.press("End")
    hands.type(ADDRESS)
    hands.press("Tab")
    hands.type(TELEPHONE.format(n=number))
    hands.press("Control+Enter")
    page.wait_for_selector("dialog[open]", state="detached")
    hands.go("location")
    hands.type(TYPICAL["location"])
    return hands.onward("Control+Enter")


def tab_stops(page: Page, first: str, primary: str) -> int:
    """Presses of Tab from the first field to the primary button, as the form opens."""
    page.locator(f"form [name={first}]").first.focus()
    for stops in range(1, 120):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({primary!r})"):
            return stops
    raise RuntimeError("Tab does not come to the primary button")


def signed_in(browser: Browser, server: Server, var: Path) -> Page:
    """A page of each side on its form, ours signed in."""
    page = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", locale="ja-JP").new_page()
    if server.side == "ours":
        page.goto("/login")
        page.locator("#login_id").fill("staff.shinjuku")
        page.locator("#password").fill(passwords.kept(var)["staff.shinjuku"][1])
        page.locator("main form button.primary").click()
        page.wait_for_url("**/admin/")
    return page


Card = Callable[[Typist, int], float]


def measured(servers: dict[str, Server], var: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Side or card → control keys, Tab stops, median and 95th percentile of the time to the next form, in ms."""
    cards: dict[str, tuple[str, Card]] = {
        "ours": ("ours", typical_ours), "stock": ("stock", typical_stock), "full": ("ours", full_ours),
    }  # fmt: skip
    keys: dict[str, int] = {}
    taken: dict[str, list[float]] = {each: [] for each in cards}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        pages = {side: signed_in(browser, server, var) for side, server in servers.items()}
        for page in pages.values():
            page.goto(FORM)
        stops = {
            "ours": tab_stops(pages["ours"], "accession_number", "[data-go]"),
            "stock": tab_stops(pages["stock"], "accession_number", "[name=_add_another]"),
        }
        for turn in range(rounds + 1):
            for name, (side, card) in cards.items():
                pages[side].goto(FORM)
                hands = Typist(pages[side])
                spent = card(hands, turn)
                if turn:  # the first is the warm-up
                    taken[name].append(spent)
                keys[name] = hands.control
        browser.close()
    return {
        name: {
            "keys": keys[name],
            "stops": stops[side],
            "median": median(taken[name]),
            "p95": _p95(taken[name]),
        }
        for name, (side, _) in cards.items()
    }


def _p95(taken: list[float]) -> float:
    return sorted(taken)[ceil(0.95 * len(taken)) - 1]


def section(found: dict[str, dict[str, float]], items: int, rounds: int) -> str:
    """The section of docs/benchmarks.md."""
    lines = [
        HEADING, "",
        f"`python -m benchmarks.entry --items {items} --rounds {rounds}` measures and writes this section: keys alone, a real Chromium,",
        f"both sides in turn, {items:,} items, medians of {rounds} cards after a warm-up. What a control key is, and what stands on",
        "a card, is said in benchmarks/entry.py. The full card has two dimensions and a donor who is made in the drawer.", "",
        "| typical card; full card            |  ours | stock | ours, full |",
        "| ---------------------------------- | ----: | ----: | ---------: |",
    ]  # fmt: skip
    for label, key, form in (
        ("control keys a card", "keys", "{:.0f}"), ("Tab stops to the primary button", "stops", "{:.0f}"),
        ("save to the next form, median ms", "median", "{:.0f}"), ("save to the next form, p95 ms", "p95", "{:.0f}"),
    ):  # fmt: skip
        cells = [form.format(found[name][key]) for name in ("ours", "stock", "full")]
        lines.append(f"| {label:<34} | {cells[0]:>5} | {cells[1]:>5} | {cells[2]:>10} |")
    return "\n".join(lines)


@click.command()
@click.option("--items", default=40_000, show_default=True, help="資料の件数 / how many items")
@click.option("--donors", default=2_000, show_default=True, help="寄贈者の人数 / how many donors")
@click.option("--rounds", default=20, show_default=True, help="くり返しの回数 / how many cards of each kind")
@click.option(
    "--keep/--trial", default=True, help="docs/benchmarks.md に書く / write it into docs/benchmarks.md"
)
def main(items: int, donors: int, rounds: int, keep: bool) -> None:
    """カードの入力を、キーの数と時間で測ります。 / Count and time the entry of cards."""
    store, database = start(var_folder(os.environ)), f"shuzoko_entry_{uuid4().hex[:8]}"
    with TemporaryDirectory() as folder:
        records.connect(store.uri, database)
        environ = {
            **os.environ, "MONGODB_URI": store.uri, "SHUZOKO_DATABASE": database, "SHUZOKO_VAR": folder,
            "HOST": "127.0.0.1",
        }  # fmt: skip
        try:
            records.fill(Path(folder), items, donors)
            with ExitStack() as stack:
                servers = {side: stack.enter_context(serve(side, environ)) for side in ("ours", "stock")}
                found = measured(servers, Path(folder), rounds)
        finally:
            get_db().client.drop_database(database)
    text = section(found, items, rounds)
    click.echo(text)
    if keep:
        keep_section(PROJECT / "docs" / "benchmarks.md", text)


if __name__ == "__main__":
    main()
