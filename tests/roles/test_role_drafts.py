"""What a role asks of its people is drafted, saved and restored with what it gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from gate.refusals import Invalid
from gate.writing.writing import patch
from models.registry import NOUNS
from policies.actor import Actor
from roles.drafts import (
    DraftChanged,
    apply_draft,
    draft_of,
    drop_draft,
    keep_draft,
    restore,
    versions,
)
from roles.grant_changes import changes
from roles.grants import Grants, grants_of, save_grants
from tests.world import actor

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
OFFICE = ["192.0.2.0/24"]


def role(database: Store, code: str) -> str:
    found = database["roles"].find_one({"code": code, "institution": "section"})
    assert found is not None
    return str(found["_id"])


def stored(database: Store, code: str) -> dict[str, Any]:
    return database["roles"].find_one({"code": code, "institution": "section"}) or {}


def admin(address: str = "192.0.2.7") -> Actor:
    return replace(actor("admin"), address=address)


def asked(grants: Grants, **more: Any) -> Grants:
    return replace(grants, **more)


def test_a_draft_holds_the_networks_and_the_second_factor(database: Store) -> None:
    staff = role(database, "staff")
    _, now = grants_of(admin(), staff)
    keep_draft(admin(), staff, 1, asked(now, second_factor="required", networks=["192.0.2.0/255.255.255.0"]))
    draft = draft_of(admin(), staff)
    assert draft is not None
    said = {
        each.subject[1]: (each.before[1], each.after[1], each.gains) for each in changes(now, draft.grants)
    }
    assert said["Second factor (code)"] == ("Not asked for", "Required", False)
    assert said["Allowed networks"][0] == "not limited"
    assert "networks" not in stored(database, "staff")
    assert apply_draft(admin(), staff, draft.digest) == 2
    assert (stored(database, "staff")["second_factor"], stored(database, "staff")["networks"]) == (
        "required",
        OFFICE,
    )


def test_a_draft_of_before_leaves_both_as_they_stand(database: Store) -> None:
    staff = role(database, "staff")
    patch(admin(), NOUNS["role"], staff, 1, {"networks": OFFICE})
    _, now = grants_of(admin(), staff)
    keep_draft(admin(), staff, 2, now)
    database["role_drafts"].update_many({}, {"$unset": {"networks": "", "second_factor": ""}})
    draft = draft_of(admin(), staff)
    assert draft is not None
    assert draft.grants == now


def test_a_version_brings_both_back(database: Store) -> None:
    staff = role(database, "staff")
    _, first = grants_of(admin(), staff)
    save_grants(admin(), staff, 1, asked(first, networks=OFFICE, second_factor="required"))
    save_grants(admin(), staff, 2, asked(first, networks=["198.51.100.7"]))
    assert [(each.revision, each.grants.networks, each.grants.second_factor) for each in versions(admin(), staff)] == [
        (2, OFFICE, "required"), (1, [], "none"),
    ]  # fmt: skip
    assert restore(admin(), staff, 2, 3) == 4
    assert (stored(database, "staff")["networks"], stored(database, "staff")["second_factor"]) == (
        OFFICE,
        "required",
    )
    assert restore(admin(), staff, 1, 4) == 5
    assert "networks" not in stored(database, "staff")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"networks": ["198.51.100.0/24"]}, "networks"),
        ({"networks": ["everywhere"]}, "networks"),
        ({"second_factor": "none"}, "second_factor"),
        ({"second_factor": "sometimes"}, "second_factor"),
    ],
)
def test_nobody_shuts_themselves_out_or_lowers_what_is_asked_of_them(
    database: Store, more: dict[str, Any], wrong: str
) -> None:
    """Nor by a draft, nor by bringing back a version of before."""
    own = role(database, "administrator")
    database["roles"].update_one({"code": "administrator"}, {"$set": {"second_factor": "required"}})
    _, now = grants_of(admin(), own)
    for save in (save_grants, keep_draft):
        with pytest.raises(Invalid) as error:
            save(admin(), own, 1, asked(now, **more))
        assert set(error.value.errors) == {wrong}


def test_no_version_is_brought_back_that_shuts_its_restorer_out(database: Store) -> None:
    own = role(database, "administrator")
    elsewhere = admin("198.51.100.7")
    _, now = grants_of(elsewhere, own)
    save_grants(elsewhere, own, 1, asked(now, networks=["198.51.100.7"]))
    save_grants(elsewhere, own, 2, now)
    with pytest.raises(Invalid):
        restore(admin(), own, 2, 3)
    assert restore(elsewhere, own, 2, 3) == 4


def second_admin(database: Store) -> Actor:
    """Another administrator of the section."""
    found = database["users"].find_one({"login_id": "admin"}) or {}
    more = {"login_id": "admin.two", "login_key": "admin.two", "display_name": "二人目の管理者"}
    database["users"].insert_one({**{k: v for k, v in found.items() if k != "_id"}, **more})
    return replace(actor("admin.two"), address="192.0.2.7")


def test_only_the_draft_that_was_previewed_is_put_in_force(database: Store) -> None:
    """The finding of 2A, 2.11: another administrator's draft was applied in the place of the previewed one."""
    staff, other = role(database, "staff"), second_admin(database)
    _, now = grants_of(admin(), staff)
    keep_draft(admin(), staff, 1, asked(now, networks=OFFICE))
    seen = draft_of(admin(), staff)
    assert seen is not None
    assert keep_draft(other, staff, 1, asked(now, networks=["198.51.100.7"])) == "adminの人"
    for act in (apply_draft, drop_draft):
        with pytest.raises(DraftChanged) as told:
            act(admin(), staff, seen.digest)
        assert told.value.now.grants.networks == ["198.51.100.7"]
        assert told.value.now.by == "二人目の管理者"
        assert told.value.previewed == seen.grants
    assert "networks" not in stored(database, "staff")
    stands = draft_of(admin(), staff)
    assert stands is not None
    assert apply_draft(admin(), staff, stands.digest) == 2
    assert stored(database, "staff")["networks"] == ["198.51.100.7"]


def test_a_draft_of_the_same_grants_is_the_same_draft(database: Store) -> None:
    staff = role(database, "staff")
    _, now = grants_of(admin(), staff)
    keep_draft(admin(), staff, 1, asked(now, networks=OFFICE))
    seen = draft_of(admin(), staff)
    assert seen is not None
    keep_draft(second_admin(database), staff, 1, asked(now, networks=OFFICE))
    assert apply_draft(admin(), staff, seen.digest) == 2


@pytest.mark.parametrize("digest", ["", "0" * 64, "zz"])
def test_without_the_digest_of_a_draft_nothing_is_applied_or_dropped(database: Store, digest: str) -> None:
    staff = role(database, "staff")
    _, now = grants_of(admin(), staff)
    keep_draft(admin(), staff, 1, asked(now, networks=OFFICE))
    for act in (apply_draft, drop_draft):
        with pytest.raises(DraftChanged):
            act(admin(), staff, digest)
    assert draft_of(admin(), staff) is not None
