"""Accounts as they are operated at the console: found by login id, and listed without anything personal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.accounts import role_of
from accounts.lockout import folded, is_locked
from gate.store.collections import records_of
from models.registry import NOUNS
from policies.actor import Role


@dataclass(frozen=True)
class Listed:
    """One account in the console's list."""

    login_id: str
    role: str
    institution: str
    disabled: bool
    locked: bool
    signed_in_at: datetime | None


def account_named(login_id: str) -> str | None:
    """The id of the account with this login id; None when there is none."""
    found = records_of(NOUNS["user"]).find_one(
        {"login_key": folded(login_id), "institution": {"$ne": None}}, {"_id": 1}
    )
    return str(found["_id"]) if found else None


def every_account(*, pepper: bytes) -> Iterator[Listed]:
    """All accounts of this deployment, by institution and login id."""
    roles = {each["_id"]: each.get("code", "") for each in records_of(NOUNS["role"]).find({}, {"code": 1})}
    users = records_of(NOUNS["user"]).find({"institution": {"$ne": None}}, {"keys": 0, "outbox": 0})
    for each in users.sort([("institution", 1), ("login_id", 1)]):
        yield Listed(
            each["login_id"],
            roles.get(each.get("role"), ""),
            each["institution"],
            bool(each.get("disabled")),
            is_locked(each["login_id"], pepper=pepper),
            each.get("signed_in_at"),
        )


def every_role() -> Iterator[tuple[str, str, Role]]:
    """All roles of this deployment: institution, code, and the role as policies read it."""
    found = records_of(NOUNS["role"]).find({"institution": {"$ne": None}})
    for each in found.sort([("institution", 1), ("code", 1)]):
        yield each["institution"], each.get("code", ""), role_of(each)
