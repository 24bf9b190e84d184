"""Signing in: counted before the hash, the same for known and unknown names (S8, S9)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from accounts.accounts import account
from accounts.sign_in import attempt as signin
from accounts.sign_in import hashing
from accounts.sign_in.attempt import Outcome, attempt, confirm
from accounts.sign_in.passwords import hashed, pepper_id, set_password
from gate.refusals import Invalid, NotFound
from policies.lockout import Limits
from tests.world import PASSWORD, PEPPER, actor

LIMIT = Limits().attempts
pytestmark = pytest.mark.usefixtures("database")

Store = Database[dict[str, Any]]


WRONG = "ちがう合言葉"


def try_in(login_id: str, password: str = WRONG) -> Outcome:
    return attempt(login_id, password, pepper=PEPPER, address="192.0.2.7")


def cheaply(database: Store, password: str) -> None:
    """Give the manager this password, without what set_password asks of one."""
    database["users"].update_one(
        {"login_id": "manager"}, {"$set": {"password_hash": hashed(password, PEPPER, cost=4)}}
    )


@pytest.mark.parametrize(
    "typed", ["staff.shinjuku", "STAFF.Shinjuku", "ｓｔａｆｆ．ｓｈｉｎｊｕｋｕ", " staff.shinjuku "]
)
def test_the_right_password_signs_in_however_the_name_was_typed(typed: str) -> None:
    found = account(try_in(typed, PASSWORD).user)
    assert found is not None
    assert found.actor.login_id == "staff.shinjuku"


@pytest.mark.parametrize("known", ["staff.shinjuku", "nobody.at.all"])
def test_exactly_the_limit_reaches_the_check_under_forty_threads(
    hashes: list[bytes], known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        hashing, "_places", threading.BoundedSemaphore(40)
    )  # all forty come as far as the counter
    monkeypatch.setattr(hashing, "EACH", 40)
    start = threading.Barrier(40)

    def one(_: int) -> Outcome:
        start.wait(timeout=30)
        return try_in(known)

    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(one, range(40)))
    assert len(hashes) == LIMIT
    assert sum(each.locked for each in outcomes) == 40 - LIMIT
    assert not any(each.user for each in outcomes)
    assert try_in(known, PASSWORD).locked
    assert len(hashes) == LIMIT


def test_width_and_case_share_one_counter(hashes: list[bytes]) -> None:
    for typed in ("manager", "MANAGER", "ｍａｎａｇｅｒ", "Manager ", "ＭＡＮＡＧＥＲ"):
        assert not try_in(typed).locked
    assert try_in("manager", PASSWORD).locked
    assert not try_in("staff.shinjuku").locked


def test_the_lock_ends_after_the_cool_off(database: Store, hashes: list[bytes]) -> None:
    for _ in range(LIMIT + 1):
        try_in("manager")
    locked = database["attempts"].find_one({"locked": True})
    assert locked is not None
    assert timedelta(minutes=14) < locked["until"] - datetime.now(UTC) <= Limits().cool_off
    database["attempts"].update_one(
        {"locked": True}, {"$set": {"until": datetime.now(UTC) - timedelta(seconds=1)}}
    )
    assert try_in("manager", PASSWORD).user


def test_a_right_password_gives_the_attempts_back(hashes: list[bytes]) -> None:
    for _ in range(3):
        for _ in range(LIMIT - 1):
            assert not try_in("manager").user
        assert try_in("manager", PASSWORD).user


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\t\n"])
def test_a_blank_name_is_refused_and_locks_nobody(database: Store, hashes: list[bytes], blank: str) -> None:
    for _ in range(LIMIT + 2):
        assert try_in(blank, PASSWORD) == Outcome()
    assert hashes == []
    assert database["attempts"].count_documents({}) == 0
    assert try_in("manager", PASSWORD).user


def test_unknown_disabled_and_wrong_cost_one_check_and_get_one_answer(
    database: Store, hashes: list[bytes]
) -> None:
    database["users"].update_one({"login_id": "auditor"}, {"$set": {"disabled": True}})
    database["users"].update_one({"login_id": "contractor"}, {"$unset": {"password_hash": ""}})
    asked = [("nobody", PASSWORD), ("auditor", PASSWORD), ("contractor", PASSWORD), ("manager", "ちがう")]
    assert {try_in(name, password) for name, password in asked} == {Outcome()}
    assert len(hashes) == len(asked)


def test_the_password_of_nobody_opens_no_account(database: Store) -> None:
    database["users"].update_one({"login_id": "contractor"}, {"$unset": {"password_hash": ""}})
    assert not try_in("contractor", "nobody").user


def test_a_removed_account_does_not_sign_in(database: Store) -> None:
    database["users"].update_one({"login_id": "manager"}, {"$set": {"institution": None}})
    assert not try_in("manager", PASSWORD).user


@pytest.mark.parametrize(
    "password", ["収蔵" * 32, "あ" * 256, "𠮷" * 64, "e\u0301" * 20, "a" * 15, "x y z " * 10]
)
def test_long_passwords_work_and_differ_past_the_72nd_byte(database: Store, password: str) -> None:
    cheaply(database, password)
    assert try_in("manager", password).user
    assert not try_in("manager", password[:-1] + "ん").user
    assert not try_in("manager", password + "ん").user
    assert not try_in("manager", password * 3).user


def test_one_password_in_two_forms_of_unicode_is_one(database: Store) -> None:
    cheaply(database, "カ\u3099ラスのか\u3099くのいろいろな話")
    assert try_in("manager", "ガラスのがくのいろいろな話").user


def test_a_new_password_takes_the_old_ones_place(database: Store) -> None:
    user = actor("manager").user
    set_password(user, "あたらしい合言葉は十五字より長い", pepper=PEPPER)
    stored = database["users"].find_one({"login_id": "manager"})
    assert stored is not None
    assert stored["password_hash"].startswith(f"{pepper_id(PEPPER)}$2b$")
    assert try_in("manager", "あたらしい合言葉は十五字より長い").user == user
    assert not try_in("manager", PASSWORD).user


@pytest.mark.parametrize("short_or_long", ["", "あ" * 14, "あ" * 257])
def test_a_password_too_short_or_too_long_is_refused(short_or_long: str) -> None:
    with pytest.raises(Invalid):
        set_password(actor("manager").user, short_or_long, pepper=PEPPER)
    assert try_in("manager", PASSWORD).user


@pytest.mark.parametrize("nobody", ["", "x", "6b0160ff6f140aa21508af1a"])
def test_a_password_for_nobody_is_refused(nobody: str) -> None:
    with pytest.raises(NotFound):
        set_password(nobody, PASSWORD, pepper=PEPPER)


@pytest.mark.parametrize("odd", ["\0", "\ud800", '{"$ne": ""}', "あ" * 5_000])
def test_odd_names_and_passwords_are_wrong_ones(odd: str) -> None:
    assert not try_in("manager", odd).user
    assert not try_in(odd.replace("\ud800", "\ufffd"), PASSWORD).user


def test_another_pepper_opens_nothing() -> None:
    assert not attempt("manager", PASSWORD, pepper=b"another", address="").user


def test_the_history_tells_who_tried_without_name_or_password(database: Store) -> None:
    try_in("manager", PASSWORD)
    try_in("manager", "ちがう合言葉")
    try_in("Taro.Yamada", "ちがう合言葉")
    told = list(database["ledger"].find())
    assert [each["action"] for each in told] == ["signed_in", "sign_in_failed", "sign_in_failed"]
    assert [each["detail"] for each in told] == ["192.0.2.7"] * 3
    assert [each["actor"] for each in told] == [actor("manager").user] * 2 + [""]
    assert "yamada" not in str(told).lower()
    assert "合言葉" not in str(told)


def test_confirming_the_present_password_counts_as_an_attempt(hashes: list[bytes]) -> None:
    who = actor("manager")
    assert confirm(who, PASSWORD, pepper=PEPPER) is None
    for _ in range(LIMIT):
        assert confirm(who, "ちがう", pepper=PEPPER) == signin.WRONG
    said = confirm(who, PASSWORD, pepper=PEPPER)
    assert said is not None
    assert "分のあいだ確認できません" in said[0]
