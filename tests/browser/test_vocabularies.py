"""An administrator edits a vocabulary in the browser: the next request of every worker has it (issue 2C, 5; law 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.people import NARROW, WIDE, Street, overflowing, violations

TYPES = "/settings/vocabularies/object_type/"
NEW = "/admin/item/new/"


def forms(street: Street, context: BrowserContext) -> Iterator[str]:
    """The next form of a new item as each of the two processes sends it, the very first answer among them."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies())
    before = street.served.answered(NEW)
    asked = Request(street.served.url + NEW, headers={"Cookie": cookies, "Connection": "close"})  # noqa: S310 - our own
    for _ in range(200):
        with urlopen(asked, timeout=20) as answer:  # noqa: S310 - our own http address
            yield answer.read().decode()
        if len(street.served.answered(NEW) - before) == 2:
            return
    raise AssertionError("one process answered nothing")


def row(page: Page, code: str) -> str:
    """The row of a term's table, as a selector."""
    return f"tr:has(code:text-is('{code}'))"


def test_what_an_administrator_does_to_a_term_holds_for_the_next_request_of_every_worker(
    street: Street,
) -> None:
    staff = street.person("staff.shinjuku").context
    page = street.person("admin")
    page.get_by_role("link", name="設定").first.click()
    page.get_by_role("link", name="語彙").first.click()
    page.get_by_role("link", name="資料種別").click()
    page.locator("#f-label").fill("漆器")
    page.locator("#f-label_en").fill("Lacquer ware")
    page.get_by_role("button", name="加える").click()
    page.locator(row(page, "lacquer_ware")).wait_for()
    assert all(">漆器</option>" in each for each in forms(street, staff))
    page.locator(row(page, "lacquer_ware")).locator("summary").click()
    page.locator(row(page, "lacquer_ware")).locator("input[name=label]").fill("漆工")
    page.locator(row(page, "lacquer_ware")).get_by_role("button", name="保存").click()
    page.get_by_text("以前の呼び方: 漆器").wait_for()
    assert all(">漆工</option>" in each and ">漆器<" not in each for each in forms(street, staff))
    page.locator(row(page, "lacquer_ware")).get_by_role("button", name=re.compile("廃止")).click()
    page.get_by_text("廃止しました").wait_for()
    assert all("漆工" not in each for each in forms(street, staff))
    page.locator(row(page, "sculpture")).get_by_role("link", name="まとめる").click()
    page.locator("#f-into").select_option(label="工芸 (craft)")
    page.get_by_role("button", name="何が変わるかを見る").click()
    page.get_by_text(re.compile("資料: [0-9,]+件が「工芸」になります")).wait_for()
    page.get_by_role("button", name="「工芸」にまとめる").click()
    page.get_by_text("「工芸」にまとめた").wait_for()
    assert all(">彫刻</option>" not in each for each in forms(street, staff))


@pytest.mark.parametrize("path", ["/settings/", "/settings/vocabularies/", TYPES, f"{TYPES}file"])
@pytest.mark.parametrize(("language", "size"), [("ja", WIDE), ("en", NARROW)])
def test_the_settings_are_readable_by_everybody(
    street: Street, path: str, language: str, size: tuple[int, int]
) -> None:
    page = street.person("admin", language, size)
    page.goto(path)
    assert violations(page) == []
    assert overflowing(page) == []
