"""A museum's old ledger goes in by the keyboard and a browser: upload, mapping, trial, run, reconciliation, and back out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Page, expect

from engine.places import PROJECT
from tests.browser.people import NARROW, WIDE, Served, Street
from tests.migration.legacy import ledger


@pytest.fixture
def worker(served: Served, database_uri: str) -> Iterator[None]:
    """The worker beside the served panel."""
    parts = urlsplit(database_uri)
    uri = urlunsplit(parts._replace(path=f"{parts.path}_browser"))
    environ = {**os.environ, "MONGODB_URI": uri, "SHUZOKO_VAR": str(served.log.parent)}
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    at_work = subprocess.Popen(command, cwd=PROJECT, env=environ, stderr=subprocess.DEVNULL)
    yield
    at_work.terminate()
    at_work.wait(timeout=60)


def uploaded(page: Page, folder: Path) -> None:
    path = folder / "旧台帳.csv"
    path.write_bytes(ledger(300, 1).raw)
    page.locator("nav.rail a[href='/migration/']").click()
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="次へ: 対応づけ").click()
    expect(page.get_by_role("heading", name="列の対応")).to_be_visible()


def test_a_file_from_upload_to_undo(street: Street, worker: None, tmp_path: Path) -> None:
    page = street.window()
    street.sign_in(page, "staff.soseki")
    uploaded(page, tmp_path)
    expect(page.locator("#r-encoding")).to_have_value("cp932")
    expect(page.get_by_label("法量")).to_have_value("size:all")
    page.get_by_label("寄贈者番号", exact=True).select_option("")
    page.get_by_label("怪しいもの").select_option("other")
    page.get_by_label("名前をつけて保存").fill("旧台帳")
    page.get_by_role("button", name="対応表を保存").click()
    expect(page.get_by_text("対応表を保存しました。")).to_be_visible()
    page.get_by_role("button", name="試しに取り込む").click()
    run = page.get_by_role("button", name="取り込む", exact=True)
    expect(run).to_be_visible(timeout=60_000)  # the page renews itself when the worker is done
    expect(page.get_by_text("寸法として読めません", exact=False)).to_be_visible()
    page.get_by_label("上の指摘を確かめました", exact=False).check()
    run.press("Enter")
    expect(page.get_by_text("一致しています", exact=False)).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="見比べる").first.click()
    expect(page.get_by_role("heading", name="元のファイル")).to_be_visible()
    page.go_back()
    page.get_by_label("この取込を取り消します。").check()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("取り込んだものはすべて元に戻りました。")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(
    ("language", "size"), [("ja", WIDE), ("ja", NARROW), ("en", NARROW)], ids=["wide", "narrow", "English"]
)
def test_no_page_of_an_import_is_wider_than_the_screen(
    street: Street, worker: None, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    page = street.person("staff.soseki", language, size)
    page.goto("/migration/")
    path = tmp_path / "b.csv"
    path.write_bytes(ledger(100, 1).raw)
    page.set_input_files("input[name=file]", path)
    page.locator("form[enctype] .button.primary").click()
    expect(page.locator("table.columns")).to_be_visible()
    _fits(page, "map", language, size)
    page.locator("form.try button").click()
    expect(page.locator("button[value=run]")).to_be_visible(timeout=60_000)
    _fits(page, "tried", language, size)
    page.locator(".fates a").nth(1).click()
    expect(page.locator("table.rows")).to_be_visible()
    _fits(page, "rows", language, size)
    page.locator("table.rows .open").first.click()
    expect(page.locator(".beside")).to_be_visible()
    _fits(page, "row", language, size)


def _fits(page: Page, name: str, language: str, size: tuple[int, int]) -> None:
    if folder := os.environ.get("SHUZOKO_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{language}-{size[0]}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
