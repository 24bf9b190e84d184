"""The first-run page in a real browser: readable on a desk, on a telephone and in the dark, and it leads to a sign-in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pymongo import MongoClient

from engine.places import PROJECT
from tests.browser.people import NARROW, WIDE, Served, Street, overflowing, violations
from tests.serving import beside, environment, serving

FRESH = "わたしだけが知る十五字の言葉です"


@pytest.fixture
def first(database_uri: str, tmp_path: Path, chromium: Browser) -> Iterator[tuple[Street, str]]:
    """The panel over an empty store, and the address that its start prints."""
    uri, name = beside(database_uri, "browser_first")
    environ = environment(uri, tmp_path)
    printed = subprocess.run(
        [sys.executable, "-m", "flask", "init", "--page"], cwd=PROJECT, env=environ, capture_output=True, text=True, check=True
    )  # fmt: skip
    with serving({**environ, "WEB_CONCURRENCY": "1"}) as web:
        street = Street(Served(f"http://127.0.0.1:{web.port}", {}, web.log), chromium)
        yield street, printed.stdout.strip()
        for context in chromium.contexts:
            context.close()
        assert street.faults == []
    with MongoClient[dict[str, object]](uri) as client:
        client.drop_database(name)


def look(page: Page, name: str) -> None:
    """In both schemes; a picture where somebody wants to see it."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
        assert overflowing(page) == []
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{scheme}.png", full_page=True)


def test_the_first_run_page_is_filled_in_and_its_link_leads_to_the_panel(
    first: tuple[Street, str],
) -> None:
    street, address = first
    english = street.window("en", NARROW)
    english.goto(address)
    assert english.locator("html").get_attribute("lang") == "en"
    look(english, "first-en")
    page = street.window("ja", NARROW)
    page.goto(address)
    look(page, "first-ja")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    look(page, "first-ja-wide")
    page.get_by_label("名称", exact=True).fill("見本町文化課")
    page.get_by_label("館コード").fill("大文字")
    page.get_by_label("管理者の氏名").fill("見本 花子")
    street.faults.clear()
    page.locator("form button.primary").click()
    page.locator("[data-summary]").wait_for()
    street.faults.clear()  # the browser's console tells of the 400
    look(page, "first-wrong")
    assert address.rsplit("/", 1)[1] not in page.url
    page.get_by_label("館コード").fill("bunka")
    page.locator("form button.primary").click()
    page.get_by_role("heading", name="設定ができました").wait_for()
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    look(page, "first-done")
    page.get_by_role("link", name="パスワードを決める").click()
    page.locator("#f-new").fill(FRESH)
    page.locator("#f-again").fill(FRESH)
    page.locator("form button.primary").click()
    page.locator("#login_id").fill("admin")
    page.locator("#password").fill(FRESH)
    page.locator("main form button.primary").click()
    page.wait_for_url("**/admin/")
