"""Who is signed in, read anew for every request (law 8), and the two governments never meet."""

from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from accounts.accounts import account, circle
from tests.world import ACCOUNTS, actor

pytestmark = pytest.mark.usefixtures("database")


def id_of(database: Database[dict[str, Any]], login_id: str) -> str:
    found = database["users"].find_one({"login_id": login_id})
    assert found is not None
    return str(found["_id"])


@pytest.mark.parametrize("login_id", ACCOUNTS)
def test_every_account_acts_in_its_institution(login_id: str) -> None:
    house, kind = ACCOUNTS[login_id]
    found = actor(login_id)
    assert (found.institution, found.role.role_kind, found.login_id) == (house, kind, login_id)
    everybody = {"kaizu"} if house == "kaizu" else {"section", "shinjuku", "soseki"}
    assert found.supervised == everybody - {house}


@pytest.mark.parametrize("user", ["", "made-up", str(ObjectId()), "\0", "{'$ne': None}"])
def test_an_unknown_id_is_nobody(user: str) -> None:
    assert account(user) is None


@pytest.mark.parametrize("change", [
    {"disabled": True}, {"institution": None}, {"institution": "made-up"}, {"role": None}, {"role": ObjectId()},
    {"role": {"$ne": None}},
])  # fmt: skip
def test_a_disabled_account_and_one_without_role_or_institution_is_nobody(
    database: Database[dict[str, Any]], change: dict[str, Any]
) -> None:
    user = id_of(database, "staff.shinjuku")
    assert account(user) is not None
    database["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": change})
    assert account(user) is None


def test_an_account_is_nobody_once_its_role_or_institution_is_gone(
    database: Database[dict[str, Any]],
) -> None:
    user = id_of(database, "staff.shinjuku")
    database["roles"].update_one({"code": "staff"}, {"$set": {"institution": None}})
    assert account(user) is None
    user = id_of(database, "librarian.kaizu")
    database["institutions"].delete_one({"_id": "kaizu"})
    assert account(user) is None


def test_a_role_of_the_other_government_serves_nobody(database: Database[dict[str, Any]]) -> None:
    role = database["roles"].find_one({"code": "librarian"})
    assert role is not None
    database["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"role": role["_id"]}})
    assert account(id_of(database, "staff.shinjuku")) is None


@pytest.mark.parametrize("broken", [{"actions": "all"}, {"actions": None, "effects": None}, {"role_kind": "console"},
                                    {"role_kind": "made_up"}, {"role_kind": None}])  # fmt: skip
def test_a_malformed_role_leaves_an_account_without_grants(
    database: Database[dict[str, Any]], broken: dict[str, Any]
) -> None:
    from policies.verdict import reach

    database["roles"].update_one({"code": "staff"}, {"$set": broken})
    assert reach(actor("staff.shinjuku"), "item", "read") == frozenset()


def test_a_role_edited_in_the_store_holds_for_the_next_reading(database: Database[dict[str, Any]]) -> None:
    from policies.verdict import may

    assert may(actor("staff.shinjuku"), "item", "edit", "shinjuku")
    database["roles"].update_one({"code": "staff"}, {"$set": {"actions.item.own": ["read"]}})
    assert not may(actor("staff.shinjuku"), "item", "edit", "shinjuku")


def test_a_circle_is_one_government() -> None:
    assert set(circle("shinjuku")) == set(circle("section")) == {"section", "shinjuku", "soseki"}
    assert set(circle("kaizu")) == {"kaizu"}
    assert circle("made-up") == {}
