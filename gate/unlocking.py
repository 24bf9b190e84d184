"""Locks, sessions and tokens seen and ended by who operates the accounts of an institution: as everywhere, by the right to edit them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.events import note
from gate import lockout
from gate.credentials import end_access
from gate.loading import find_document
from gate.sessions import Limits, Session, sessions_of
from gate.tokens import Token, revoke_token, tokens_of
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


def tokens(actor: Actor, user: str) -> list[Token]:
    """The tokens of an account's programs.

    Raises:
        NotFound, Refused: as lock_of.
    """
    return tokens_of(str(_account(actor, user)["_id"]))


def end_token(actor: Actor, user: str, token: str) -> None:
    """End one token of an account.

    Raises:
        NotFound, Refused: as lock_of; or the account has no such token.
    """
    found = _account(actor, user)
    revoke_token(actor, token, str(found["_id"]), found["institution"])


def end_sessions(actor: Actor, user: str) -> None:
    """End every session and token of an account.

    Raises:
        NotFound, Refused: as lock_of.
    """
    found = _account(actor, user)
    end_access(str(found["_id"]), by=actor.user, institution=found["institution"])


def _account(actor: Actor, user: str) -> dict[str, Any]:
    return find_document(actor, USER, user, "edit")
