"""A browser that an account has signed in from before has attempts of its own (S9, decision 13)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from accounts.credentials import end_access
from accounts.sessions import stamp_of
from accounts.sign_in import devices, unlocking
from accounts.sign_in.attempt import Outcome, attempt
from accounts.sign_in.devices import device_cookie
from accounts.sign_in.passwords import set_password
from policies.lockout import NAMES
from tests.accounts.attempts import (
    HOME,
    LIMIT,
    MUSEUM,
    Store,
    spend,
    staff,
    try_in,
)
from tests.world import PASSWORD, PEPPER, actor

pytestmark = pytest.mark.usefixtures("database", "cheap")


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
