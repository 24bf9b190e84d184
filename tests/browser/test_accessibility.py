"""Sign-in, list, detail and form: readable by everybody, in both languages, on a desk and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.people import NARROW, WIDE, Street, overflowing, violations

DESK, TELEPHONE = ("ja", WIDE), ("en", NARROW)
EVERY = (DESK, TELEPHONE, ("en", WIDE), ("ja", NARROW))
SIGNED_IN = {
    ("staff.shinjuku", "/admin/item/"): EVERY,
    ("staff.shinjuku", "/admin/item/?f.period.overlaps=明治30年頃&sort=period"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/admin/item/?f.period.overlaps=いつぞや"): (DESK,),
    ("staff.shinjuku", "/admin/item/?q=絵"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/admin/item/columns/"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/admin/item/export/"): (DESK, TELEPHONE),
    ("manager", "/admin/item/views/?f.rank=A&sort=period"): (DESK, TELEPHONE),
    ("staff.shinjuku", "item"): EVERY,
    ("staff.shinjuku", "item edit"): EVERY,
    ("staff.shinjuku", "/admin/"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/admin/item/new/ refused"): (DESK, TELEPHONE),
    ("admin", "/admin/institution/card/?id=shinjuku"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/account/"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/help/"): (DESK, TELEPHONE),
    ("staff.shinjuku", "/help/imports"): EVERY,
    ("staff.soseki", "/admin/donor/?institution=shinjuku"): (DESK, TELEPHONE),
    ("staff.soseki", "/admin/donor/?sort=name"): (DESK, TELEPHONE),
    ("manager", "donor"): (DESK, TELEPHONE),
    ("admin", "matrix"): (DESK, TELEPHONE),
    ("manager", "/locked-accounts/"): (DESK, TELEPHONE),
    ("manager", "/progress/"): EVERY,
    ("manager", "/progress/plan/"): EVERY,
    ("manager", "/progress/check/?sample=3&draw=1"): EVERY,
}
CASES = [(*who, *how) for who, ways in SIGNED_IN.items() for how in ways]


def _opened(street: Street, login_id: str, what: str, language: str, size: tuple[int, int]) -> Page:
    """A person at an address, or at the first record of a noun (its form with `edit`), or at the first role's matrix."""
    path, _, then = what.partition(" ")
    if path.startswith("/"):
        page = street.person(login_id, language, size, path)
    else:
        page = street.person(login_id, language, size, f"/admin/{'role' if path == 'matrix' else path}/")
        page.goto(page.locator("table.rows tbody .open").first.get_attribute("href") or "")
    if path == "matrix":
        page.goto(page.url.replace("/details/", "/matrix/"))
    if then == "edit":
        page.goto(page.url.replace("/details/", "/edit/"))
    if then == "refused":
        page.locator("button[data-save]").click()
        page.locator("[data-summary]").wait_for()
    return page


@pytest.mark.parametrize(
    ("login_id", "what", "language", "size"),
    CASES,
    ids=[f"{each[1]} {each[2]} {each[3][0]}" for each in CASES],
)
def test_a_page_has_no_serious_violation_and_does_not_scroll_sideways(
    street: Street, login_id: str, what: str, language: str, size: tuple[int, int]
) -> None:
    page = _opened(street, login_id, what, language, size)
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    assert overflowing(page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_door_has_no_serious_violation_and_does_not_scroll_sideways(
    street: Street, language: str, size: tuple[int, int]
) -> None:
    page = street.window(language, size)
    page.goto("/login")
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    page.locator("#login_id").fill("nobody.here")
    page.locator("#password").fill("wrong")
    page.locator("main form button.primary").click()
    page.locator("#signin-error").wait_for()
    assert violations(page) == []
    assert overflowing(page) == []


def test_the_checker_finds_what_is_wrong(street: Street) -> None:
    page = street.window()
    page.goto("/login")
    page.evaluate("document.querySelector('label[for=password]').remove()")
    assert any(each.startswith("label") for each in violations(page))
