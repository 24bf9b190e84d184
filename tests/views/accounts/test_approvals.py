"""No administrator reaches personal data alone (2A, 2.3; S8): a second person approves accounts and reset links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from mongoengine.connection import get_db

from accounts.accounts import standing
from accounts.approving import approve_at_console
from audit.drain import drain
from audit.sealer import seal
from oversight.alarms import alarms
from tests.views.panel import Panel, Person
from tests.world import approve_accounts

FRESH = "わたしだけが知る十五字の言葉です"
WAITS = "承認を待っています"


@pytest.fixture(autouse=True)
def _as_before(panel: Panel) -> Iterator[None]:
    before = list(get_db()["users"].find({}))
    yield
    get_db()["users"].delete_many({"_id": {"$nin": [each["_id"] for each in before]}})
    for each in before:
        get_db()["users"].replace_one({"_id": each["_id"]}, each)
    get_db()["resets"].delete_many({})


def make_account(panel: Panel, login_id: str, role: str, institution: str = "shinjuku") -> str:
    """An account that `admin` makes on screen; its id."""
    key = next(each["_id"] for each in get_db()["roles"].find({"code": role, "institution": "section"}))
    values = {"login_id": login_id, "display_name": "新しい人", "role": str(key), "institution": institution}
    answer = panel.person("admin").post("/admin/user/new/", values)
    assert answer.status_code == 302, answer.text
    return panel.actor_id(login_id)


def link_of(person: Person, user: str) -> str:
    """The path of a reset link that this person makes for an account."""
    page = person.post(f"/admin/user/reset/?id={user}").text
    found = re.search(r"(/reset/[a-z2-9-]+)", re.sub(r"<(?:wbr|span)>", "", unescape(page)))
    assert found, page
    return found[1]


def approve(panel: Panel, login_id: str, user: str) -> int:
    """What a person is answered who approves an account."""
    return panel.person(login_id).post("/account-approvals/approve", {"id": user}).status_code


def opens(panel: Panel, link: str) -> bool:
    """Whether a link lets its holder choose a password."""
    return Person(panel.app).get(link).status_code == 200


@pytest.mark.parametrize(("role", "institution"), [
    ("staff", "shinjuku"), ("manager", "section"), ("administrator", "section"), ("auditor", "section"),
])  # fmt: skip
def test_an_account_that_an_administrator_made_acts_once_a_manager_approved_it(
    panel: Panel, role: str, institution: str
) -> None:
    user = make_account(panel, "made.alone", role, institution)
    link = link_of(panel.person("admin"), user)
    for way in (Person(panel.app).get(link), Person(panel.app).post(link, {"new": FRESH, "again": FRESH})):
        assert way.status_code == 403
        assert WAITS in way.text
    assert standing(user) is None
    assert approve(panel, "admin", user) == 403  # who made it
    page = panel.person("manager").get("/account-approvals/").text
    assert "made.alone" in page
    assert "承認を待つアカウントが1件" in panel.person("manager").get("/admin/").text
    assert "承認を待つアカウント" not in panel.person("admin").get("/admin/").text  # nothing that they can do
    assert approve(panel, "manager", user) == 302
    assert opens(panel, link)
    assert Person(panel.app).post(link, {"new": FRESH, "again": FRESH}).status_code == 302
    assert Person(panel.app).sign_in("made.alone", FRESH).status_code == 302
    acts = [each["action"] for each in (panel.stored("user", user) or {})["outbox"]]
    assert "approve_account" in acts


def test_a_role_that_reaches_no_personal_data_needs_no_approval(panel: Panel) -> None:
    user = make_account(panel, "no.personal", "contractor", "section")
    assert opens(panel, link_of(panel.person("admin"), user))


def test_a_changed_role_or_institution_is_approved_again(panel: Panel) -> None:
    user = panel.actor_id("contractor")
    stored = panel.stored("user", user) or {}
    staff = next(each["_id"] for each in get_db()["roles"].find({"code": "staff", "institution": "section"}))
    form = panel.person("admin").form(f"/admin/user/edit/?id={user}")
    form["role"] = str(staff)
    assert panel.person("admin").post(f"/admin/user/edit/?id={user}", form).status_code == 302
    assert stored["role"] != (panel.stored("user", user) or {})["role"]
    assert standing(user) is None
    assert approve(panel, "admin", user) == 403
    assert approve(panel, "manager", user) == 302
    assert standing(user) is not None


def test_a_reset_of_another_persons_account_waits_while_its_sessions_go_on(panel: Panel) -> None:
    before = panel.person("staff.soseki")
    user = panel.actor_id("staff.soseki")
    link = link_of(panel.person("admin"), user)
    assert not opens(panel, link)
    assert before.get("/admin/item/").status_code == 200
    for login_id in ("admin", "staff.soseki", "auditor", "contractor", "admin.kaizu", "librarian.kaizu"):
        assert approve(panel, login_id, user) in (403, 404), login_id
        assert not opens(panel, link)
    assert approve(panel, "manager", user) == 302
    assert opens(panel, link)


def test_a_manager_who_is_tried_on_approves_nothing(panel: Panel) -> None:
    user = panel.actor_id("staff.soseki")
    link = link_of(panel.person("admin"), user)
    admin = panel.person("admin")
    manager = next(
        each["_id"] for each in get_db()["roles"].find({"code": "manager", "institution": "section"})
    )
    admin.post("/view-as", {"role": str(manager)})
    assert admin.post("/account-approvals/approve", {"id": user}).status_code == 403
    assert not opens(panel, link)


def test_who_was_made_by_an_administrator_does_not_approve_before_they_are_approved(panel: Panel) -> None:
    second = make_account(panel, "second.admin", "administrator", "section")
    third = make_account(panel, "third.staff", "staff")
    # Nobody has approved the second: not even a session that was begun in its name acts.
    assert standing(second) is None
    assert approve(panel, "manager", second) == 302
    assert approve(panel, "second.admin", third) == 302
    assert standing(third) is not None


def test_at_the_console_an_approval_waits_a_day_and_raises_an_alarm(panel: Panel) -> None:
    user = make_account(panel, "alone.in.town", "staff")
    from_ = approve_at_console(user)
    assert timedelta(hours=23) < from_ - datetime.now(UTC) <= timedelta(hours=24)
    assert approve_at_console(user) == from_  # a repetition does not begin once more
    assert standing(user) is None
    page = panel.person("manager").get("/account-approvals/").text
    assert "操作卓で承認済み" in page
    earlier = {"$set": {"approval.from_": datetime.now(UTC) - timedelta(seconds=1)}}
    get_db()["users"].update_one({"login_id": "alone.in.town"}, earlier)
    assert standing(user) is not None
    while seal() + drain():
        pass
    found = alarms(
        ["shinjuku"], datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1)
    )
    assert user in {each.detail for each in found if each.kind == "console"}


def test_before_the_first_record_accounts_act_at_once_and_stay_approved(panel: Panel) -> None:
    user = make_account(panel, "first.days", "staff")
    names = ("items", "donors", "media", "patrons", "books", "loans", "exhibitions", "work_requests", "takeouts",
             "handlers", "trainings")  # fmt: skip
    kept = {name: list(get_db()[name].find({})) for name in names}
    try:
        for name in names:
            get_db()[name].delete_many({})
        assert standing(user) is not None
    finally:
        for name, documents in kept.items():
            if documents:
                get_db()[name].insert_many(documents)
    assert standing(user) is not None
    approve_accounts(get_db())
