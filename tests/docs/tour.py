"""The pictures of README's tour (`make tour`): the demo, served on a temporary var, as each role sees it.

They are written to docs/tour/LANGUAGE/: PNG of 1280 pixels' width with a palette, at most 150 kB each.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from engine import processes
from tests.architecture.floors import ROOT
from tests.browser.people import Served, Street
from tests.serving import answers, free_port

FOLDER = ROOT / "docs" / "tour"
SIZE = (1280, 860)
LANGUAGES = ("ja", "en")
COLOURS = 128
LONGEST = 600
"""Seconds for a first start, which fetches and builds the database."""


@dataclass(frozen=True)
class Screen:
    """One picture: whose it is, and how this person gets to the page."""

    name: str
    login_id: str
    go: Callable[[Page], None]


def item_list(page: Page) -> None:
    page.goto("/admin/item/?institution=shinjuku")


def item_form(page: Page) -> None:
    item_list(page)
    page.goto(page.locator("table.rows tbody .open").nth(1).get_attribute("href") or "")
    page.goto(page.url.replace("/details/", "/edit/"))
    page.evaluate("window.scrollBy(0, 640)")  # to the dates, below the number and the title


def progress(page: Page) -> None:
    page.goto("/progress/")


def role_matrix(page: Page) -> None:
    """That of the museums' staff."""
    page.goto("/admin/role/")
    page.goto(page.locator("table.rows tbody .open").nth(2).get_attribute("href") or "")
    page.goto(page.url.replace("/details/", "/matrix/"))


def look_at_donors(page: Page) -> None:
    """What an auditor finds in the ledger: personal data on a list and a card, and a print for a purpose."""
    page.goto("/admin/donor/?institution=shinjuku")
    page.goto(page.locator("table.rows tbody .open").first.get_attribute("href") or "")
    page.goto("/admin/donor/print-list/?institution=shinjuku&purpose=notice")


def ledger(page: Page) -> None:
    page.goto("/audit/")


SCREENS = (
    Screen("1-item-list", "staff.shinjuku", item_list),
    Screen("2-item-form", "staff.shinjuku", item_form),
    Screen("3-progress", "manager", progress),
    Screen("4-role-matrix", "admin", role_matrix),
    Screen("5-ledger", "auditor", ledger),
)


@contextmanager
def demo(var: Path) -> Iterator[Served]:
    """What `make run` serves, with the demo, on a free port; a deployment's own settings do not reach it.

    Raises:
        RuntimeError: it did not answer within ten minutes, or ended.
    """
    own = {"SHUZOKO_DEMO": "1", "SHUZOKO_VAR": str(var), "HOST": "127.0.0.1", "PORT": str(free_port())}
    elsewhere = dict.fromkeys(
        ("MONGODB_URI", "SECRET_KEY", "SHUZOKO_LEDGER_COPY", "SHUZOKO_TLS", "SHUZOKO_ADDRESS"), ""
    )
    url, log = f"http://127.0.0.1:{own['PORT']}", var / "panel.log"
    with log.open("w") as said:
        panel = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "engine.supervise", "--until-parent-ends"],
            cwd=ROOT, env={**os.environ, **elsewhere, **own}, stdout=said, stderr=said,
        )  # fmt: skip
    try:
        processes.wait_until(lambda: answers(f"{url}/healthz") or panel.poll() is not None, LONGEST)
        if panel.poll() is not None or not answers(f"{url}/healthz"):
            raise RuntimeError(log.read_text())
        with (var / "demo-accounts.csv").open(encoding="utf-8", newline="") as file:
            passwords = {row["login_id"]: row["password"] for row in csv.DictReader(file)}
        yield Served(url, passwords, log)
    finally:
        panel.terminate()
        panel.wait(timeout=60)


def take_picture(page: Page, file: Path) -> int:
    """Write what the window shows as a small PNG; returns its size in bytes."""
    page.wait_for_load_state("networkidle")
    file.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as picture:
        picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            file, optimize=True
        )
    return file.stat().st_size


def take_tour(served: Served, browser: Browser, language: str) -> None:
    """Every screen in one language.

    Raises:
        RuntimeError: a page answered with an error, or complained in the browser's console.
    """
    street = Street(served, browser)
    refused: list[str] = []
    pages = {each.login_id: street.person(each.login_id, language, SIZE) for each in SCREENS}
    for page in pages.values():
        page.on(
            "response",
            lambda each: refused.append(f"{each.status}: {each.url}") if each.status >= 400 else None,
        )
    look_at_donors(pages["staff.shinjuku"])
    for screen in SCREENS:
        page = pages[screen.login_id]
        screen.go(page)
        file = FOLDER / language / f"{screen.name}.png"
        click.echo(f"{file.relative_to(ROOT)}: {take_picture(page, file) // 1000} kB")
    if street.faults or refused:
        raise RuntimeError("\n".join([*street.faults, *refused]))


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium がありません。 / chromium is missing: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder)) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for language in LANGUAGES:
            take_tour(served, browser, language)
        browser.close()


if __name__ == "__main__":
    main()
