"""Signing in: the attempt is counted before the hash is computed (S8, S9), and an address that is not allowed comes
nowhere near it (S7).

Known and unknown names take the same path: the same questions to the store, the same counters, one hash, one answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts import failed_names, lockout
from accounts.lockout import Lock, folded
from accounts.networks import Sought, open_to, sought
from accounts.sign_in.devices import is_device_cookie, known_device
from accounts.sign_in.hashing import kept_place, place
from accounts.sign_in.passwords import check, renew
from audit.events import note
from gate.refusals import Busy
from gate.store.collections import records_of
from gate.store.rates import REFUSALS_NOTED, within_rate
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.lockout import Limits
from policies.networks import origin

WRONG: Words = (
    "パスワードが違います。もう一度入力してください。",
    "The password is not right. Please try again.",
)


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: `user` when it succeeded; `locked` when the limit was spent before it, until `until`;
    `elsewhere` when nobody may come from that address.

    `stamp` is the one that the account had when it was found right: a session is begun under it (accounts.sessions).
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


def attempt(login_id: str, password: str, *, pepper: bytes, address: str, device: str = "") -> Outcome:
    """Try to sign in.

    Args:
        login_id: as typed; width and case are folded.
        password: as typed.
        pepper: the secret kept outside the store.
        address: the network address that it comes from.
        device: the cookie by which a browser shows that it is a known one (accounts.sign_in.devices).

    Raises:
        Busy: too many are being checked; nothing was counted.
    """
    name = folded(login_id)
    with _place(name, address, device, pepper):  # first of all, so that who finds none costs next to nothing
        if not open_to(address):
            _noted("network_refused", address)
            return Outcome(elsewhere=True)
        if not name:
            _noted("locked_out", address)
            return Outcome()
        known = sought(name, address, pepper)
        found, institution = known.document, _house(known)
        counter = _counter(name, known, device, pepper)
        # A known device is neither held up by what others did behind its address, nor counted there.
        free = bool(counter.device) or failed_names.reserve_name(address, name, institution, pepper)
        if not counter.take(known.limits):
            _noted("locked_out", address)
            return Outcome(locked=True, until=lockout.counter_until(counter.id))
        # From outside, and from an address that failed with too many names, nothing is compared with the real hash: the
        # answer there says nothing of the password, and nothing of the name.
        # guard: sign-in-free
        # guard: sign-in-unlocked
        stored = found.get("password_hash") if found and known.inside and free else None
        if not check(password, stored, pepper) or found is None or found.get("disabled"):
            return _failed(known, counter.id, address, pepper)
        renew(found, password, pepper)
    if found.get("second_factor"):
        # guard: code-gives-back
        lockout.give_back(counter.id)
        failed_names.forget_name(address, name, institution, pepper)
        return Outcome(user=str(found["_id"]), stamp=found.get("stamp", ""), code_wanted=True)
    return succeeded(found, pepper=pepper, address=address, device=device)


@contextmanager
def _place(name: str, address: str, device: str, pepper: bytes) -> Iterator[None]:
    """A place among those that may be hashed; where a flood has taken them all, a known device has one that is kept."""
    with ExitStack() as held:
        try:
            held.enter_context(place(origin(address) or "no address"))
        except Busy:
            if not is_device_cookie(device) or not known_device(
                device, sought(name, address, pepper).document, pepper
            ):
                raise
            held.enter_context(kept_place())
        yield


@dataclass(frozen=True)
class Counter:
    """What an attempt is counted by: a known device's own (its id), else the name's."""

    id: str
    device: str
    of: str

    def take(self, limits: Limits) -> bool:
        """Take one of its attempts, or say that they are spent."""
        return lockout.reserve(self.id, limits, of=self.of)


def _counter(name: str, known: Sought, device: str, pepper: bytes) -> Counter:
    # guard: device-inside
    id_ = known_device(device, known.document, pepper) if known.inside else ""
    counter = lockout.counter_of(name, pepper, outside=not known.inside, device=id_)
    return Counter(counter, id_, lockout.counter_of(name, pepper) if id_ else "")


def counter_of(found: dict[str, Any], device: str, pepper: bytes) -> Counter:
    """What an attempt at an account is counted by, once its password was found right."""
    return _counter(folded(found["login_id"]), Sought(found, Limits(), inside=True), device, pepper)


def _house(known: Sought) -> str:
    return str(known.document["institution"]) if known.document and known.inside else ""


def _failed(known: Sought, counter: str, address: str, pepper: bytes) -> Outcome:
    wrong(
        "sign_in_failed",
        known.document,
        counter,
        address,
        "account_locked" if known.inside else "outside_locked",
    )
    for each in failed_names.newly_full(address, _house(known), pepper):
        note("address_locked", institution=each, detail=address)
    return Outcome()


def wrong(
    kind: str, found: dict[str, Any] | None, counter: str, address: str, lock: str = "account_locked"
) -> None:
    """Note a wrong attempt at an account (None: nobody's), and its lock where this was the last of the attempts."""
    who, institution = (str(found["_id"]), found["institution"]) if found else ("", "")
    # guard: log-signin
    note(kind, actor=who, institution=institution, detail=address)
    if lockout.newly_locked(counter):
        # guard: log-lock
        note(lock, actor=who, institution=institution, detail=address)


def _noted(kind: str, address: str) -> None:
    if within_rate(f"{kind} {address[:60]}", REFUSALS_NOTED):
        note(kind, detail=address)


def succeeded(found: dict[str, Any], *, pepper: bytes, address: str, device: str = "") -> Outcome:
    """An account has shown all that is asked of it: its failures are forgotten, and the history is told."""
    name = folded(found["login_id"])
    last_lock = lockout.succeeded(name, pepper, device=known_device(device, found, pepper))
    failed_names.forget_name(address, name, found["institution"], pepper)
    records_of(NOUNS["user"]).update_one({"_id": found["_id"]}, {"$set": {"signed_in_at": datetime.now(UTC)}})
    note("signed_in", actor=str(found["_id"]), institution=found["institution"], detail=address)
    return Outcome(user=str(found["_id"]), stamp=found.get("stamp", ""), last_lock=last_lock)


def reserve(found: dict[str, Any], counter: Counter, *, pepper: bytes, address: str) -> bool:
    """Take one of the account's attempts for something that is not a password: a code of its second factor."""
    taken = counter.take(sought(folded(found["login_id"]), "", pepper).limits)
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
    with place():
        known = sought(name, actor.address, pepper)
        found = known.document
        if found is None:
            return WRONG
        counter = counter_of(found, actor.device, pepper)
        if not counter.take(known.limits):
            _noted("locked_out", actor.address)
            return locked(counter)
        if not check(password, found.get("password_hash"), pepper):
            _failed(known, counter.id, actor.address, pepper)
            return WRONG
    lockout.give_back(counter.id)
    return None


def locked(counter: Counter) -> Words:
    """What a signed-in person is told whose attempts are spent: right or wrong, nothing is looked at before then."""
    minutes = lockout.minutes_until(lockout.counter_until(counter.id))
    return (
        f"誤りが続いたため、およそ{minutes}分のあいだ確認できません。お急ぎのときはシステム管理者へお尋ねください。",
        f"After repeated errors this is locked for about {minutes} minutes. If it cannot wait, ask your administrator.",
    )
