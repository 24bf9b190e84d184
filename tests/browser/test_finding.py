"""Somebody new finds a thing by what they know of it; a manager goes from a number to the records behind it (S5, S6)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, Street, rows

TITLE = "國寶 牛込澤田邸之圖"


@pytest.fixture
def newcomer(street: Street) -> Page:
    """A member of staff at the list of items, in which one card was keyed in by hand."""
    page = street.person("staff.shinjuku")
    page.goto(f"/admin/item/?q={TITLE}")
    if not list(rows(page)):
        _key_in(page)
    page.goto("/admin/item/")
    return page


def _key_in(page: Page) -> None:
    page.goto("/admin/item/new/")
    for name, value in (
        ("title", TITLE),
        ("title_reading", "うしごめさわだていのず"),
        ("period.text", "明治30年頃"),
    ):
        page.locator(f"[name='{name}']").fill(value)
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/item/details/?id=*")


def _search(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("[?]q"))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("ウシゴメサワダ", id="by its reading, in katakana"),
        pytest.param("うしこめ", id="by its reading, without voicing"),
        pytest.param("国宝", id="by the characters of today"),
        pytest.param("沢田邸", id="by a name in today's characters"),
        pytest.param("牛込 澤田", id="by two words"),
    ],
)
def test_a_thing_is_found_by_what_is_known_of_it(newcomer: Page, words: str) -> None:
    _search(newcomer, words)
    assert any(TITLE in each for each in rows(newcomer))


@pytest.mark.parametrize("era", ["明治30年", "明治後期", "1897年", "19世紀末"])
def test_a_thing_is_found_by_its_era(newcomer: Page, era: str) -> None:
    _search(newcomer, "沢田邸")
    newcomer.locator("#narrow summary").click()
    newcomer.locator("#narrow input[name^='f.period']").fill(era)
    newcomer.locator("#narrow button.primary").click()
    expect(newcomer.locator(".chips")).to_contain_text(era)
    assert any(TITLE in each for each in rows(newcomer))


def test_a_thing_is_not_found_by_another_era(newcomer: Page) -> None:
    newcomer.goto(f"/admin/item/?q={TITLE}")
    newcomer.locator("#narrow summary").click()
    newcomer.locator("#narrow input[name^='f.period']").fill("江戸時代前期")
    newcomer.locator("#narrow button.primary").click()
    expect(newcomer.locator(".chips")).to_contain_text("江戸時代前期")
    assert list(rows(newcomer)) == []


def test_a_manager_goes_from_a_number_to_the_records_behind_it(street: Street) -> None:
    """S5: the board counts; the list behind a number holds exactly as many, and all of that status."""
    page = street.person("manager")
    page.locator(".rail").get_by_role("link", name=re.compile("進捗")).click()
    page.wait_for_url("**/progress/")
    number = page.locator("table.figures tbody a").first
    counted = int(number.inner_text().replace(",", ""))
    status = page.locator("table.figures thead th").nth(
        1 + number.evaluate("link => link.closest('td').cellIndex - 1")
    )
    said = status.inner_text().strip()
    number.click()
    page.wait_for_url("**/admin/item/**")
    expect(page.locator(".pager")).to_contain_text(f"{counted:,}件")
    found = list(rows(page))
    assert len(found) == min(counted, 50)
    assert all(said in each for each in found)
    page.locator("table.rows tbody .open").first.click()
    page.wait_for_url("**/admin/item/details/**")
    expect(page.locator("main")).to_contain_text(said)


def test_on_a_phone_a_hits_title_has_the_whole_line(street: Street) -> None:
    page = street.person("staff.shinjuku", size=NARROW)
    page.goto("/admin/item/?q=図")
    cells = page.locator("table.rows tbody tr").first.locator("td[data-label]")
    widths = cells.evaluate_all(
        "cells => cells.map((each) => Math.round(each.getBoundingClientRect().width))"
    )
    assert len(widths) > 3
    assert len(set(widths)) == 1
