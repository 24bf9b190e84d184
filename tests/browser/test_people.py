"""Each account of the demo does in a browser what its role is for, and is refused what it is not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Street, ask, rows, until_all_answered

# login → a noun it reads, a field it may change there (none: it may not), an address that its role refuses
WORK = {
    "staff.shinjuku": ("item", "maker", "/admin/patron/"),
    "staff.soseki": ("item", "maker", "/admin/user/"),
    "manager": ("item", "input_status", "/admin/patron/"),
    "librarian.kaizu": ("book", "title", "/admin/item/"),
    "admin": ("user", "display_name", "/admin/item/new/"),
    "auditor": ("item", "", "/admin/item/new/"),
    "contractor": ("item", "", "/admin/donor/"),
}

TELEPHONE = re.compile(r"0\d{1,3}-\d{2,4}-\d{4}")


@pytest.mark.parametrize("login_id", WORK)
def test_each_account_signs_in_lists_opens_and_edits_as_its_role_says(street: Street, login_id: str) -> None:
    noun, field, refused = WORK[login_id]
    page = street.window()
    street.sign_in(page, login_id)
    expect(page.locator("nav.rail")).to_be_visible()
    page.locator(f"nav.rail a[href='/admin/{noun}/']").click()
    expect(page.locator("table.rows tbody tr").first).to_be_visible()
    if "staff" in login_id:
        page.locator("nav.tabs a", has_text="館").filter(
            has_text="新宿" if "shinjuku" in login_id else "漱石"
        ).click()
    page.locator("table.rows tbody tr .open").first.click()
    page.wait_for_url(f"**/admin/{noun}/details/?id=*")
    edit = page.get_by_role("link", name="編集", exact=True)
    if field:
        edit.click()
        _change(page, field)
        page.locator("button[data-save]").click()
        expect(page.get_by_text("保存しました。")).to_be_visible()
    else:
        expect(edit).to_have_count(0)
    answer = page.goto(refused)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_text("根拠の定め")).to_be_visible()


def _change(page: Page, field: str) -> None:
    control = page.locator(f"[name='{field}']").first
    if control.get_attribute("type") == "hidden":  # a choice that is typed
        page.locator("details", has=control).first.evaluate("each => { each.open = true }")
        typed = page.locator(f"#f-{field}")
        typed.fill("差戻し" if control.input_value() != "sent_back" else "完了")
        typed.press("Enter")
    else:
        control.fill(f"{control.input_value()} 改")


def test_a_donor_is_masked_to_the_sister_museum_and_shown_to_its_own(street: Street) -> None:
    own, sister = street.person("staff.shinjuku"), street.person("staff.soseki")
    seen = []
    for page in (own, sister):
        page.goto("/admin/donor/?institution=shinjuku")
        seen.append(list(rows(page)))
        page.locator("table.rows tbody tr .open").first.click()
        page.wait_for_url("**/admin/donor/details/?id=*")
    assert len(seen[0]) == len(seen[1]) >= 6
    assert "＊＊＊＊" not in "".join(seen[0])
    # Other tests' imports leave donors here, and not each of them has a telephone.
    for known, shown in zip(*seen, strict=True):
        assert "＊＊＊＊" in shown
        assert ("***-****-" in shown) == bool(TELEPHONE.search(known)), (known, shown)
    assert sum(bool(TELEPHONE.search(each)) for each in seen[0]) >= 6
    assert own.url == sister.url
    expect(own.locator("button.masked")).to_have_count(0)
    masked = sister.locator("button.masked").first
    masked.focus()
    why = sister.locator(f"#{masked.get_attribute('popovertarget')}")
    expect(why).to_be_visible()
    assert why.inner_text()


def test_an_administrator_sees_that_there_are_donors_and_nothing_of_them(street: Street) -> None:
    page = street.person("admin")
    page.goto("/admin/donor/")
    assert all(each.count("非表示") >= 3 for each in rows(page))
    expect(page.locator("table.rows tbody tr").first).to_be_visible()


def test_a_manager_reveals_one_value_for_a_purpose(street: Street) -> None:
    page = street.person("manager")
    page.goto("/admin/donor/")
    page.locator("table.rows tbody tr .open").first.click()
    before = page.locator("button.masked").count()
    page.locator("details.reveal summary").first.click()
    page.locator("details.reveal[open] button").click()
    expect(page.get_by_text("目的を記録して表示しました")).to_be_visible()
    expect(page.locator("button.masked")).to_have_count(before - 1)
    expect(page.locator(".revealed")).to_have_count(1)


def test_an_edited_role_holds_in_every_process_from_the_next_request(street: Street) -> None:
    admin, contractor = street.person("admin"), street.person("contractor")
    assert until_all_answered(street.served, contractor.context, "/admin/exhibition/") == {200}
    _matrix_of_contractor(admin)
    for scope in ("own", "supervised"):
        admin.locator(f"[name='a.exhibition.{scope}.read']").uncheck()
    _apply(admin)
    # The first answer after the save is among these: no process still has the old role.
    assert until_all_answered(street.served, contractor.context, "/admin/exhibition/") == {403}
    refused = contractor.goto("/admin/exhibition/")
    assert refused is not None
    assert refused.status == 403
    _matrix_of_contractor(admin)
    for scope in ("own", "supervised"):
        admin.locator(f"[name='a.exhibition.{scope}.read']").check()
    _apply(admin)
    assert ask(street.served, contractor.context, "/admin/exhibition/") == 200


def _matrix_of_contractor(admin: Page) -> None:
    admin.goto("/admin/role/")
    admin.locator("table.rows tbody tr", has_text="contractor").locator(".open").click()
    admin.get_by_role("link", name="権限の設定").click()
    admin.locator("details.noun#exhibition summary").first.click()


def _apply(admin: Page) -> None:
    """Save the matrix as a draft, see what it changes, and let it hold."""
    admin.locator("button[data-save]").click()
    expect(admin.locator("table", has_text="展覧会")).to_be_visible()
    admin.get_by_role("button", name="適用する").click()
    admin.wait_for_url("**/admin/role/matrix/?id=*")


def test_what_was_typed_stays_and_the_errors_take_the_focus(street: Street) -> None:
    page = street.person("staff.shinjuku")
    page.goto("/admin/item/new/")
    page.locator("[name='maker']").fill("残る作者")
    page.locator("button[data-save]").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("[name='maker']")).to_have_value("残る作者")
    page.locator("[data-summary] a").first.click()
    expect(page.locator("[name='title']")).to_be_focused()


PAGES = ("/admin/", "/admin/item/", "/admin/item/new/", "/admin/donor/", "/admin/media/new/", "/account/", "/admin/item/print-list/",
         "/nowhere", "/admin/patron/")  # fmt: skip


@pytest.mark.parametrize(
    ("login_id", "pages"),
    [("staff.shinjuku", PAGES), ("admin", ("/admin/user/", "/admin/role/", "/audit/limits/"))],
)
def test_no_page_breaks_the_policy_that_it_carries_or_asks_elsewhere(
    street: Street, login_id: str, pages: tuple[str, ...]
) -> None:
    """Zero violations of the Content-Security-Policy, zero requests to others (the street watches those)."""
    page = street.person(login_id)
    page.context.add_init_script(
        "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective + ' ' + e.blockedURI))"
    )
    for path in pages:
        page.goto(path)
        page.wait_for_load_state()
        assert page.evaluate("window.broken") == [], path
    # The policy is in force: what it forbids is seen.
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = '1'; document.head.append(s) }"
    )
    page.wait_for_function("window.broken.length > 0")
    street.faults[:] = [each for each in street.faults if "Content Security Policy" not in each]
