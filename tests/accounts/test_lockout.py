"""What is counted before a hash: names by account and by address, inside and outside the allowed networks (S9)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

import pytest
from pymongo.database import Database

from accounts import lockout
from accounts.credentials import end_access
from accounts.sessions import stamp_of
from accounts.sign_in import devices, hashing, passwords, unlocking
from accounts.sign_in.attempt import Outcome, attempt
from accounts.sign_in.devices import device_cookie
from accounts.sign_in.passwords import set_password
from audit.chain import SITE
from audit.drain import drain
from gate.refusals import Invalid, Refused
from oversight import trail
from oversight.alarms import alarms
from policies.lockout import NAMES, NAMES_LAST, Limits
from tests.world import PASSWORD, PEPPER, actor

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
LIMIT = Limits().attempts
MINUTE = timedelta(minutes=1)
MUSEUM, HOME = "192.0.2.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def cheap(hashes: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """New passwords at a lower cost, and places for all who try at once."""
    monkeypatch.setattr(passwords, "COST", 4)
    monkeypatch.setattr(hashing, "_places", BoundedSemaphore(100))
    monkeypatch.setattr(hashing, "EACH", 100)


def try_in(login_id: str, password: str = "ちがう合言葉", address: str = MUSEUM) -> Outcome:  # noqa: S107
    return attempt(login_id, password, pepper=PEPPER, address=address)


def spend(login_id: str, address: str = MUSEUM, limit: int = LIMIT) -> None:
    for _ in range(limit):
        assert try_in(login_id, address=address) == Outcome()


def later(database: Store, passed: timedelta) -> None:
    """Let time pass for all counters: what they hold is that much further back."""
    for each in database["attempts"].find():
        moved = {name: value - passed for name, value in each.items() if isinstance(value, datetime)}
        database["attempts"].update_one({"_id": each["_id"]}, {"$set": moved})


def told(database: Store, *kinds: str) -> list[dict[str, Any]]:
    return list(database["ledger"].find({"action": {"$in": kinds}}).sort("at", 1))


def staff(database: Store, many: int) -> list[str]:
    """So many more accounts of the manager's institution; their login ids."""
    like = database["users"].find_one({"login_id": "manager"}, {"_id": 0}) or {}
    names = [f"m{n}" for n in range(many)]
    database["users"].insert_many([{**like, "login_id": each, "login_key": each} for each in names])
    return names


def real(hashes: list[bytes]) -> int:
    """How many attempts were compared with somebody's hash."""
    return sum(each != passwords.NOBODY.encode() for each in hashes)


def test_names_that_nobody_has_close_no_address(database: Store, hashes: list[bytes]) -> None:
    """A NAT or an undeclared proxy is one address: one person behind it could lock it for everybody."""
    for n in range(3 * NAMES):
        assert try_in(f"nobody{n}") == Outcome()
    assert len(hashes) == 3 * NAMES
    assert try_in("manager", PASSWORD).user
    assert [each["institution"] for each in told(database, "address_locked")] == [""]


def test_an_address_may_fail_with_so_many_names_of_an_institution(
    database: Store, hashes: list[bytes]
) -> None:
    """What follows is answered as a wrong password is, and compared with nobody's hash."""
    for each in staff(database, NAMES):
        assert try_in(each) == Outcome()
    assert real(hashes) == NAMES
    assert try_in("manager", PASSWORD) == Outcome()
    assert try_in("one.more") == Outcome()
    assert real(hashes) == NAMES
    assert len(hashes) == NAMES + 2
    assert try_in("m3", PASSWORD).user  # a name that is counted already may go on to its own limit
    assert try_in("manager", PASSWORD).user  # and left room for another
    assert try_in("staff.soseki", PASSWORD).user  # of another institution nothing is spent
    assert {each["institution"] for each in told(database, "address_locked")} == {"section"}


