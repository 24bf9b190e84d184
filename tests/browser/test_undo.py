"""What was set for many is taken back by keys alone, and who edited meanwhile loses nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import Street, overflowing, violations


def test_setting_for_many_is_undone_but_for_what_was_edited_since(street: Street) -> None:
    page = street.person("staff.soseki")
    page.goto("/admin/item/?institution=soseki&sort=accession_number")
    # Whatever others have made of the records: those that were not sent back already.
    changing = page.locator("table.rows tbody tr:not(:has(.state.sent_back))")
    opening = [changing.nth(n).locator(".open").get_attribute("href") or "" for n in (0, 1)]
    number = changing.first.locator(".open").inner_text().strip()
    for n in (0, 1):
        changing.nth(n).locator("[name=rowid]").press("Space")
    page.locator("#batch [name=input_status]").select_option("sent_back")
    page.locator("#batch button.primary").press("Enter")
    expect(page.get_by_text("2件をまとめて設定しました。")).to_be_visible()
    assert "sort=accession_number" in page.url
    assert violations(page) == []
    other = page.context.new_page()
    other.goto(opening[0].replace("/details/", "/edit/"))
    other.locator("[name='materials']").fill("紙本")
    other.keyboard.press("Control+s")
    other.wait_for_url("**/admin/item/details/?id=*")
    page.get_by_role("button", name="取り消す").press("Enter")
    expect(page.get_by_text("1件を元に戻しました。")).to_be_visible()
    expect(page.locator("main .kept-questions a")).to_have_count(1)
    expect(page.locator("main .kept-questions a")).to_contain_text(number)
    assert violations(page) == []
    assert overflowing(page) == []
