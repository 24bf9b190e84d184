"""Who asks, by one question: a session, its account, its role and the institutions, read anew for each request (law 8).

On each request it would be four. Whose session it is and which role that account has are known only from the last
time; where either is another by now, what it is by now is asked for. So what is remembered here decides what is asked
together, and never what anybody may do.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from bson import decode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from mongoengine.connection import get_db

from gate.refusals import NotFound
from gate.store import key_of, records_of
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
    session = decode(found[0].raw, _AWARE) if found else {}
    if session.get("_id") != key:
        _last_user.pop(key, None)
        return None, None
    if user is not None and session["user"] == str(user):
        return session, _identity(user, guess, found[1:])
    with suppress(NotFound):  # of nobody; whoever asks for that account is told
        _remember(_last_user, key, key_of(NOUNS["user"], session["user"]))
    return session, None


def _role_and_institutions(role: Any) -> list[Document]:
    return [_with("role", {"_id": {"$eq": role}, **_THERE}), _with("institution", _THERE)]


def _with(noun: str, where: Document) -> Document:
    named = str(NOUNS[noun].document._meta["collection"])
    return {"$unionWith": {"coll": named, "pipeline": [{"$match": where}]}}


def _identity(user: Any, guess: Any, found: list[RawBSONDocument]) -> Identity:
    account = decode(found[0].raw) if found else {}
    if account.get("_id") != user:
        return NOBODY
    rest = tuple(bytes(each.raw) for each in found[1:])
    at_hand = rest[0] if rest and _id_of(rest[0]) == guess else None
    institutions = rest[1:] if at_hand else rest
    if account.get("role") == guess:
        return Identity(account, at_hand, institutions)
    _remember(_last_role, user, account.get("role"))
    roles = records_of(NOUNS["role"]).with_options(codec_options=_RAW)
    role = roles.find_one({"_id": {"$eq": account.get("role")}, **_THERE})
    return Identity(account, bytes(role.raw) if role else None, institutions)


@lru_cache(KEPT)
def _id_of(written: bytes) -> Any:
    """The id of a role or an institution; the same bytes come with every request."""
    return decode(written)["_id"]


def _remember(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= KEPT:
        kept.clear()
    kept[key] = value