@pytest.mark.parametrize("spent", [False, True])
def test_of_an_address_that_spent_its_names_nothing_tells_which_names_there_are(
    database: Store, hashes: list[bytes], spent: bool
) -> None:
    for each in staff(database, NAMES) if spent else []:
        try_in(each)
    said: dict[str, list[tuple[bool, str, int]]] = {"manager": [], "nobody.at.all": []}
    for name, answers in said.items():
        for _ in range(LIMIT + 1):
            before, found = len(hashes), try_in(name)
            answers.append((found.locked, found.user, len(hashes) - before))
    assert said["manager"] == said["nobody.at.all"] == [(False, "", 1)] * LIMIT + [(True, "", 0)]


def test_the_names_of_an_address_are_counted_exactly_under_forty_threads(
    database: Store, hashes: list[bytes]
) -> None:
    names = staff(database, 3 * NAMES)
    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(lambda n: try_in(names[n % len(names)]), range(2 * len(names))))
    assert outcomes == [Outcome()] * 2 * len(names)
    assert len(hashes) == 2 * len(names)
    assert real(hashes) == 2 * NAMES


def test_an_operator_lets_an_address_try_again(database: Store) -> None:
    for each in (*staff(database, NAMES), "staff.soseki"):
        try_in(each)
    user, admin = actor("manager").user, replace(actor("admin"), address=MUSEUM)
    assert unlocking.held_up(admin, user, pepper=PEPPER)
    assert try_in("manager", PASSWORD) == Outcome()
    for who in ("staff.soseki", "auditor", "contractor"):
        with pytest.raises(Refused):
            unlocking.release(actor(who), user, MUSEUM, pepper=PEPPER)
    with pytest.raises(Invalid):
        unlocking.release(admin, user, "the front desk", pepper=PEPPER)
    assert not unlocking.release(admin, actor("staff.soseki").user, MUSEUM, pepper=PEPPER)
    assert try_in("manager", PASSWORD) == Outcome()  # that was another institution's list
    assert unlocking.release(admin, user, f" {MUSEUM} ", pepper=PEPPER)
    assert not unlocking.held_up(admin, user, pepper=PEPPER)
    assert try_in("manager", PASSWORD).user
    [*_, noted] = told(database, "address_unlocked")
    assert (noted["actor"], noted["institution"], noted["detail"]) == (admin.user, "section", MUSEUM)


def test_the_console_lets_an_address_try_names_of_every_institution(database: Store) -> None:
    for each in staff(database, NAMES):
        try_in(each)
    assert not unlocking.release_everywhere(HOME, pepper=PEPPER)
    assert unlocking.release_everywhere(MUSEUM, pepper=PEPPER)
    assert try_in("manager", PASSWORD).user
    assert {each["institution"] for each in told(database, "address_unlocked")} == {
        "section", "shinjuku", "soseki", "kaizu",
    }  # fmt: skip


def test_a_museum_behind_one_address_signs_in_all_day(database: Store) -> None:
    for each in staff(database, 2 * NAMES):
        assert not try_in(each).user
        assert try_in(each, PASSWORD).user


def test_an_address_is_forgiven_after_its_time(database: Store) -> None:
    for each in staff(database, NAMES):
        try_in(each)
    assert not try_in("manager", PASSWORD).user
    later(database, NAMES_LAST - MINUTE)
    assert not try_in("manager", PASSWORD).user
    later(database, MINUTE)
    assert try_in("manager", PASSWORD).user


def test_one_household_of_ipv6_is_one_address(database: Store) -> None:
    for n, each in enumerate(staff(database, NAMES)):
        try_in(each, address=f"2001:db8::{n:x}")
    assert not try_in("manager", PASSWORD, "2001:db8::ffff").user
    assert try_in("manager", PASSWORD, "2001:db8:0:1::1").user


def known(login_id: str = "manager", cookie: str = "") -> str:
    """The cookie of a browser that this account has signed in from."""
    user = actor(login_id).user
    return device_cookie(cookie, user, stamp_of(user), PEPPER)


