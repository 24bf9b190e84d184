"""A museum's old ledger goes in by the keyboard and a browser: upload, mapping, trial, run, reconciliation, and back out."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.places import PROJECT
from tests.browser.people import NARROW, WIDE, Served, Street, overflowing, violations
from tests.imports.legacy import ledger
from tests.serving import beside, environment
from tests.views.panel import picture

LAYOUTS = pytest.mark.parametrize(
    ("language", "size"), [("ja", WIDE), ("ja", NARROW), ("en", NARROW)], ids=["wide", "narrow", "English"]
)


@pytest.fixture
def worker(served: Served, database_uri: str) -> Iterator[None]:
    """The worker beside the served panel."""
    uri, _ = beside(database_uri, "browser")
    environ = environment(uri, served.log.parent)
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
    expect(page.get_by_label("法量", exact=True)).to_have_value("size:all")
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
    page.get_by_role("link", name="見本の20行を見比べる").click()
    expect(page.get_by_role("columnheader", name="元のファイル")).to_have_count(20)
    page.go_back()
    page.get_by_label("この取込を取り消します。").check()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("取り込んだものはすべて元に戻りました。")).to_be_visible(timeout=60_000)


WAITING = (
    "資料番号,資料名,寄贈者,寄贈者住所\r\n"
    "H-1,壺,判断 待子,東京都新宿区戸山1\r\n"
    "H-2,皿,判断 待子,\r\n"
    "H-3,鉢,判断 待子,\r\n"
    "H-4,,,\r\n"
)
"""Whether the second and the third are the first's donor nobody can tell but a person; the fourth lacks its title."""


@LAYOUTS
def test_rows_that_wait_are_decided_by_the_keyboard(
    street: Street, worker: None, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    page = street.person("staff.soseki", language, size)
    path = tmp_path / "待つ.csv"
    path.write_text(WAITING, encoding="utf-8-sig")
    page.goto("/migration/")
    page.set_input_files("input[name=file]", path)
    page.locator("form[enctype] .button.primary").click()
    page.locator(".try button[value=trial]").click()
    page.locator("input[name=sure]").check(timeout=60_000)
    page.locator("button[value=run]").press("Enter")
    waits = page.locator("a[href$='/held']")
    expect(waits).to_be_visible(timeout=60_000)
    _fits(page, "ran", language, size)
    waits.press("Enter")
    expect(page.locator("#row-3")).to_be_visible()
    _fits(page, "held", language, size)
    page.locator("#row-3").focus()
    page.keyboard.press("ArrowDown")  # the donor who is there
    page.keyboard.press("Tab")
    page.locator("#row-4").select_option("refuse")
    page.locator("form .button.primary").press("Enter")
    expect(page.locator(".note")).to_be_visible()  # the reason lacks, and the choices stay
    expect(page.locator("#row-4")).to_have_value("refuse")
    _fits(page, "held-again", language, size)
    page.locator("#d-reason").fill("原本で確かめられない")
    page.locator("#d-reason").press("Enter")
    expect(page.locator("button[value=undo]")).to_be_visible(timeout=60_000)
    expect(waits).to_have_count(0)
    other = street.person("manager", language, size)
    other.goto(f"{page.url}witness")
    expect(other.locator("section.witnessed")).to_have_count(4)
    _fits(other, "witness", language, size)
    assert violations(other) == []
    page.locator("a[href*='/problems']").click()
    expect(page.locator("#purpose")).to_be_visible()
    _fits(page, "problems", language, size)
    page.go_back()
    page.locator("input[name=sure]").check()
    page.locator("button[value=undo]").press("Enter")
    expect(page.locator("#stayed")).to_be_visible(timeout=60_000)


@LAYOUTS
def test_photographs_come_in_by_their_names(
    street: Street, worker: None, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    page = street.person("staff.soseki", language, size)
    page.goto("/admin/item/?institution=soseki")  # other tests key in others' records, which come first
    number = page.locator("table.rows a.open").first.inner_text().strip()
    path = tmp_path / "写真.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{number}_1.png", picture((size[0] % 97 + (language == "en"), 15)))
        packed.writestr("だれのものでもない長い名前の写真_20260401_新宿区立漱石山房記念館.png", picture())
    page.goto("/migration/")
    page.locator("a[href='/migration/photographs/']").press("Enter")
    page.set_input_files("#p-file", path)
    _fits(page, "photographs", language, size)
    page.locator("form[enctype] .button.primary").press("Enter")
    expect(page.locator("#not")).to_be_visible(timeout=60_000)
    expect(page.locator("dl.fates dd").nth(1)).to_have_text("1")
    _fits(page, "photographs-of", language, size)


@LAYOUTS
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
    page.locator("#computed > summary").click()
    page.locator("#computed details summary").first.press("Enter")
    for at, column in enumerate(page.locator("#k-make\\.join\\.1 option").all_inner_texts()[1:3], 1):
        page.locator(f"#k-make\\.join\\.{at}").select_option(column)
    page.locator("button[value='add:join']").press("Enter")
    expect(page.locator("tr.made .previews li").first).to_be_visible()
    _fits(page, "computed", language, size)
    assert violations(page) == []
    page.goto(page.url.split("#")[0] + "words/object_type")
    expect(page.locator("#w-find")).to_be_visible()
    _fits(page, "words", language, size)
    assert violations(page) == []
    page.go_back()
    page.locator(".try button[value=trial]").click()
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
    assert overflowing(page) == [], name
