"""Who asks, by one question: a session, its account, its role and the institutions, read anew for each request (law 8).

On each request it would be four. Whose session it is and which role that account has are known only from the last
time; where either is another by now, what it is by now is asked for. So what is remembered here decides what is asked
together, and never what anybody may do.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from bson import decode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from mongoengine.connection import get_db

from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.registry import NOUNS

Document = dict[str, Any]
KEPT = 500
_RAW = CodecOptions(document_class=RawBSONDocument)
_AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
_THERE = {"institution": {"$ne": None}}
_last_role: dict[Any, Any] = {}
"""Account → its role when it was last read."""
_last_user: dict[str, Any] = {}
"""Session → its account likewise."""


class Identity(NamedTuple):
    """An account as stored, and still undecoded its role and all institutions; None where there is no such one."""

    user: Document | None
    role: bytes | None
    institutions: tuple[bytes, ...]

    def is_of(self, user: str) -> bool:
        """Whether it is this account's: of another's nothing holds."""
        return self.user is not None and str(self.user["_id"]) == user


NOBODY = Identity(None, None, ())


def of_account(user: str) -> Identity:
    """The account of that id.

    Raises:
        NotFound: the id cannot be one.
    """
    key = key_of(NOUNS["user"], user)
    guess = _last_role.get(key)
    asked = [{"$match": {"_id": key}}, *_role_and_institutions(guess)]
    found = records_of(NOUNS["user"]).with_options(codec_options=_RAW).aggregate(asked).to_list()
    return _identity(key, guess, found)


def of_session(key: str) -> tuple[Document | None, Identity | None]:
    """The session of that key as stored, and its account where it is the one that it was the last time."""
    # Read once: another thread may know better before the answer is here, and it is an answer to this question.
    user = _last_user.get(key)
    guess = _last_role.get(user)
    asked: list[Document] = [{"$match": {"_id": key}}]
    if user is not None:
        asked += [_with("user", {"_id": user}), *_role_and_institutions(guess)]
    found = get_db()["sessions"].with_options(codec_options=_RAW).aggregate(asked).to_list()
    stored = _taken(found, key)
    if stored is None:
        _last_user.pop(key, None)
        return None, None
    session = decode(stored, _AWARE)
    if user is not None and session["user"] == str(user):
        return session, _identity(user, guess, found)
    with suppress(NotFound):  # of nobody; whoever asks for that account is told
        _remember(_last_user, key, key_of(NOUNS["user"], session["user"]))
    return session, None


def _role_and_institutions(role: Any) -> list[Document]:
    return [_with("role", {"_id": {"$eq": role}, **_THERE}), _with("institution", _THERE)]


def _with(noun: str, where: Document) -> Document:
    named = str(NOUNS[noun].document._meta["collection"])
    return {"$unionWith": {"coll": named, "pipeline": [{"$match": where}]}}


def _identity(user: Any, guess: Any, found: list[RawBSONDocument]) -> Identity:
    stored = _taken(found, user)
    if stored is None:
        return NOBODY
    account, role = decode(stored, _AWARE), _taken(found, guess)
    institutions = tuple(bytes(each.raw) for each in found)
    if account.get("role") == guess:
        return Identity(account, role, institutions)
    _remember(_last_role, user, account.get("role"))
    roles = records_of(NOUNS["role"]).with_options(codec_options=_RAW)
    now = roles.find_one({"_id": {"$eq": account.get("role")}, **_THERE})
    return Identity(account, bytes(now.raw) if now else None, institutions)


def _taken(found: list[RawBSONDocument], id_: Any) -> bytes | None:
    """The document of that id out of what was found; it is nearly always the first, but no order is promised."""
    for place, each in enumerate(found):
        if each["_id"] == id_:
            return bytes(found.pop(place).raw)
    return None


def _remember(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= KEPT:
        kept.clear()
    kept[key] = value
