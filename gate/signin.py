"""Signing in: the attempt is counted before the hash is computed (S8, S9), and an address that is not allowed comes
nowhere near it (S7).

Known and unknown names take the same path: the same questions to the store, the same counters, one hash, one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audit.events import note
from gate import lockout
from gate.hashing import place
from gate.lockout import Lock, folded
from gate.networks import Sought, open_to, sought
from gate.passwords import check, renew
from gate.rates import REFUSALS_NOTED, within_rate
from gate.store import records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor

WRONG: Words = (
    "パスワードが違います。もう一度入力してください。",
    "The password is not right. Please try again.",
)


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: `user` when it succeeded; `locked` when the limit was spent before it, until `until`;
    `elsewhere` when nobody may come from that address.

    `stamp` is the one that the account had when it was found right: a session is begun under it (gate.sessions).
    `code_wanted`: the password was right, and a code of the second factor is still to come.
    `last_lock`: the account was locked since its last sign-in, which its person is to know.
    """

    user: str = ""
    locked: bool = False
    stamp: str = ""
    code_wanted: bool = False
    elsewhere: bool = False
    until: datetime | None = None
    last_lock: Lock | None = None


def attempt(login_id: str, password: str, *, pepper: bytes, address: str) -> Outcome:
    """Try to sign in.

    Args:
        login_id: as typed; width and case are folded.
        password: as typed.
        pepper: the secret kept outside the store.
        address: the network address that it comes from.

    Raises:
        Busy: too many are being checked; nothing was counted.
    """
    with place():  # first of all, so that who finds none costs next to nothing
        name = folded(login_id)
        if not open_to(address):
            _noted("network_refused", address)
            return Outcome(elsewhere=True)
        if not name:
            _noted("locked_out", address)
            return Outcome()
        known = sought(name, address, pepper)
        house = known.document["institution"] if known.document and known.inside else ""
        counter = lockout.counter_of(name, pepper, outside=not known.inside)
        if not lockout.reserve_name(address, name, house, pepper) or not lockout.reserve(
            counter, known.limits
        ):
            _noted("locked_out", address)
            return Outcome(locked=True, until=_until(name, known, address, pepper))
        found = known.document
        # From outside nothing is compared with the real hash: the answer there says nothing of the password.
        stored = found.get("password_hash") if found and known.inside else None
        if not check(password, stored, pepper) or found is None or found.get("disabled"):
            return _failed(known, counter, address, pepper)
        renew(found, password, pepper)
    if found.get("second_factor"):
        lockout.give_back(counter)
        return Outcome(user=str(found["_id"]), stamp=found.get("stamp", ""), code_wanted=True)
    return succeeded(found, pepper=pepper, address=address)


def _failed(known: Sought, counter: str, address: str, pepper: bytes) -> Outcome:
    wrong(
        "sign_in_failed",
        known.document,
        counter,
        address,
        "account_locked" if known.inside else "outside_locked",
    )
    for each in lockout.newly_locked_address(address, pepper):
        note("address_locked", institution=each, detail=address)
    return Outcome()


def wrong(
    kind: str, found: dict[str, Any] | None, counter: str, address: str, lock: str = "account_locked"
) -> None:
    """Note a wrong attempt at an account (None: nobody's), and its lock where this was the last of the attempts."""
    who, house = (str(found["_id"]), found["institution"]) if found else ("", "")
    note(kind, actor=who, institution=house, detail=address)
    if lockout.newly_locked(counter):
        note(lock, actor=who, institution=house, detail=address)


def _until(name: str, known: Sought, address: str, pepper: bytes) -> datetime | None:
    ends = lockout.locked_until(name, pepper=pepper, outside=not known.inside)
    return ends or lockout.address_locked_until(address, pepper)


def _noted(kind: str, address: str) -> None:
    if within_rate(f"{kind} {address[:60]}", REFUSALS_NOTED):
        note(kind, detail=address)


def succeeded(found: dict[str, Any], *, pepper: bytes, address: str) -> Outcome:
    """An account has shown all that is asked of it: its failures are forgotten, and the history is told."""
    last_lock = lockout.succeeded(folded(found["login_id"]), address, pepper)
    records_of(NOUNS["user"]).update_one({"_id": found["_id"]}, {"$set": {"signed_in_at": datetime.now(UTC)}})
    note("signed_in", actor=str(found["_id"]), institution=found["institution"], detail=address)
    return Outcome(user=str(found["_id"]), stamp=found.get("stamp", ""), last_lock=last_lock)


def reserve(login_id: str, counter: str, *, pepper: bytes, address: str) -> bool:
    """Take one of the account's attempts for something that is not a password: a code of its second factor."""
    taken = lockout.reserve(counter, sought(folded(login_id), "", pepper).limits)
    if not taken:
        _noted("locked_out", address)
    return taken


def confirm(actor: Actor, password: str, *, pepper: bytes) -> Words | None:
    """What is wrong with a signed-in person's present password; None when it is right. Counted like an attempt to sign
    in, so that it cannot be tried out within.

    Raises:
        Busy: too many are being checked; nothing was counted.
    """
    name = folded(actor.login_id)
    counter = lockout.counter_of(name, pepper)
    with place():
        known = sought(name, actor.address, pepper)
        found = known.document
        if found is None:
            return WRONG
        if not lockout.reserve(counter, known.limits):
            _noted("locked_out", actor.address)
            return locked(name, pepper)
        if not check(password, found.get("password_hash"), pepper):
            _failed(known, counter, actor.address, pepper)
            return WRONG
    lockout.give_back(counter)
    return None


def locked(login_id: str, pepper: bytes) -> Words:
    """What a signed-in person is told whose attempts are spent: right or wrong, nothing is looked at before then."""
    minutes = lockout.minutes_until(lockout.locked_until(login_id, pepper=pepper))
    return (
        f"誤りが続いたため、およそ{minutes}分のあいだ確認できません。お急ぎのときはシステム管理者へお尋ねください。",
        f"After repeated errors this is locked for about {minutes} minutes. If it cannot wait, ask your administrator.",
    )
