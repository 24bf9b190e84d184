"""Locked accounts that a manager may unlock: those of institutions that allow it, besides their administrators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts import lockout
from audit.events import note
from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.registry import NOUNS
from policies.actor import Actor

USER = NOUNS["user"]
ALLOWS = "managers_unlock"


@dataclass(frozen=True)
class Locked:
    """A locked account: its id, institution, and until when."""

    user: str
    login_id: str
    institution: str
    until: datetime


def allowing(actor: Actor) -> list[str]:
    """The institutions whose accounts this actor may unlock as a manager."""
    # guard: manager-unlocks
    if actor.role.role_kind != "manager" or actor.behind is not None:
        return []
    asked = {"_id": {"$in": sorted({actor.institution, *actor.oversees})}, ALLOWS: True}
    return [each["_id"] for each in records_of(NOUNS["institution"]).find(asked, {"_id": 1}).sort("_id", 1)]


def locked_accounts(actor: Actor, *, pepper: bytes) -> list[Locked]:
    """The accounts of these institutions that are locked now."""
    if not lockout.anybody_is_locked():
        return []
    return list(_locked(allowing(actor), pepper))


def _locked(institutions: list[str], pepper: bytes) -> Iterator[Locked]:
    asked = {"institution": {"$in": institutions}, "disabled": {"$ne": True}}
    for each in records_of(USER).find(asked, {"login_id": 1, "institution": 1}).sort("login_id", 1):
        if until := lockout.locked_until(each["login_id"], pepper=pepper):
            yield Locked(str(each["_id"]), each["login_id"], each["institution"], until)


def unlock_as_manager(actor: Actor, user: str, *, pepper: bytes) -> None:
    """Give an account its attempts back; who did it stands in the ledger before it is done.

    Raises:
        NotFound: none in an institution whose accounts this actor may unlock.
    """
    found: dict[str, Any] | None = records_of(USER).find_one(
        {"_id": key_of(USER, user)}, {"login_id": 1, "institution": 1}
    )
    if found is None or found.get("institution") not in allowing(actor):
        raise NotFound
    note(
        "unlocked", actor=actor.user, institution=found["institution"], noun="user", detail=str(found["_id"])
    )
    lockout.unlock(found["login_id"], pepper=pepper)
