"""The first page after signing in: it opens for every role that an administrator may make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from settings.version import VERSION
from tests.views.panel import Panel, Person
from tests.world import PASSWORD
from views.shared.frame import forget_tallies

SENT_BACK = "差戻し: "
RETURNED = "進捗(差戻し "


@pytest.fixture
def _came_back(panel: Panel) -> Iterator[None]:
    """The museum's item came back to the manager."""
    key = {"_id": ObjectId(panel.ids["item"])}
    before = get_db()["items"].find_one(key)
    assert before
    get_db()["items"].update_one(
        key, {"$set": {"entered_by": panel.actor_id("manager"), "input_status": "sent_back"}}
    )
    forget_tallies()  # written beside the gate: what the frame counted before would stand for a while
    yield
    get_db()["items"].replace_one(key, before)
    forget_tallies()


def test_a_share_is_all_only_when_it_is_all(panel: Panel) -> None:
    """300 records done and one not are 99.6 %, as on the board, and not 100 %."""
    made = [
        {"institution": "shinjuku", "accession_number": f"H-{n}", "title": "題", "input_status": "done" if n else "in_progress",
         "revision": 1}
        for n in range(301)
    ]  # fmt: skip
    there = list(get_db()["items"].find())
    get_db()["items"].delete_many({})
    try:
        get_db()["items"].insert_many(made)
        page = panel.person("staff.shinjuku").get("/admin/").text
    finally:
        get_db()["items"].delete_many({})
        get_db()["items"].insert_many(there)
    assert "99.6%" in page
    assert ">100%<" not in page
    assert ">100.0%<" not in page


def refusals() -> int:
    return len(list(get_db()["ledger"].find({"action": "refused"})))


@pytest.mark.usefixtures("_came_back")
@pytest.mark.parametrize("withheld", ["input_status", "entered_by", "status_at"])
def test_the_start_page_opens_for_a_role_from_which_a_part_of_it_is_withheld(
    panel: Panel, withheld: str
) -> None:
    """What it would have asked for itself is left out, and counts as no refusal."""
    manager, before = panel.person("manager"), refusals()
    told = manager.get("/admin/").text
    assert SENT_BACK in told
    assert RETURNED in told
    key = {"_id": ObjectId(panel.actor("manager").role.id)}
    role = get_db()["roles"].find_one(key)
    assert role
    get_db()["roles"].update_one(key, {"$set": {f"effects.item.supervised.field:{withheld}": "hide"}})
    try:
        page = manager.get("/admin/")
    finally:
        get_db()["roles"].replace_one(key, role)
    assert page.status_code == 200
    assert SENT_BACK not in page.text
    # Of a role that is not shown who entered what, or how it stands, the rail counts nothing either (law 2).
    assert (RETURNED in page.text) is (withheld == "status_at")
    assert ("資料の入力状況" in page.text) is (withheld != "input_status")
    assert refusals() == before


def test_who_audits_is_told_of_alarms_on_the_first_page_until_they_have_looked(panel: Panel) -> None:
    """2A, section 2 point 5: the alarm is delivered, not only displayed."""
    now = datetime.now(UTC)
    notice = {
        "institution": "soseki",
        "kind": "mass",
        "found_at": now,
        "ends_at": now + timedelta(days=7),
        "sent": [],
    }
    get_db()["alarm_notices"].insert_one({"_id": "test", **notice})
    get_db()["alarm_looks"].delete_many({})
    try:
        for language, said in (("ja", "確かめたい警告が1件あります。"), ("en", "Alarms to look at: 1.")):
            assert said in panel.person("auditor", language).get("/admin/").text
        for login_id in ("staff.soseki", "contractor", "auditor.kaizu"):
            assert "警告が" not in panel.person(login_id).get("/admin/").text
        auditor = panel.person("auditor")
        assert auditor.get("/audit/?until=2020-01-01T00:00").status_code == 200  # of another time
        assert "警告が1件" in auditor.get("/admin/").text
        auditor.get("/audit/")
        assert "警告が" not in auditor.get("/admin/").text
    finally:
        for name in ("alarm_notices", "alarm_looks"):
            get_db()[name].delete_many({})


def test_the_version_is_told_to_who_has_signed_in_and_to_no_stranger(panel: Panel) -> None:
    """In the account menu, in the reader's language."""
    assert f"収蔵庫 バージョン {VERSION}" in panel.person("staff.soseki").get("/admin/").text
    assert f"Shuzoko, version {VERSION}" in panel.person("staff.soseki", "en").get("/admin/").text
    assert VERSION not in Person(panel.app).get("/login").text


ROOT = Path(__file__).resolve().parents[2]
PAPERS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
WRITTEN = re.compile(r"`(/[a-z][a-z0-9_-]*(?:/[a-z0-9_.-]*)*)`")


def test_the_address_that_the_start_prints_leads_to_the_first_page(panel: Panel) -> None:
    """`make run` prints `/`: with a session and without one, and after the sign-in that it asks for."""
    person = panel.person("staff.soseki")
    assert (person.get("/").status_code, person.get("/").location) == (302, "/admin/")
    stranger = Person(panel.app)
    asked = stranger.get("/")
    assert (asked.status_code, asked.location) == (302, "/login?next=/")
    arrived = stranger.sign_in("staff.soseki", PASSWORD, next="/")
    assert arrived.status_code == 302
    assert stranger.get(arrived.location, follow_redirects=True).status_code == 200


def addresses() -> list[str]:
    """Every address of the panel that the papers at the top and docs/ write in full."""
    found = {each for paper in PAPERS for each in WRITTEN.findall(paper.read_text(encoding="utf-8"))}
    return sorted(each for each in found if not each.startswith(("/tmp", "/proc", "/file/", "/s")))  # noqa: S108 - left out


@pytest.mark.parametrize("path", addresses())
def test_an_address_that_the_documents_write_is_there(panel: Panel, path: str) -> None:
    answers = [panel.person(who).get(path, follow_redirects=True) for who in ("manager", "admin")]
    assert 404 not in {each.status_code for each in answers}


@pytest.mark.parametrize(
    "who", ["staff.shinjuku", "manager", "admin", "auditor", "librarian.kaizu", "contractor"]
)
def test_every_link_of_the_first_page_leads_somewhere(panel: Panel, who: str) -> None:
    person = panel.person(who)
    page = person.get("/admin/").text
    links = {unescape(each) for each in re.findall(r'href="(/[^"]*)"', page)}
    lost = [each for each in sorted(links) if person.get(each, follow_redirects=True).status_code != 200]
    assert not lost


def test_who_found_a_weakness_is_told_where_to_report_it(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 9116, without a sign-in; nothing where the operator declared no contact."""
    path = "/.well-known/security.txt"
    assert Person(panel.app).get(path).status_code == 404
    declared = replace(panel.app.config["SETTINGS"], security_contact="mailto:security@example.jp")
    monkeypatch.setitem(panel.app.config, "SETTINGS", declared)
    answer = Person(panel.app).get(path)
    assert answer.mimetype == "text/plain"
    assert "Contact: mailto:security@example.jp\n" in answer.text
    expires = re.search(r"^Expires: (.+)$", answer.text, re.MULTILINE)
    assert expires
    assert datetime.now(UTC) < datetime.fromisoformat(expires[1]) < datetime.now(UTC) + timedelta(days=365)
