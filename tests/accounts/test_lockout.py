"""What is counted before a hash: attempts by account, inside and outside the allowed networks (S9)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts import lockout
from accounts.sign_in import passwords
from accounts.sign_in.attempt import Outcome
from audit.chain import SITE
from audit.drain import drain
from oversight import trail
from oversight.alarms import alarms
from policies.lockout import NAMES, Limits
from tests.accounts.attempts import (
    HOME,
    LIMIT,
    MINUTE,
    MUSEUM,
    Store,
    later,
    spend,
    told,
    try_in,
)
from tests.world import PASSWORD, PEPPER, actor

pytestmark = pytest.mark.usefixtures("database", "cheap")


def test_each_lock_of_a_day_is_longer_than_the_one_before(database: Store) -> None:
    for lasts in Limits().ladder[:3]:
        spend("manager")
        until = try_in("manager", PASSWORD).until
        assert until is not None
        assert lasts - MINUTE < until - datetime.now(UTC) <= lasts
        later(database, lasts - MINUTE)
        assert try_in("manager", PASSWORD).locked
        later(database, MINUTE)
    later(database, timedelta(hours=24))
    spend("manager")
    until = try_in("manager").until
    assert until is not None
    assert until - datetime.now(UTC) <= Limits().cool_off


def test_a_clock_set_back_by_a_day_keeps_nobody_locked_out_for_a_day(database: Store) -> None:
    """Issue 14, 5.5: ends of locks are times of the wall clock; one that no lock can have is none."""
    spend("manager")
    later(database, timedelta(days=-1))
    assert try_in("manager", PASSWORD).until is None
    later(database, timedelta(days=-1))
    spend("manager")
    until = try_in("manager").until
    assert until is not None
    assert until - datetime.now(UTC) <= Limits().cool_off


def test_an_institution_says_how_many_and_for_how_long(database: Store) -> None:
    database["institutions"].update_one({"_id": "soseki"}, {"$set": {"attempts": 3, "cool_off": 60}})
    spend("staff.soseki", limit=3)
    until = try_in("staff.soseki", PASSWORD).until
    assert until is not None
    assert 59 * MINUTE < until - datetime.now(UTC) <= 60 * MINUTE
    spend("staff.shinjuku", limit=5)


def test_unknown_names_have_limits_as_institutions_have(database: Store, hashes: list[bytes]) -> None:
    """A name that is nobody's keeps to one institution's limits, so that no limit tells that it is unknown."""
    limits = {"section": 3, "shinjuku": 4, "soseki": 6, "kaizu": 7}
    for code, most in limits.items():
        database["institutions"].update_one({"_id": code}, {"$set": {"attempts": most}})
    drawn = []
    for n in range(16):
        database["attempts"].delete_many({})
        tries = 0
        while not try_in(f"nobody{n}").locked:
            tries += 1
        drawn.append(tries)
    assert set(drawn) == set(limits.values())
    database["attempts"].delete_many({})
    spend("nobody0", limit=drawn[0])
    assert try_in("nobody0").locked


@pytest.mark.parametrize("name", ["manager", "nobody.at.all", "auditor", "contractor"])
def test_known_unknown_disabled_and_without_password_are_alike_in_every_state(
    database: Store, hashes: list[bytes], name: str
) -> None:
    """Before the limit is spent one hash and one answer; afterwards no hash and the lock, with the same end."""
    database["users"].update_one({"login_id": "auditor"}, {"$set": {"disabled": True}})
    database["users"].update_one({"login_id": "contractor"}, {"$unset": {"password_hash": ""}})
    for n in range(1, LIMIT + 1):
        assert try_in(name) == Outcome()
        assert len(hashes) == n
    for _ in range(3):
        found = try_in(name)
        assert (found.locked, found.user, found.elsewhere, found.last_lock) == (True, "", False, None)
        assert found.until is not None
        assert 14 * MINUTE < found.until - datetime.now(UTC) <= 15 * MINUTE
    assert len(hashes) == LIMIT


def test_who_is_outside_the_allowed_networks_locks_nobody_inside(
    database: Store, hashes: list[bytes]
) -> None:
    database["institutions"].update_one({"_id": "section"}, {"$set": {"networks": ["192.0.2.0/24"]}})
    for _ in range(LIMIT):
        assert try_in("manager", PASSWORD, HOME) == Outcome()  # the right password says nothing there
    assert try_in("manager", PASSWORD, HOME).locked
    assert all(each == passwords.NOBODY.encode() for each in hashes)
    assert try_in("manager", PASSWORD).user
    assert [each["detail"] for each in told(database, "outside_locked")] == [HOME]
    assert told(database, "account_locked") == []


def test_a_roles_networks_bind_beside_the_institutions(database: Store) -> None:
    database["roles"].update_one({"code": "contractor"}, {"$set": {"networks": ["192.0.2.99"]}})
    assert try_in("contractor", PASSWORD) == Outcome()
    assert try_in("contractor", PASSWORD, "192.0.2.99").user
    assert try_in("manager", PASSWORD).user
    database["institutions"].update_one({"_id": "section"}, {"$set": {"networks": ["10.0.0.0/8"]}})
    assert try_in("contractor", PASSWORD, "192.0.2.99") == Outcome(elsewhere=False)


def test_where_every_institution_has_its_list_nothing_is_tried_from_elsewhere(
    database: Store, hashes: list[bytes]
) -> None:
    database["institutions"].update_many({}, {"$set": {"networks": ["192.0.2.0/24"]}})
    for name in ("manager", "nobody", ""):
        assert try_in(name, PASSWORD, HOME) == Outcome(elsewhere=True)
    assert hashes == []
    assert database["attempts"].count_documents({}) == 0
    assert {each["detail"] for each in told(database, "network_refused")} == {HOME}
    assert try_in("manager", PASSWORD).user


@pytest.mark.parametrize("odd", ["", "unknown", "192.0.2.7:80", "x" * 5_000, "\0", "\xff"])
def test_what_is_no_address_comes_in_only_where_all_may(database: Store, odd: str) -> None:
    assert try_in("manager", PASSWORD, odd).user
    database["institutions"].update_many({}, {"$set": {"networks": ["0.0.0.0/0", "::/0"]}})
    assert try_in("manager", PASSWORD, odd) == Outcome(elsewhere=True)


def test_the_person_is_told_at_the_next_sign_in_and_once(database: Store) -> None:
    spend("manager")
    for _ in range(7):
        assert try_in("manager", PASSWORD).locked
    later(database, 15 * MINUTE)
    lock = try_in("manager", PASSWORD).last_lock
    assert lock is not None
    assert lock.wrong == LIMIT
    assert timedelta() <= datetime.now(UTC) - 15 * MINUTE - lock.at < MINUTE
    assert try_in("manager", PASSWORD).last_lock is None


def test_the_lock_is_in_the_ledger_once_and_an_alarm(database: Store) -> None:
    spend("manager")
    for _ in range(3):
        try_in("manager")
    spend("nobody")
    assert [(each["actor"], each["institution"]) for each in told(database, "account_locked")] == [
        (actor("manager").user, "section"), ("", ""),
    ]  # fmt: skip
    while drain():
        pass
    now = datetime.now(UTC)
    found = alarms(["section"], now - timedelta(hours=1), now + MINUTE)
    assert [(each.kind, each.actor, each.detail) for each in found if each.kind == "locked"] == [
        ("locked", actor("manager").user, MUSEUM)
    ]


def test_the_institutions_whose_names_were_tried_are_told_of_the_address(database: Store) -> None:
    for name in ("manager", "staff.soseki", *(f"nobody{n}" for n in range(NAMES - 2))):
        try_in(name)
    assert sorted(each["institution"] for each in told(database, "address_locked")) == [
        "",
        "section",
        "soseki",
    ]
    try_in("manager")
    assert len(told(database, "address_locked")) == 3


def test_a_spray_over_names_that_nobody_has_is_an_alarm_for_every_auditor(database: Store) -> None:
    """Nobody's names belong to no institution; that one of the tried names was somebody's is told once, by theirs."""
    for name in (f"nobody{n}" for n in range(NAMES)):
        try_in(name)
    for name in ("manager", *(f"nobody{n}" for n in range(NAMES - 1))):
        try_in(name, address=HOME)
    while drain():
        pass
    now = datetime.now(UTC)
    for auditor, houses in (("auditor", [SITE, "section"]), ("auditor.kaizu", [SITE, SITE])):
        found, _ = trail.alarms(actor(auditor), now - timedelta(hours=1), now + MINUTE)
        assert sorted(each.institution for each in found if each.kind == "spray") == houses
        assert not [each for each in found if each.institution == SITE and each.kind == "refused"]


def test_a_flood_of_refused_attempts_does_not_flood_the_ledger(database: Store) -> None:
    spend("manager")
    for _ in range(100):
        try_in("manager")
    assert len(told(database, "locked_out")) <= 60  # thirty in a minute, and the test may run over its end


def test_no_counter_tells_a_name_or_an_address(database: Store) -> None:
    spend("manager")
    spend("manager", HOME, 0)
    stored = str(list(database["attempts"].find()))
    assert not re.search(r"manager|192\.0\.2|203\.0", stored)
    assert {each["_id"] for each in database["attempts"].find({"locked": True})} == {
        lockout.counter_of("manager", PEPPER)
    }
