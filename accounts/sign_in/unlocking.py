"""Locks, sessions and tokens seen and ended by who operates the accounts of an institution: as everywhere, by the right to edit them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts import failed_names, lockout
from accounts.console import NAME as CONSOLE
from accounts.credentials import end_access
from accounts.sessions import Limits, Session, sessions_of
from accounts.tokens import Token, revoke_token, tokens_of
from audit.events import note
from gate.reading.loading import find_document
from gate.refusals import Invalid
from gate.store.collections import records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies import networks
from policies.actor import Actor

USER = NOUNS["user"]
NO_ADDRESS: Words = (
    "接続元のアドレスを、192.0.2.7 や 2001:db8::1 のように入力してください。",
    "Type a network address, such as 192.0.2.7 or 2001:db8::1.",
)


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


def has_password(actor: Actor, user: str) -> bool:
    """Whether an account's person has chosen a password: until then nobody can sign in with it.

    Raises:
        NotFound, Refused: as lock_of.
    """
    return bool(_account(actor, user).get("password_hash"))


def held_up(actor: Actor, user: str, *, pepper: bytes) -> bool:
    """Whether the address that this actor comes from has failed with so many names of the account's institution that
    others of it are held up there.

    Raises:
        NotFound, Refused: as lock_of.
    """
    return failed_names.is_held(actor.address, _account(actor, user)["institution"], pepper)


def release(actor: Actor, user: str, address: str, *, pepper: bytes) -> bool:
    """Let an address try other names of the account's institution again; whether it was held up.

    Raises:
        NotFound, Refused: as lock_of.
        Invalid: what was typed is no address.
    """
    found, here = _account(actor, user), networks.address(address)
    if here is None:
        raise Invalid({"address": NO_ADDRESS})
    note("address_unlocked", actor=actor.user, institution=found["institution"], detail=str(here))
    return failed_names.release_address(str(here), [found["institution"]], pepper)


def release_everywhere(address: str, *, pepper: bytes) -> bool:
    """Let an address try names of every institution again, as the console may; whether it was held up.

    Raises:
        Invalid: what was typed is no address.
    """
    here = networks.address(address)
    if here is None:
        raise Invalid({"address": NO_ADDRESS})
    institutions = [
        each["_id"]
        for each in records_of(NOUNS["institution"]).find({"institution": {"$ne": None}}, {"_id": 1})
    ]
    for each in institutions:
        note("address_unlocked", actor=CONSOLE, institution=each, detail=str(here))
    return failed_names.release_address(str(here), ["", *institutions], pepper)


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
