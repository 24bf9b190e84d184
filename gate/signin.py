"""Signing in: the attempt is counted before the hash is computed, in one conditional update (S8, S9).

Known and unknown names take the same path: the same counter, one hash, the same answer.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha384
from typing import Any

import bcrypt
from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from audit.events import note
from gate.refusals import Invalid, NotFound
from gate.store import key_of, records_of
from japanese.keys import search_key
from models.registry import NOUNS
from policies.actor import Actor

COST = 12
LIMIT = 5
COOL_OFF = timedelta(minutes=15)
SHORTEST = 15
LONGEST = 256
# What an unknown name's password is checked against, so that it costs the same as a known one's.
_NOBODY = bcrypt.hashpw(b"nobody", bcrypt.gensalt(COST)).decode()


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: `user` when it succeeded; `locked` when the limit was spent before it.

    `stamp` is the one that the account had when it was found right: a session is begun under it (gate.sessions).
    `code_wanted`: the password was right, and a code of the second factor is still to come.
    """

    user: str = ""
    locked: bool = False
    stamp: str = ""
    code_wanted: bool = False


def attempt(login_id: str, password: str, *, pepper: bytes, address: str) -> Outcome:
    """Try to sign in.

    Args:
        login_id: as typed; width and case are folded.
        password: as typed.
        pepper: the secret kept outside the store.
        address: the network address, for the operation history.
    """
    name = folded(login_id)
    counter = _counter(name, pepper)
    if not name or not _reserve(counter):
        note("locked_out", detail=address)
        return Outcome(locked=bool(name))
    found = records_of(NOUNS["user"]).find_one({"login_key": name, "institution": {"$ne": None}})
    stored = (found or {}).get("password_hash") or _NOBODY
    right = bcrypt.checkpw(prehashed(password, pepper), stored.encode())
    if not right or found is None or found.get("disabled") or stored == _NOBODY:
        note("sign_in_failed", actor=str(found["_id"]) if found else "", detail=address,
             institution=found["institution"] if found else "")  # fmt: skip
        return Outcome()
    if found.get("second_factor"):
        give_back(name, pepper=pepper)
        return Outcome(user=str(found["_id"]), stamp=found.get("stamp", ""), code_wanted=True)
    return succeeded(found, pepper=pepper, address=address)


def succeeded(found: dict[str, Any], *, pepper: bytes, address: str) -> Outcome:
    """An account has shown all that is asked of it: its failures are forgotten, and the history is told."""
    get_db()["attempts"].delete_one({"_id": _counter(folded(found["login_id"]), pepper)})
    records_of(NOUNS["user"]).update_one({"_id": found["_id"]}, {"$set": {"signed_in_at": datetime.now(UTC)}})
    note("signed_in", actor=str(found["_id"]), institution=found["institution"], detail=address)
    return Outcome(user=str(found["_id"]), stamp=found.get("stamp", ""))


def reserve(login_id: str, *, pepper: bytes) -> bool:
    """Take one of the account's attempts for something that is not a password: a code of its second factor."""
    return _reserve(_counter(folded(login_id), pepper))


def give_back(login_id: str, *, pepper: bytes) -> None:
    """The attempt that was just taken was right, but not yet all: the wrong ones before it stay counted.

    Were they forgotten here, whoever has the password could try codes without end.
    """
    free = {"_id": _counter(folded(login_id), pepper), "count": {"$gt": 0}}
    get_db()["attempts"].update_one(free, {"$inc": {"count": -1}})


def confirm(actor: Actor, password: str, *, pepper: bytes) -> bool:
    """Whether a signed-in person knows the present password; counted like an attempt to sign in."""
    return attempt(actor.login_id, password, pepper=pepper, address="").user == actor.user


def _reserve(counter: str) -> bool:
    """Take one of the LIMIT attempts, or say that they are spent. One conditional update: exact under any load."""
    attempts, now = get_db()["attempts"], datetime.now(UTC)
    attempts.delete_one({"_id": counter, "until": {"$lte": now}})
    free = {"_id": counter, "count": {"$lt": LIMIT}}
    taking = {"$inc": {"count": 1}, "$set": {"until": now + COOL_OFF}}
    try:
        attempts.update_one(free, taking, upsert=True)
    except DuplicateKeyError:
        # Either spent, or two processes made the counter at once: then the plain update decides.
        return bool(attempts.update_one(free, taking).modified_count)
    return True


def _counter(name: str, pepper: bytes) -> str:
    """The id under which attempts are counted: without the pepper it tells no name, known or unknown."""
    return hmac.new(pepper, f"attempts:{name}".encode(), sha256).hexdigest()


def is_locked(login_id: str, *, pepper: bytes) -> bool:
    """Whether its attempts are spent and the cool-off is not over."""
    spent = {
        "_id": _counter(folded(login_id), pepper),
        "count": {"$gte": LIMIT},
        "until": {"$gt": datetime.now(UTC)},
    }
    return bool(get_db()["attempts"].find_one(spent))


def unlock(login_id: str, *, pepper: bytes) -> None:
    """Give back all attempts at once; whoever answers for the account says so at the console."""
    get_db()["attempts"].delete_one({"_id": _counter(folded(login_id), pepper)})


def folded(login_id: str) -> str:
    """A login id as it is compared: width and case folded, as every record's key is."""
    return search_key(login_id[:200]).strip()


def prehashed(password: str, pepper: bytes) -> bytes:
    """base64 of HMAC-SHA-384: 64 bytes of any password, because bcrypt refuses more than 72 (OWASP, Password Storage).

    One character more than the longest password is read, so that what follows it does not go unnoticed.
    """
    normal = unicodedata.normalize("NFKC", password[: LONGEST + 1])
    return base64.b64encode(hmac.new(pepper, normal.encode(errors="surrogatepass"), sha384).digest())


def hashed(password: str, pepper: bytes, cost: int = COST) -> str:
    """The hash to store."""
    return bcrypt.hashpw(prehashed(password, pepper), bcrypt.gensalt(cost)).decode()


def set_password(user: str, password: str, *, pepper: bytes) -> None:
    """Give an account a new password.

    Raises:
        Invalid: too short or too long. NotFound: no such account.
    """
    if len(password) < SHORTEST:
        raise Invalid(
            {"password": (f"{SHORTEST}字以上にしてください。", f"At least {SHORTEST} characters, please.")}
        )
    if len(password) > LONGEST:
        raise Invalid(
            {"password": (f"{LONGEST}字までにしてください。", f"At most {LONGEST} characters, please.")}
        )
    changed = records_of(NOUNS["user"]).update_one(
        {"_id": key_of(NOUNS["user"], user)}, {"$set": {"password_hash": hashed(password, pepper)}}
    )
    if not changed.matched_count:
        raise NotFound
