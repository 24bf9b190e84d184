"""Locks and sessions seen and ended by who operates the accounts of an institution: as everywhere, by the right to edit them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.events import note
from gate import lockout
from gate.loading import find_document
from gate.sessions import Limits, Session, end_all, sessions_of
from models.registry import NOUNS
from policies.actor import Actor

USER = NOUNS["user"]


def lock_of(actor: Actor, user: str, *, pepper: bytes) -> datetime | None:
    """Until when an account is locked; None where it is not.

    Raises:
        NotFound, Refused: out of reach, or not this actor's to edit.
    """
    return lockout.locked_until(_account(actor, user)["login_id"], pepper=pepper)


def unlock(actor: Actor, user: str, *, pepper: bytes) -> None:
    """Give an account its attempts back; who did it stands in the ledger before it is done.

    Raises:
        NotFound, Refused: out of reach, or not this actor's to edit.
    """
    found = _account(actor, user)
    note(
        "unlocked", actor=actor.user, institution=found["institution"], noun="user", detail=str(found["_id"])
    )
    lockout.unlock(found["login_id"], pepper=pepper)


def sessions(actor: Actor, user: str, limits: Limits) -> list[Session]:
    """Where an account is signed in.

    Raises:
        NotFound, Refused: as lock_of.
    """
    return sessions_of(str(_account(actor, user)["_id"]), limits)


def end_sessions(actor: Actor, user: str) -> None:
    """End every session of an account.

    Raises:
        NotFound, Refused: as lock_of.
    """
    found = _account(actor, user)
    end_all(str(found["_id"]), by=actor.user, institution=found["institution"])


def _account(actor: Actor, user: str) -> dict[str, Any]:
    return find_document(actor, USER, user, "edit")
