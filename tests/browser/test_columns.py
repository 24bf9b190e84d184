"""Columns of one's own, chosen and put in order by keys alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import Street


def _heads(page: Page) -> list[str]:
    return [each.strip() for each in page.locator("table.rows thead th[scope=col]").all_inner_texts()]


def test_columns_are_chosen_and_ordered_by_keys_alone(street: Street) -> None:
    page = street.person("staff.soseki")
    page.goto("/admin/item/")
    before = _heads(page)
    page.get_by_role("link", name="列", exact=True).press("Enter")
    for place in (1, 2):
        page.get_by_role("button", name="資料名を下へ").press("Enter")
        expect(page.locator("[data-column]").nth(place)).to_contain_text("資料名を下へ")
    expect(page.get_by_role("button", name="資料名を下へ")).to_be_focused()
    page.get_by_label("更新日時").press("Space")
    page.get_by_label("更新日時").press("Enter")  # as in any form: Enter saves
    page.wait_for_url("**/admin/item/")
    after = _heads(page)
    assert after == [
        before[0],
        before[2],
        before[3],
        before[1],
        *(each for each in before[4:] if each != "更新日時"),
    ]
    page.get_by_role("link", name="列", exact=True).click()
    page.get_by_role("button", name="元の列に戻す").press("Enter")
    page.wait_for_url("**/admin/item/")
    assert _heads(page) == before


def test_a_view_is_saved_and_opened_from_the_menu_by_keys_alone(street: Street) -> None:
    page = street.person("staff.soseki")
    page.goto("/admin/item/?f.input_status=done&sort=title")
    page.get_by_role("link", name="条件の保存").press("Enter")
    page.get_by_label("名前").fill("完了した資料")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/item/?view=*")
    wanted = page.url
    page.goto("/admin/item/")
    page.locator("details.views summary").press("Enter")
    page.get_by_role("link", name="完了した資料").press("Enter")
    page.wait_for_url(wanted)
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("details.views summary").press("Enter")
    page.get_by_role("link", name="条件の保存・最近の検索").press("Enter")
    page.get_by_role("button", name="消す").press("Enter")
    expect(page.get_by_text("保存した条件を消しました。")).to_be_visible()
