"""The second factor: a code of the person's own telephone (TOTP, RFC 6238), or one of ten codes kept on paper.

The secret behind the codes lies in the store under a key of its own (AES-256-GCM, bound to the account), so that a
copy of the store makes no code. A code is accepted once: the step it belongs to is taken by one conditional update.
Wrong ones are counted by the counter of the account's passwords, before they are looked at.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.credentials import change_credentials, store_credentials
from accounts.lockout import counter_until, give_back
from accounts.sign_in.attempt import Outcome, counter_of, locked, reserve, succeeded, wrong
from accounts.sign_in.paper_codes import paper_code
from gate.refusals import Invalid
from gate.store.collections import key_of, records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor

ISSUER = "Shuzoko"
STEP = 30
"""Seconds that a code is shown for; the one before and the one after are accepted too, for clocks that differ."""
CODES = 10
WRONG: Words = (
    "確認コードが違うか、すでに使われています。次のコードが出るのを待って入力してください。",
    "This code is not right, or was used already. Wait for the next one and enter it.",
)
Document = dict[str, Any]


@dataclass(frozen=True)
class Keys:
    """What lies outside the store: the key under which secrets are sealed, and the pepper of hashes."""

    factor: bytes
    pepper: bytes


def new_secret() -> str:
    """160 random bits, in base32 as authenticator apps take them."""
    return pyotp.random_base32(32)


def address_of(secret: str, login_id: str) -> str:
    """The otpauth address that a QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=login_id, issuer_name=ISSUER)


def sealed(secret: str, user: str, keys: Keys) -> str:
    """A secret as it may lie in the store; of this account alone."""
    # guard: ecb
    nonce = secrets.token_bytes(12)
    return base64.b64encode(
        # guard: sealed
        nonce + AESGCM(keys.factor).encrypt(nonce, secret.encode(), user.encode())
    ).decode()


def opened(stored: str, user: str, keys: Keys) -> str:
    """The secret again.

    Raises:
        InvalidTag: it was sealed under another key, or for another account.
    """
    raw = base64.b64decode(stored)
    return AESGCM(keys.factor).decrypt(raw[:12], raw[12:], user.encode()).decode()


def fits(secret: str, code: str) -> bool:
    """Whether a code is one of the secret's, now; it is not taken by asking."""
    return _step(secret, code) is not None


def set_up(actor: Actor, secret: str, code: str, *, keys: Keys) -> list[str]:
    """Ask this account for codes of that secret from now on; its recovery codes, to be shown once.

    Its sessions and tokens end: what was opened by the password alone is not open any more.

    Raises:
        Invalid: the code is not one of the secret's.
    """
    step = _step(secret, code)
    if step is None:
        raise Invalid({"code": WRONG})
    codes = _new_codes()
    kept = {
        "secret": sealed(secret, actor.user, keys), "last_step": step, "codes": [_hash(each, actor.user, keys) for each in codes],
    }  # fmt: skip
    change_credentials(actor.user, {"second_factor": kept}, by=actor.user, action="factor_on")
    return codes


def turn_off(user: str, *, by: str) -> None:
    """Ask the account for its password alone from now on."""
    change_credentials(user, {"second_factor": None}, by=by, action="factor_off")


def codes_left(user: str) -> int | None:
    """How many recovery codes are left; None where there is no second factor."""
    factor = _account(user).get("second_factor")
    return len(factor["codes"]) if factor else None


def attempt_code(user: str, code: str, *, keys: Keys, address: str, device: str = "") -> Outcome:
    """The second step of signing in, after the password; counted like a password, at a known device (its cookie) too."""
    found = _account(user)
    if not found.get("second_factor") or found.get("disabled"):
        return Outcome()
    counter = counter_of(found, device, keys.pepper)
    # guard: code-attempts
    if not reserve(found, counter, pepper=keys.pepper, address=address):
        return Outcome(locked=True, until=counter_until(counter.id))
    if not _accept(found, code, keys):
        wrong("code_wrong", found, counter.id, address)
        return Outcome()
    return succeeded(found, pepper=keys.pepper, address=address, device=device)


def confirm_code(actor: Actor, code: str, *, keys: Keys) -> Words | None:
    """What is wrong with a signed-in person's code; None when it is right, or none is asked of this account."""
    found = _account(actor.user)
    if not found.get("second_factor"):
        return None
    counter = counter_of(found, actor.device, keys.pepper)
    if not reserve(found, counter, pepper=keys.pepper, address=actor.address):
        return locked(counter)
    if not _accept(found, code, keys):
        wrong("code_wrong", found, counter.id, actor.address)
        return WRONG
    give_back(counter.id)
    return None


def _accept(found: Document, code: str, keys: Keys) -> bool:
    """Whether a code is right, taking it: of the telephone by its step, of paper by itself."""
    user = str(found["_id"])
    step = _step(_secret_of(found, keys), code)
    if step is not None:
        # guard: code-once
        # guard: code-once-step
        later = {"_id": found["_id"], "second_factor.last_step": {"$lt": step}}
        return bool(
            records_of(NOUNS["user"])
            .update_one(later, {"$set": {"second_factor.last_step": step}})
            .modified_count
        )
    hash_ = _hash(_plain(code), user, keys)
    return _spend(user, hash_)


def _spend(user: str, code: str) -> bool:
    """Take a code of paper, by its hash; whether it was there."""
    while code in (factor := _account(user).get("second_factor") or {}).get("codes", ()):
        # guard: recovery-code-once
        left = factor | {"codes": [each for each in factor["codes"] if each != code]}
        same = {f"second_factor.{part}": factor[part] for part in ("codes", "last_step")}
        if store_credentials(user, {"second_factor": left}, by=user, action="factor_code_used", where=same):
            return True
    return False


def _secret_of(found: Document, keys: Keys) -> str:
    try:
        return opened(found["second_factor"]["secret"], str(found["_id"]), keys)
    except InvalidTag:  # the key was lost or changed: the codes on paper still open
        return ""


def _step(secret: str, code: str) -> int | None:
    """The step whose code this is, within one of now; None where it is none."""
    typed = _plain(code)
    if not secret or len(typed) != 6 or not typed.isdecimal():
        return None
    now, totp = int(time.time()) // STEP, pyotp.TOTP(secret, interval=STEP)
    right = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.at(step * STEP), typed)]
    return right[-1] if right else None


def _plain(code: str) -> str:
    """A code as it is compared: full-width digits, spaces and hyphens make no difference."""
    return "".join(
        each for each in unicodedata.normalize("NFKC", code[:40]).lower() if each.isascii() and each.isalnum()
    )


def _new_codes() -> list[str]:
    return [paper_code(2) for _ in range(CODES)]


def _hash(code: str, user: str, keys: Keys) -> str:
    return hmac.new(keys.pepper, f"code:{user}:{_plain(code)}".encode(), sha256).hexdigest()


def _account(user: str) -> Document:
    return (
        records_of(NOUNS["user"]).find_one({"_id": key_of(NOUNS["user"], user), "institution": {"$ne": None}})
        or {}
    )
