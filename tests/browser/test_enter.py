"""Enter in a line of words does what the words say, or nothing: it passes no record and decides no request."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import NARROW, WIDE, Street, overflowing, violations


@pytest.mark.parametrize(("language", "size"), [("ja", WIDE), ("en", NARROW)], ids=["ja-1280", "en-390"])
def test_enter_in_what_is_to_be_mended_sends_the_record_back(
    street: Street, language: str, size: tuple[int, int]
) -> None:
    page = street.person("manager", language, size)
    page.goto("/progress/check/?institution=shinjuku")
    row = page.locator("section[aria-labelledby=queue] li:has(form.check)").first
    card = row.locator("a.open").get_attribute("href") or ""
    row.locator("input[name=comment]").fill("寸法を測ってください")
    assert violations(page) == []
    assert overflowing(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("差し戻しました。" if language == "ja" else "Sent back.")).to_be_visible()
    page.goto(card)
    expect(page.locator("main")).to_contain_text("寸法を測ってください")


def test_enter_without_words_passes_nothing_either(street: Street) -> None:
    page = street.person("manager")
    page.goto("/progress/check/?institution=shinjuku")
    page.locator("section[aria-labelledby=queue] input[name=comment]").first.press("Enter")
    expect(page.get_by_text("直してほしいことを入力してください")).to_be_visible()


def test_enter_in_the_reason_decides_no_request(street: Street) -> None:
    page = street.person("manager")
    page.goto("/admin/work_request/?f.work_status=approved")
    page.locator("table.rows tbody .open").first.click()
    page.locator("#note").fill("網の番号が違います")
    page.keyboard.press("Enter")
    expect(page.get_by_text("まだ何も決まっていません。")).to_be_visible()
    expect(page.locator("#note")).to_have_value("網の番号が違います")
    assert violations(page) == []
    assert overflowing(page) == []
