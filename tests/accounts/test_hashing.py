"""Few hashes at a time, and who comes beyond them is told so (S8)."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from pymongo.database import Database

from accounts.sessions import stamp_of
from accounts.sign_in import hashing
from accounts.sign_in.attempt import attempt, confirm
from accounts.sign_in.devices import device_cookie
from accounts.sign_in.hashing import EACH, PLACES, in_turn, place
from accounts.sign_in.passwords import set_password
from gate.refusals import Busy
from tests.world import PASSWORD, PEPPER, actor

Store = Database[dict[str, Any]]


def test_one_hash_is_computed_at_a_time() -> None:
    at_once, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        bcrypt.hashpw(b"x", bcrypt.gensalt(4))
        with lock:
            at_once -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: in_turn(work), range(40)))
    assert most == 1


def test_the_turns_lie_where_nobody_else_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock in a folder for all could be held by any account of the machine, and nobody would sign in."""
    monkeypatch.setattr(hashing, "_slots", None)
    hashing.keep_slots_in(tmp_path / "turns")
    assert in_turn(lambda: 7) == 7
    assert (tmp_path / "turns").stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "turns").iterdir())


def test_a_process_that_holds_a_turn_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_slots", None)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    hashing.keep_slots_in(tmp_path)
    in_turn(lambda: None)
    with (tmp_path / "0").open() as other, ThreadPoolExecutor(1) as pool:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = pool.submit(in_turn, lambda: 7)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        fcntl.flock(other, fcntl.LOCK_UN)
        assert waiting.result(timeout=10) == 7


def test_beyond_its_places_nothing_is_hashed_and_nothing_counted(
    database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = actor("manager")
    monkeypatch.setattr(hashing, "_places", taken := threading.BoundedSemaphore(PLACES))
    for _ in range(PLACES):
        taken.acquire()
    for act in (
        lambda: attempt("manager", PASSWORD, pepper=PEPPER, address=""),
        lambda: attempt("nobody", PASSWORD, pepper=PEPPER, address=""),
        lambda: confirm(who, PASSWORD, pepper=PEPPER),
        lambda: set_password(who.user, PASSWORD, pepper=PEPPER),
    ):
        with pytest.raises(Busy):
            act()
    assert database["attempts"].count_documents({}) == 0
    taken.release()
    assert attempt("manager", PASSWORD, pepper=PEPPER, address="").user


def test_a_place_is_given_back_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_places", threading.BoundedSemaphore(1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), place(), place():
            in_turn(lambda: 1 // 0)
    with place():
        pass


@contextmanager
def flooding(comers: list[str]) -> Iterator[None]:
    """So many sign-ins from these addresses that hold a place each, and do not end."""
    over, holding = threading.Event(), threading.Semaphore(0)

    def hold(comer: str) -> None:
        with place(comer):
            holding.release()
            over.wait(timeout=60)

    threads = [threading.Thread(target=hold, args=(each,)) for each in comers]
    try:
        for each in threads:
            each.start()
            assert holding.acquire(timeout=30)
        yield
    finally:
        over.set()
        for each in threads:
            each.join(timeout=60)


def test_a_flood_from_one_address_leaves_a_place_for_everybody_else(database: Store) -> None:
    here, elsewhere = "192.0.2.7", "203.0.113.9"
    with flooding([here] * EACH):
        with pytest.raises(Busy):
            attempt("manager", PASSWORD, pepper=PEPPER, address=here)
        assert attempt("manager", PASSWORD, pepper=PEPPER, address=elsewhere).user
    assert attempt("manager", PASSWORD, pepper=PEPPER, address=here).user
    assert not hashing._by_comer  # no trace of who came is kept


def test_a_known_device_has_a_place_where_a_flood_has_taken_all(
    database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, here = actor("manager").user, "192.0.2.7"
    cookie = device_cookie("", user, stamp_of(user), PEPPER)
    with flooding([f"198.51.100.{n}" for n in range(PLACES)]):
        for known in ("", "x", device_cookie("", user, "another", PEPPER)):
            with pytest.raises(Busy):
                attempt("manager", PASSWORD, pepper=PEPPER, address=here, device=known)
        assert attempt("manager", PASSWORD, pepper=PEPPER, address=here, device=cookie).user
        monkeypatch.setattr(hashing, "KEPT_SECONDS", 0.01)
        monkeypatch.setattr(hashing, "_kept", threading.BoundedSemaphore(1))
        with hashing.kept_place(), ThreadPoolExecutor(1) as pool:
            asked = pool.submit(attempt, "manager", PASSWORD, pepper=PEPPER, address=here, device=cookie)
            with pytest.raises(Busy):
                asked.result(timeout=30)