def try_at(cookie: str, password: str, login_id: str = "manager", address: str = MUSEUM) -> Outcome:
    return attempt(login_id, password, pepper=PEPPER, address=address, device=cookie)


def test_a_known_device_passes_while_strangers_hold_the_lock_and_earns_them_nothing(
    database: Store, hashes: list[bytes]
) -> None:
    cookie = known()
    spend("manager", HOME)
    for each in staff(database, NAMES):  # and its address is held up as well
        try_in(each)
    assert try_in("manager", PASSWORD).locked
    found = try_at(cookie, PASSWORD)
    assert found.user == actor("manager").user
    assert found.last_lock is not None
    assert found.last_lock.wrong == LIMIT
    assert try_at(cookie, PASSWORD).last_lock is None
    assert try_in("manager", PASSWORD).locked  # for strangers it stays
    assert try_in("manager", PASSWORD, HOME).locked


def test_a_known_device_has_its_own_attempts_exactly_under_forty_threads(
    database: Store, hashes: list[bytes]
) -> None:
    cookie = known()
    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(lambda _: try_at(cookie, "ちがう合言葉"), range(80)))
    assert len(hashes) == LIMIT
    assert sum(each.locked for each in outcomes) == 80 - LIMIT
    assert try_at(cookie, PASSWORD).locked
    assert try_in("manager", PASSWORD).user  # it spends nobody's but its own
    admin, user = actor("admin"), actor("manager").user
    assert unlocking.lock_of(admin, user, pepper=PEPPER) is not None
    unlocking.unlock(admin, user, pepper=PEPPER)
    assert unlocking.lock_of(admin, user, pepper=PEPPER) is None
    assert try_at(cookie, PASSWORD).user


def test_a_device_is_known_to_its_own_account_and_until_its_sessions_end(database: Store) -> None:
    both = known("staff.soseki", known())
    assert len(both) < 200
    assert try_at(known("staff.soseki", both), PASSWORD).user  # a shared desk: each account stays known
    for name in ("manager", "staff.soseki", "auditor"):
        spend(name, HOME)
    assert try_at(both, PASSWORD).user
    assert try_at(both, PASSWORD, "staff.soseki").user
    assert try_at(both, PASSWORD, "auditor").locked
    end_access(actor("manager").user, by="", institution="section")
    assert try_at(both, PASSWORD).locked
    assert try_at(both, PASSWORD, "staff.soseki").user
    set_password(actor("staff.soseki").user, "あたらしい合言葉は十五字より長い", pepper=PEPPER)
    assert try_at(both, "あたらしい合言葉は十五字より長い", "staff.soseki").locked


def test_no_cookie_that_was_not_given_makes_a_device_known(
    database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = known()
    id_, entry = cookie.split(".")
    day, mac = entry.split("~")
    spend("manager", HOME)
    forged = [
        "", "x", id_, f"{'A' * 22}.{entry}", f"{id_}.{int(day) + 1}~{mac}", f"{id_}.{day}~{'A' * 22}", f"{cookie}.",
        f"{id_}.{day}~{mac[:-1]}", cookie * 9, f"{id_}.９~{mac}", "\ud800", f"{cookie}\n",
    ]  # fmt: skip
    for each in forged:
        assert try_at(each, PASSWORD).locked, each
        assert device_cookie(each, "x", "", PEPPER)  # and whatever it is, the next one is whole
    assert try_at(cookie, PASSWORD).user
    assert attempt("manager", PASSWORD, pepper=b"another", address="", device=cookie).locked is False
    monkeypatch.setattr(devices, "LASTS", timedelta(days=-2))
    assert try_at(cookie, PASSWORD).locked  # its time is over


def test_a_known_device_is_nothing_outside_the_allowed_networks(database: Store) -> None:
    cookie = known()
    database["institutions"].update_one({"_id": "section"}, {"$set": {"networks": ["192.0.2.0/24"]}})
    assert try_at(cookie, PASSWORD, address=HOME) == Outcome()
    assert try_at(cookie, PASSWORD).user


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
