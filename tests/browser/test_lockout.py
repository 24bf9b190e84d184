"""The door in a browser: a wrong password, the lock, who lifts it, and what its person is told (S7, S9)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, WIDE, Street, overflowing

SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]
SAID = {
    "ja": ("ログインIDかパスワードが違うか", "しばらくサインインできません", "ロックを解けます"),
    "en": ("is not right", "Sign-in is locked for a while", "who can lift the lock"),
}


@pytest.fixture
def seen(tmp_path: Path) -> Callable[[Page, str], None]:
    """Nothing stands out of the window; a picture of the page is kept with the test's files."""

    def look(page: Page, name: str) -> None:
        assert overflowing(page) == []
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    return look


def tries(page: Page, login_id: str, password: str) -> None:
    page.goto("/login")
    page.locator("#login_id").fill(login_id)
    page.locator("#password").fill(password)
    page.locator("main form button.primary").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_lock_says_how_long_it_lasts_and_whom_to_ask(
    street: Street, seen: Callable[[Page, str], None], language: str, size: tuple[int, int]
) -> None:
    page = street.window(language, size)
    wrong, locked, ask = SAID[language]
    for n in range(5):
        tries(page, f"nobody.{language}.{size[0]}", f"wrong {n}")
        expect(page.locator("#signin-error")).to_contain_text(wrong)
    seen(page, f"wrong-{language}-{size[0]}")
    tries(page, f"nobody.{language}.{size[0]}", "wrong")
    expect(page.locator("h1")).to_have_text(locked)
    expect(page.locator("main")).to_contain_text(ask)
    expect(page.locator("main")).to_contain_text("15")
    seen(page, f"locked-{language}-{size[0]}")


@pytest.mark.parametrize("size", SIZES)
def test_an_administrator_lifts_the_lock_and_its_person_is_told(
    street: Street, seen: Callable[[Page, str], None], size: tuple[int, int]
) -> None:
    page = street.window(size=size)
    for n in range(6):
        tries(page, "staff.soseki", f"wrong {n}")
    expect(page.locator("h1")).to_have_text("しばらくサインインできません")
    admin = street.person("admin", size=size)
    admin.goto("/admin/user/")
    admin.locator(".open", has_text="staff.soseki").first.click()
    admin.wait_for_url("**/details/?id=*")
    seen(admin, f"record-{size[0]}")
    admin.get_by_role("link", name="ロックを解く", exact=True).click()
    expect(admin.locator("main")).to_contain_text("分ロックされています")
    seen(admin, f"unlock-{size[0]}")
    admin.get_by_role("button", name="ロックを解く", exact=True).click()
    expect(admin.get_by_text("ロックを解きました。")).to_be_visible()
    expect(admin.get_by_role("link", name="ロックを解く", exact=True)).to_have_count(0)
    street.sign_in(page, "staff.soseki")
    expect(page.locator("main, .flashes, body").first).to_contain_text(
        "5回の誤った入力のためロックされました"
    )
    seen(page, f"told-{size[0]}")


@pytest.mark.parametrize("size", SIZES)
def test_a_list_of_networks_is_typed_and_a_wrong_line_is_named(
    street: Street, seen: Callable[[Page, str], None], size: tuple[int, int]
) -> None:
    admin = street.person("admin", size=size)
    admin.goto("/admin/institution/edit/?id=section")
    for typed, said in (("127.0.0.1\n10.0.0.7/8", "「10.0.0.7/8」"), ("10.0.0.0/8", "127.0.0.1")):
        admin.locator("textarea[name=networks]").fill(typed)
        admin.locator("button[data-save]").click()
        expect(admin.locator("[role=alert], .note.error").first).to_contain_text(said)
    seen(admin, f"networks-{size[0]}")
    admin.locator("textarea[name=networks]").fill("127.0.0.0/8\n::1")
    admin.locator("button[data-save]").click()
    expect(admin.get_by_text("保存しました。")).to_be_visible()
    expect(admin.locator("main")).to_contain_text("127.0.0.0/8")
    seen(admin, f"saved-{size[0]}")
    admin.goto("/admin/institution/edit/?id=section")
    admin.locator("textarea[name=networks]").fill("")
    admin.locator("button[data-save]").click()
    expect(admin.get_by_text("保存しました。")).to_be_visible()
