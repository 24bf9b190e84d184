"""Few hashes at a time, and who comes beyond them is told so (S8)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bcrypt
import pytest
from pymongo.database import Database

from gate import hashing
from gate.hashing import PLACES, in_turn, place
from gate.passwords import set_password
from gate.refusals import Busy
from gate.signin import attempt, confirm
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
