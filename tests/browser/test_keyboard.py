"""People who type all day: everything by keys, nothing sent in the midst of Japanese input, nothing lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.people import Street


def _composing(page: Page, text: str) -> None:
    """As an input method does while its conversion is not settled yet."""
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    )


def _settled(page: Page, text: str) -> None:
    page.context.new_cdp_session(page).send("Input.insertText", {"text": text})


def test_slash_goes_to_the_search_and_arrows_and_enter_open_a_row(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    expect(page.locator("[data-search]")).to_have_value("")
    links = page.locator("table.rows tbody .open")
    for at in (0, 1, 2):
        page.keyboard.press("ArrowDown")
        expect(links.nth(at)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.nth(1)).to_be_focused()
    wanted = links.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_a_search_in_the_midst_of_a_conversion_is_not_sent(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/")
    page.locator("[data-search]").focus()
    _composing(page, "ひばち")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate("1 + 1") == 2  # the page answers still, and is the same
    assert page.url.endswith("/admin/item/")
    _settled(page, "火鉢")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/item/\?.*q=|query="))


def test_control_s_saves_the_record(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").fill("キーで保存")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/item/details/?id=*")
    expect(page.get_by_text("保存しました。")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("キーで保存")


def test_enter_in_a_form_goes_on_instead_of_saving(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").focus()
    page.keyboard.type("二度押し")
    page.keyboard.press("Enter")
    expect(page.locator("[name='title_reading']")).to_be_focused()
    assert page.url.endswith("/admin/item/new/")


def test_enter_that_settles_a_conversion_stays_in_its_box(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").focus()
    _composing(page, "ひばち")
    page.keyboard.press("Enter")
    expect(page.locator("[name='title']")).to_be_focused()
    assert page.url.endswith("/admin/item/new/")


def test_leaving_a_changed_form_asks_and_an_unchanged_one_does_not(street: Street) -> None:
    page = street.person("staff.shinjuku")
    asked: list[str] = []
    stay = True

    def answer(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss() if stay else dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", answer)
    page.goto("/admin/item/new/")
    page.locator("[data-leave]").click()
    page.wait_for_url("**/admin/item/")
    assert asked == []
    page.goto("/admin/item/new/")
    page.locator("[name='title']").click()
    page.keyboard.type("失いたくない題")
    expect(page.locator("[data-unsaved]")).to_have_text("未保存の変更があります")
    page.locator("[data-leave]").click(no_wait_after=True)
    expect(page.locator("[name='title']")).to_have_value("失いたくない題")
    assert asked == ["beforeunload"]
    stay = False
    page.locator("[data-leave]").click()
    page.wait_for_url("**/admin/item/")
    assert asked == ["beforeunload"] * 2


def test_a_donor_is_chosen_by_keys_and_stands_on_the_record(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").fill("寄贈された資料")
    page.locator("#f-acquisition_source").focus()
    page.keyboard.type("D00000")
    choices = page.locator("#f-acquisition_source-list li")
    expect(choices.nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(choices.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = choices.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#f-acquisition_source")).to_have_value(chosen)
    assert page.locator("[name='acquisition_source']").input_value()
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/item/details/?id=*")
    expect(page.get_by_role("link", name=chosen)).to_be_visible()


def test_words_that_chose_nothing_stay_and_are_refused(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").fill("選ばなかった資料")
    box = page.locator("#f-acquisition_source")
    box.focus()
    page.keyboard.type("いない人の名")
    expect(page.locator("#f-acquisition_source-list")).to_contain_text("該当なし")
    page.locator("[name='title']").focus()
    expect(box).to_have_value("いない人の名")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".combobox .wrong-words")).to_contain_text("まだ選ばれていません")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-summary]")).to_contain_text("「いない人の名」に当たる記録が選ばれていません")
    expect(box).to_have_value("いない人の名")
    box.focus()
    page.locator("[name='title']").focus()
    expect(box).to_have_attribute("aria-invalid", "true")
    page.locator(".combobox [data-clear]").first.click()
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/item/details/?id=*")


def test_another_institutions_donor_is_named_and_never_selected_beforehand(street: Street) -> None:
    sister = street.person("staff.shinjuku")
    sister.goto("/admin/donor/new/")
    sister.locator("[name='donor_number']").fill("D-姉妹館")
    sister.locator("[name='name']").fill("姉妹館 花子")
    sister.keyboard.press("Control+s")
    sister.wait_for_url("**/admin/donor/details/?id=*")
    page = street.person("staff.soseki")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").fill("番号を打った資料")
    box = page.locator("#f-acquisition_source")
    matches = page.locator("#f-acquisition_source-list li:not(.make)")
    box.focus()
    page.keyboard.type("D0000")
    expect(matches.first).to_have_attribute("aria-selected", "true")
    labels = matches.all_inner_texts()
    others = [at for at, each in enumerate(labels) if "歴史博物館" in each]
    assert others, labels
    assert others[0] > 0
    assert others == list(range(others[0], len(labels)))
    box.fill("")
    page.keyboard.type("D-姉妹館")
    expect(matches).to_have_count(1)
    expect(matches.first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Enter")  # a barcode reader's: it chooses nothing and sends nothing
    expect(matches.first).to_have_attribute("aria-selected", "true")
    assert not page.locator("[name='acquisition_source']").input_value()
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile("（.*歴史博物館）$"))
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/item/details/?id=*")
    expect(page.get_by_role("link", name="D-姉妹館")).to_be_visible()


def test_a_row_of_dimensions_is_added_and_removed(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='title']").fill("寸法の行")
    page.locator("[data-more] > summary").click()
    box = page.locator("[data-parts]")
    box.locator("[name$='.value']").first.fill("12.50")
    box.locator("[data-add]").click()
    box.locator("[name$='.value']").nth(1).fill("3")
    box.locator("[data-remove]").nth(1).click()
    page.keyboard.press("Control+s")
    page.wait_for_url("**/admin/item/details/?id=*")
    expect(page.locator("main")).to_contain_text("12.50")


def test_chosen_rows_bring_up_the_bar_and_are_set_together(street: Street) -> None:
    page = street.person("staff.soseki")
    page.goto("/admin/item/?institution=soseki")
    expect(page.locator("#batch")).not_to_be_visible()
    for at in (0, 1):
        page.locator("[name='rowid']").nth(at).check()
    expect(page.locator("#batch [data-chosen]")).to_have_text("2")
    page.locator("#batch [name='rank']").select_option("A")
    page.locator("#batch button.primary").click()
    expect(page.get_by_text("2件のランクを変更しました。")).to_be_visible()
