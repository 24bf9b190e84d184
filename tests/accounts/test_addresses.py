"""Which names a network address may fail with, and how it is unlocked (S9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from accounts.sign_in import unlocking
from accounts.sign_in.attempt import Outcome
from gate.refusals import Invalid, Refused
from policies.lockout import NAMES, NAMES_LAST
from tests.accounts.attempts import (
    HOME,
    LIMIT,
    MINUTE,
    MUSEUM,
    Store,
    later,
    real,
    staff,
    told,
    try_in,
)
from tests.world import PASSWORD, PEPPER, actor

pytestmark = pytest.mark.usefixtures("database", "cheap")


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
