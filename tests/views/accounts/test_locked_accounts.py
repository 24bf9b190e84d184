"""Who may lift a lock: administrators, and managers where the institution allows it; an account without a password says so."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from accounts.sign_in.passwords import hashed
from policies.lockout import Limits
from tests.views.panel import Panel, Person
from tests.world import PASSWORD, PEPPER

LIMIT = Limits().attempts
NAME = "staff.shinjuku"


@pytest.fixture
def _locked(panel: Panel) -> None:
    get_db()["attempts"].delete_many({})
    for n in range(LIMIT):
        assert Person(panel.app).sign_in(NAME, f"ちがう {n}").status_code == 401


@pytest.fixture
def _allowed(panel: Panel) -> object:
    get_db()["institutions"].update_one({"_id": "shinjuku"}, {"$set": {"managers_unlock": True}})
    yield None
    get_db()["institutions"].update_one({"_id": "shinjuku"}, {"$unset": {"managers_unlock": ""}})


def unlock(person: Person, user: str) -> int:
    return int(person.post("/locked-accounts/unlock", {"id": user}).status_code)


@pytest.mark.usefixtures("_locked")
def test_a_manager_unlocks_nobody_where_the_institution_does_not_allow_it(panel: Panel) -> None:
    manager, user = panel.person("manager"), panel.actor_id(NAME)
    page = manager.get("/locked-accounts/").text
    assert "ロックを解けるのはシステム管理者だけです" in page
    assert NAME not in page
    assert unlock(manager, user) == 404
    assert Person(panel.app).sign_in(NAME, PASSWORD).status_code == 429


@pytest.mark.usefixtures("_locked", "_allowed")
def test_a_manager_unlocks_where_the_institution_allows_it(panel: Panel) -> None:
    """2A 4.10: said on the first page, done in one step, and told to the ledger."""
    manager, user = panel.person("manager"), panel.actor_id(NAME)
    assert "ロックされたアカウントが1件あります" in manager.get("/admin/").text
    assert NAME in manager.get("/locked-accounts/").text
    for login in ("staff.soseki", "auditor", "contractor", "librarian.kaizu", "admin.kaizu"):
        assert NAME not in panel.person(login).get("/locked-accounts/").text
        assert unlock(panel.person(login), user) == 404
    for other in (panel.actor_id("staff.soseki"), panel.actor_id("librarian.kaizu"), "x", "0" * 24):
        assert unlock(manager, other) == 404
    assert unlock(manager, user) == 302
    assert Person(panel.app).sign_in(NAME, PASSWORD).status_code == 302
    told = get_db()["ledger"].find_one({"action": "unlocked", "detail": user}, sort=[("_id", -1)])
    assert told is not None
    assert told["institution"] == "shinjuku"


def test_an_account_without_a_password_says_so(panel: Panel) -> None:
    """2A 4.10: to who operates accounts, until its person has chosen one."""
    said = "パスワードがまだありません"
    user = panel.actor_id("staff.soseki")
    admin, address = panel.person("admin"), f"/admin/user/details/?id={user}"
    assert said not in admin.get(address).text
    get_db()["users"].update_one({"login_id": "staff.soseki"}, {"$unset": {"password_hash": ""}})
    try:
        assert said in admin.get(address).text
        assert said not in panel.person("auditor").get(address).text
    finally:
        get_db()["users"].update_one(
            {"login_id": "staff.soseki"}, {"$set": {"password_hash": hashed(PASSWORD, PEPPER, cost=4)}}
        )
