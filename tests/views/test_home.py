"""The first page after signing in: it opens for every role that an administrator may make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from tests.views.panel import Panel
from views.frame import forget_tallies

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
