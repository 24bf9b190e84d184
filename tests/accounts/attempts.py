"""Attempts to sign in, as the tests of counters make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from accounts.sign_in import passwords
from accounts.sign_in.attempt import Outcome, attempt
from policies.lockout import Limits
from tests.world import PEPPER

Store = Database[dict[str, Any]]
LIMIT = Limits().attempts
MINUTE = timedelta(minutes=1)
MUSEUM, HOME = "192.0.2.7", "203.0.113.9"


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
