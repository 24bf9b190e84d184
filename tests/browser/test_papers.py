"""The papers' procedures in the browser: a contractor comes in, a paper is decided, personal data leaves sealed (S14, S15)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import pyzipper

from tests.browser.people import Street, overflowing

NARROW = (390, 844)
PASSPHRASE = "sunrise-over-7-hills"


def look(page: object, name: str) -> None:
    """Keep a picture where somebody asked for one."""
    if folder := os.environ.get("SHUZOKO_LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)  # type: ignore[attr-defined]


def test_the_demos_contractor_comes_in_by_its_approved_request(street: Street) -> None:
    page = street.person("contractor")
    page.goto("/admin/item/")
    assert page.locator("table.rows tbody tr").count() > 0
    assert page.locator("a[href*='/admin/donor/']").count() == 0
    desk = street.person("admin")
    desk.goto("/work-request/")
    desk.get_by_role("link", name="W000001").click()
    assert desk.get_by_role("button", name="取り消す").is_visible()
    look(desk, "card-ja")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [(1280, 900), NARROW])
@pytest.mark.parametrize(
    ("login_id", "path"),
    [
        ("manager", "/work-request/"), ("manager", "/admin/work_request/new/"), ("staff.shinjuku", "/admin/donor/export/"),
        ("manager", "/admin/"), ("manager", "/admin/takeout/new/"), ("auditor", "/audit/"),
        ("staff.shinjuku", "/admin/donor/print-list/?institution=shinjuku"),
    ],
)  # fmt: skip
def test_no_paper_is_wider_than_its_window(
    street: Street, login_id: str, path: str, language: str, size: tuple[int, int]
) -> None:
    page = street.person(login_id, language, size)
    page.goto(path)
    look(page, f"{path.strip('/').replace('/', '-').split('?')[0]}-{language}-{size[0]}")
    assert overflowing(page) == []


def test_personal_data_leaves_sealed_by_the_page(street: Street, tmp_path: Path) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/donor/?institution=shinjuku")
    page.get_by_role("link", name="書き出し").click()
    page.get_by_label("目的").select_option("notice")
    page.get_by_label("個人情報を省かずに書き出す").check()
    page.get_by_label("パスフレーズ", exact=True).fill(PASSPHRASE)
    page.get_by_label("パスフレーズ(もう一度)").fill(PASSPHRASE)
    page.get_by_label("持出し先").fill("印刷業者")
    page.get_by_label("返却・消去の期限").fill("2099-03-31")
    with page.expect_download() as coming:
        page.get_by_role("button", name="CSVで書き出す").click()
    coming.value.save_as(tmp_path / "donor.zip")
    with pyzipper.AESZipFile(tmp_path / "donor.zip") as file:
        file.setpassword(PASSPHRASE.encode())
        [name] = file.namelist()
        assert "氏名" in file.read(name).decode("utf-8-sig")
    page.goto("/admin/takeout/")
    assert page.locator("table.rows tbody tr").count() == 1
    look(page, "takeouts-ja")
