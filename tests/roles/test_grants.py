"""Administrators edit roles within the ceilings; a role beyond one cannot be saved (design, "The policy model")."""

from typing import Any

import pytest
from pymongo.database import Database

from gate.refusals import Conflict, Invalid, NotFound, Refused
from policies.effects import Effect
from policies.verdict import may
from roles.grants import (
    Grants,
    beyond_ceilings,
    ceiling_of_action,
    ceiling_of_class,
    grants_of,
    in_plain_words,
    save_grants,
)
from roles.starting_roles import CITY_ROLES, WARD_ROLES, StartingRole
from tests.world import actor

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
READS: dict[str, dict[str, list[str]]] = {"item": {"own": ["read"]}}


def role(database: Store, code: str) -> str:
    found = database["roles"].find_one({"code": code, "institution": {"$in": ["section", "kaizu"]}})
    assert found is not None
    return str(found["_id"])


@pytest.mark.parametrize("starting", [*WARD_ROLES, *CITY_ROLES], ids=lambda each: each.code)
def test_every_starting_role_keeps_below_the_ceilings(starting: StartingRole) -> None:
    assert beyond_ceilings(starting.kind, starting.actions, starting.effects) == {}
    assert in_plain_words(starting.actions, starting.effects)


def test_an_edited_role_holds_for_the_next_reading_and_has_a_history(database: Store) -> None:
    assert may(actor("staff.shinjuku"), "item", "edit", "shinjuku")
    assert save_grants(actor("admin"), role(database, "staff"), 1, Grants(READS, {})) == 2
    assert not may(actor("staff.shinjuku"), "item", "edit", "shinjuku")
    stored = database["roles"].find_one({"code": "staff"})
    assert stored is not None
    assert stored["outbox"][-1]["fields"] == ["actions", "effects"]
    assert grants_of(actor("admin"), role(database, "staff"))[1].actions == READS


BEYOND = [
    ("contractor", {"item": {"own": ["read", "export"]}}, {}, {"a.item.own.export"}),
    ("contractor", {}, {"donor": {"own": {"identity": "mask"}}}, {"e.donor.own.identity"}),
    ("contractor", {}, {"donor": {"own": {"field:name": "show"}}}, {"e.donor.own.field:name"}),
    ("contractor", {}, {"item": {"own": {"restricted": "show"}}}, {"e.item.own.restricted"}),
    ("staff", {"item": {"supervised": ["read", "edit"]}}, {}, {"a.item.supervised.edit"}),
    ("staff", {"patron": {"own": ["read"]}}, {}, {"a.patron.own.read"}),
    ("staff", {"user": {"own": ["edit"]}}, {}, {"a.user.own.edit"}),
    ("staff", {}, {"donor": {"supervised": {"contact": "show"}}}, {"e.donor.supervised.contact"}),
    ("staff", {}, {"user": {"own": {"secret": "show"}}}, {"e.user.own.secret"}),
    ("staff", {}, {"user": {"own": {"field:password_hash": "show"}}}, {"e.user.own.field:password_hash"}),
    ("auditor", {"item": {"own": ["read", "remove"]}}, {}, {"a.item.own.remove"}),
    ("auditor", {}, {"item": {"own": {"public": "edit"}}}, {"e.item.own.public"}),
    ("manager", {"patron": {"own": ["read"]}}, {}, {"a.patron.own.read"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "actions", "effects", "keys"), BEYOND)
def test_a_role_beyond_a_ceiling_cannot_be_saved(
    database: Store, code: str, actions: Any, effects: Any, keys: set[str]
) -> None:
    before = database["roles"].find_one({"code": code})
    with pytest.raises(Invalid) as error:
        save_grants(actor("admin"), role(database, code), 1, Grants(actions, effects))
    assert set(error.value.errors) == keys
    assert all(all(words) for words in error.value.errors.values())
    assert database["roles"].find_one({"code": code}) == before


@pytest.mark.parametrize(("actions", "effects"), [
    ({"made_up": {"own": ["read"]}}, {}),
    ({"item": {"all": ["read"]}}, {}),
    ({"item": {"own": ["made_up"]}}, {}),
    ({"item": {"own": "read"}}, {}),
    ({}, {"made_up": {"own": {"public": "show"}}}),
    ({}, {"item": {"other": {"public": "show"}}}),
    ({}, {"item": {"own": {"made_up": "show"}}}),
    ({}, {"item": {"own": {"title": "show"}}}),
    ({}, {"item": {"own": {"field:made_up": "show"}}}),
    ({}, {"item": {"own": {"public": "everything"}}}),
])  # fmt: skip
def test_unknown_names_cannot_be_granted(database: Store, actions: Any, effects: Any) -> None:
    with pytest.raises(Invalid) as error:
        save_grants(actor("admin"), role(database, "staff"), 1, Grants(actions, effects))
    assert set(error.value.errors) == {""}


@pytest.mark.parametrize("who", ["manager", "staff.shinjuku", "auditor", "contractor"])
def test_only_administrators_edit_grants(database: Store, who: str) -> None:
    with pytest.raises(Refused):
        save_grants(actor(who), role(database, "staff"), 1, Grants(READS, {}))


def test_grants_are_fields_like_any_other(database: Store) -> None:
    database["roles"].update_one({"code": "administrator", "institution": "section"},
                                 {"$set": {"effects.role.own.internal": "show"}})  # fmt: skip
    with pytest.raises(Refused):
        save_grants(actor("admin"), role(database, "staff"), 1, Grants(READS, {}))


def test_the_other_governments_roles_are_not_found(database: Store) -> None:
    with pytest.raises(NotFound):
        save_grants(actor("admin"), role(database, "librarian"), 1, Grants(READS, {}))


def test_two_administrators_do_not_overwrite_each_other(database: Store) -> None:
    save_grants(actor("admin"), role(database, "staff"), 1, Grants(READS, {}))
    with pytest.raises(Conflict):
        save_grants(
            actor("admin"), role(database, "staff"), 1, Grants({"item": {"own": ["read", "edit"]}}, {})
        )


def test_a_ceiling_says_why() -> None:
    assert ceiling_of_action("staff", "item", "edit", "own") is None
    assert "S14" in (ceiling_of_action("contractor", "item", "export", "own") or ("",))[0]
    assert ceiling_of_class("staff", "donor", "identity", "own")[0] is Effect.EDIT
    most, reason = ceiling_of_class("staff", "donor", "identity", "supervised")
    assert most is Effect.MASK
    assert all(reason)
    assert ceiling_of_class("contractor", "donor", "identity", "own")[0] is Effect.HIDE
