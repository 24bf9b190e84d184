"""Nobody raises their own rights, no government loses its last administrator, and only who edits roles tries one on."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from accounts.accounts import account
from gate.refusals import Invalid
from gate.writing.writing import patch, remove
from models.registry import NOUNS
from tests.proofs.conftest import House
from tests.proofs.knowing import acting
from tests.proofs.stage import Stage
from tests.world import approve_accounts

USER = NOUNS["user"]


@pytest.fixture
def stage(house: House) -> Stage:
    """The stage, with the two administrators of the governments on the lists that keep them."""
    found, database = house.set_stage("rights"), get_db()
    for login_id, top in (("admin", "section"), ("admin.kaizu", "kaizu")):
        database["institutions"].update_one(
            {"_id": top}, {"$set": {"administrators": [acting(login_id).user]}}
        )
    return found


def role(stage: Stage, code: str) -> str:
    """The id of a role of the ward."""
    return next(str(each["_id"]) for each in stage.documents["roles"] if each["code"] == code)


@pytest.mark.parametrize("changes", [{"role": "manager"}, {"disabled": "true"}])
def test_an_administrator_changes_no_right_of_their_own(stage: Stage, changes: dict[str, str]) -> None:
    get_db()["institutions"].update_one({"_id": "section"}, {"$push": {"administrators": "another"}})
    admin = acting("admin")
    given = {name: role(stage, value) if name == "role" else value for name, value in changes.items()}
    with pytest.raises(Invalid):
        patch(admin, USER, admin.user, 2, given)
    assert acting("admin").role.role_kind == "administrator"


def test_the_last_administrator_stays(stage: Stage) -> None:
    second = get_db()["users"].find_one({"login_id": "staff.shinjuku"}) or {}
    get_db()["users"].update_one({"_id": second["_id"]}, {"$set": {"role": next(
        each["_id"] for each in stage.documents["roles"] if each["code"] == "administrator" and each["institution"] == "section"
    )}})  # fmt: skip
    approve_accounts(get_db())
    # Not on the list yet: to the list, the first is the last one.
    other = acting("staff.shinjuku")
    first = acting("admin").user
    with pytest.raises(Invalid):
        patch(other, USER, first, 2, {"role": role(stage, "auditor")})
    with pytest.raises(Invalid):
        remove(other, USER, first, 2, "試し")
    assert acting("admin").role.role_kind == "administrator"


@pytest.mark.parametrize("login_id", ["staff.shinjuku", "auditor", "contractor", "manager"])
def test_only_who_edits_roles_tries_one_on(stage: Stage, login_id: str) -> None:
    found = account(acting(login_id).user, role(stage, "reader"), "127.0.0.1")
    assert found is not None
    assert found.actor.behind is None
    assert found.actor.role.id == acting(login_id).role.id


def test_who_edits_roles_does_try_one_on(stage: Stage) -> None:
    found = account(acting("admin").user, role(stage, "reader"))
    assert found is not None
    assert found.actor.behind is not None
