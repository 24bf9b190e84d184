"""Passwords: never kept, only bcrypt of an HMAC under a pepper that lies outside the store (S8).

Stored is `PEPPER$2b$COST$…`: under which pepper and at which cost. Who signs in with an older one of either gets the
present one, unasked.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import sha256, sha384
from typing import Any

import bcrypt

from accounts.credentials import change_credentials, store_credentials
from accounts.sign_in.hashing import in_turn, place
from gate.refusals import Invalid, NotFound
from gate.store.collections import key_of, records_of
from models.registry import NOUNS
from policies import passwords as rules
from policies.guessing import folded

# guard: cost
COST = 12
# What an unknown name's password is checked against, so that it costs the same.
NOBODY = "$2b$12$T7WA1avEDM6Vierof6BrO.6CaKNT06vbxuSKc3ySlxcszxmzp8aU."  # not a secret: of random bytes, thrown away


class Pepper(bytes):
    """The first pepper, which keys the hashes of names and tokens for as long as the store lives; and, for passwords
    alone, those that followed it (`flask keys pepper`): the last one is in use, the others still open what they hashed."""

    later: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, first: bytes, later: Iterable[bytes] = ()) -> Pepper:
        """A pepper with its followers, oldest first."""
        made = cls(first)
        made.later = tuple(later)
        return made


def _all(pepper: bytes) -> tuple[bytes, ...]:
    return (bytes(pepper), *pepper.later) if isinstance(pepper, Pepper) else (pepper,)


def pepper_id(pepper: bytes) -> str:
    """By which a stored hash names its pepper; it tells nothing of it."""
    return sha256(b"pepper id:" + pepper).hexdigest()[:8]


def prehashed(password: str, pepper: bytes) -> bytes:
    """base64 of HMAC-SHA-384: 64 bytes of any password, because bcrypt refuses more than 72 (OWASP, Password Storage).

    One character more than the longest password is read, so that what follows it does not go unnoticed.
    """
    # guard: cut
    normal = unicodedata.normalize("NFKC", password[: rules.LONGEST + 1])
    return base64.b64encode(hmac.new(pepper, normal.encode(errors="surrogatepass"), sha384).digest())


def hashed(password: str, pepper: bytes, cost: int | None = None) -> str:
    """The hash to store, under the pepper in use."""
    newest = _all(pepper)[-1]
    made: bytes = in_turn(bcrypt.hashpw, prehashed(password, newest), bcrypt.gensalt(cost or COST))
    return pepper_id(newest) + made.decode()


def check(password: str, stored: str | None, pepper: bytes) -> bool:
    """Whether this is the password; always one hash, also where nothing is stored."""
    id_, dollar, rest = (stored or "").partition("$")
    peppers = {pepper_id(each): each for each in _all(pepper)}
    # Hashes from before peppers had ids are the first one's.
    seasoned = peppers.get(id_) if id_ else _all(pepper)[0]
    known = bool(dollar) and seasoned is not None
    against = dollar + rest if known else NOBODY
    fits: bool = in_turn(bcrypt.checkpw, prehashed(password, seasoned or _all(pepper)[0]), against.encode())
    return fits and known


def outdated(stored: str, pepper: bytes) -> bool:
    """Whether a stored hash has another cost or pepper than a new one would."""
    id_, _, rest = stored.partition("$")
    # guard: outdated
    return id_ != pepper_id(_all(pepper)[-1]) or rest.split("$")[1:2] != [f"{COST:02d}"]


def renew(found: dict[str, Any], password: str, pepper: bytes) -> None:
    """Hash a password that has just been found right anew, if that is due; a password set meanwhile stays."""
    if outdated(found["password_hash"], pepper):
        user, same = str(found["_id"]), {"password_hash": found["password_hash"]}
        renewed = {"password_hash": hashed(password, pepper)}
        store_credentials(user, renewed, by=user, action="password_renewed", where=same)


@cache
def common() -> frozenset[str]:
    """The passwords that are guessed first, folded: 30,000 of zxcvbn's list, read when one is first chosen."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    # guard: common
    return frozenset(map(folded, FREQUENCY_LISTS["passwords"]))


def set_password(
    user: str, password: str, *, pepper: bytes, second_factor: bool = False, by: str = ""
) -> None:
    """Give an account a new password; its sessions and tokens end.

    Args:
        user: the account's id.
        password: as typed.
        pepper: the secret kept outside the store.
        by: who does it, when not the account itself.
        second_factor: the account is asked for a code as well, so that a shorter one will do.

    Raises:
        Invalid: too short, too long, too easily guessed, or it names the account or its institution.
        NotFound: no such account.
        Busy: too many hashes are waiting.
    """
    users = records_of(NOUNS["user"])
    found = users.find_one({"_id": key_of(NOUNS["user"], user), "institution": {"$ne": None}})
    wrong = rules.weakness(
        password,
        second_factor=second_factor,
        common=common(),
        about=_about(found) if found else [],
        words=own_words(found) if found else [],
    )
    if wrong:
        raise Invalid({"password": wrong})
    if found is None:
        raise NotFound
    with place():
        fresh = hashed(password, pepper)
    change_credentials(user, {"password_hash": fresh}, by=by or user, action="password")


def _about(found: dict[str, Any]) -> list[str]:
    institution = records_of(NOUNS["institution"]).find_one({"_id": found["institution"]}) or {}
    said = [
        found.get("login_id"),
        institution.get("_id"),
        institution.get("name"),
        institution.get("name_en"),
    ]
    return [each for each in said if isinstance(each, str)]


def words_about(user: str) -> list[str]:
    """The words that somebody would try first at this account's passwords and passphrases: its own and its institution's.

    Args:
        user: the account's id; of none that is stored there are no words.
    """
    found = records_of(NOUNS["user"]).find_one(
        {"_id": key_of(NOUNS["user"], user), "institution": {"$ne": None}}
    )
    return [*_about(found), *own_words(found)] if found else []


def own_words(found: dict[str, Any]) -> list[str]:
    """What an account says of its person, beside the login id."""
    said = (found.get("display_name"), found.get("email"))
    return [each for each in said if isinstance(each, str)]
