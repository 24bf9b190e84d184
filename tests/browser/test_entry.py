"""Cards typed one after another with keys alone, in a real browser (2D, 1 and 2)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, Street, overflowing, violations

FORM = "/admin/item/new/"


def typed(page: Page, *texts: str) -> None:
    """Each text and Tab."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def test_a_card_is_typed_from_its_first_field_to_the_next_card(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto(FORM)
    number = page.locator("[name=accession_number]")
    expect(number).to_be_focused()
    foreseen = page.locator("[data-field=accession_number] strong").inner_text()
    typed(page, "", "縄文土器")
    expect(page.locator("[name=title_reading]")).to_have_value("じょうもんどき")
    expect(page.locator("[data-field=title_reading] [data-auto]")).to_be_visible()
    # A part of a term and Tab; a code works as well.
    typed(page, "", "考古", "b")
    expect(page.locator("[name=object_type]")).to_have_value("archaeology")
    expect(page.locator("[name=rank]")).to_have_value("B")
    page.keyboard.type("明治30年頃")
    expect(page.locator("[data-field=period] [data-understood]")).to_have_text("1892〜1902年")
    page.keyboard.press("Alt+p")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{FORM}?*")
    expect(page.locator(".note.success a")).to_have_text(f"資料番号 {foreseen}")
    expect(number).to_be_focused()
    expect(page.locator("[name='period.text']")).to_have_value("明治30年頃")
    expect(page.locator("[name=title]")).to_have_value("")


def test_a_term_that_there_is_not_stays_and_is_refused(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto(FORM)
    page.locator("[name=title]").fill("種別のない資料")
    page.locator("#f-object_type").focus()
    typed(page, "宇宙船")
    expect(page.locator("#f-object_type")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+s")
    page.wait_for_selector("[data-summary]")
    expect(page.locator("#f-object_type")).to_have_value("宇宙船")
    page.locator("#f-object_type").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#f-rank")).to_be_focused()
    expect(page.locator("[name=object_type]")).not_to_have_value("宇宙船")


@pytest.mark.parametrize(
    ("language", "size"), [("ja", (1280, 900)), ("en", NARROW)], ids=["ja-1280", "en-390"]
)
def test_a_donor_who_is_not_found_is_made_without_leaving(
    street: Street, language: str, size: tuple[int, int]
) -> None:
    page = street.person("staff.shinjuku", language, size)
    page.goto(FORM)
    name = "山田花子" if language == "ja" else "鈴木一郎"
    page.locator("[name=title]").fill("引き出しの資料")
    box = page.locator("[id=f-acquisition_source]")
    box.focus()
    page.keyboard.type(name)
    expect(page.locator(".choices .make")).to_be_visible()
    while page.locator(".choices [aria-selected=true].make").count() == 0:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    drawer = page.locator("dialog[open]")
    expect(drawer.locator("[name=name]")).to_have_value(f"{name[:2]} {name[2:]}")
    expect(drawer.locator("[name=name_reading]")).not_to_have_value("")
    drawer.locator("[name=postcode]").focus()
    page.keyboard.type("160-0022")
    expect(drawer.locator("[name=address]")).to_have_value("東京都新宿区新宿")
    assert violations(page) == []
    assert overflowing(page) == []
    # Escape leaves it, and what was typed waits there.
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".choices .make")).to_be_visible()
    while page.locator(".choices [aria-selected=true].make").count() == 0:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(drawer.locator("[name=postcode]")).to_have_value("160-0022")
    page.keyboard.press("Control+Enter")
    expect(drawer).to_have_count(0)
    expect(box).to_have_value(re.compile(f"{name[:2]} {name[2:]}"))
    expect(page.locator("[name=location]")).to_be_focused()


def test_a_person_like_another_is_told_while_typing_and_can_be_taken_instead(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/donor/new/")
    page.locator("[name=name]").fill("近似 太郎")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/donor/details/*")
    page.goto("/admin/donor/new/")
    page.locator("[name=name]").focus()
    typed(page, "近似太郎")
    near = page.locator("[data-near-list]")
    expect(near).to_contain_text("近似 太郎")
    assert violations(page) == []


def test_control_enter_in_the_midst_of_a_conversion_saves_nothing(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto(FORM)
    page.locator("[name=title]").focus()
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": "ひばち", "selectionStart": 3, "selectionEnd": 3}
    )
    page.keyboard.press("Control+Enter")
    assert page.evaluate("1 + 1") == 2  # the page answers still, and is the same
    assert page.url.endswith(FORM)


def test_what_is_folded_stays_as_its_person_left_it(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto(FORM)
    more = page.locator("[data-more]")
    expect(more).not_to_have_attribute("open", "")
    more.locator("summary").first.click()
    page.goto(FORM)
    expect(more).to_have_attribute("open", "")
    more.locator("summary").first.click()
    page.goto(FORM)
    expect(more).not_to_have_attribute("open", "")
