"""Sessions on the server: a browser holds a random id and nothing else, the store keeps the id's keyed hash.

A session is begun under its account's stamp. Whatever is to end all that was opened in an account's name (a changed
password or role, a suspension, somebody's word) draws a new stamp in the same update, so that no cookie captured
before it can come in between. What ended is removed: at once where it is known, by the store's own clock otherwise.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from accounts.identity import Identity, of_session
from audit.events import note
from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.registry import NOUNS
from policies.actor import Actor

INDEXES = {"sessions": [IndexModel([("user", 1)]), IndexModel([("ends_at", 1)], expireAfterSeconds=0)]}

APART = timedelta(minutes=5)
"""So far the clocks of several machines may lie apart."""
SEEN_EVERY = timedelta(seconds=60)
"""A session that is only read is written no more often than this."""
CODE_WITHIN = timedelta(minutes=10)
"""How long the door waits for a code after the password."""
CODE = "code"
"""The stage of a session whose code is still to come: it opens the door's second page alone."""
Data = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """How long a session lives: without use, and altogether."""

    idle: timedelta = timedelta(minutes=60)
    whole: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """A session as the store has it. `key` is the hash of its id, `handle` what its owner's list calls it by."""

    key: str
    handle: str
    user: str
    stamp: str
    stage: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    browser: str
    data: Data

    def over(self, limits: Limits) -> bool:
        """Whether it has lasted or lain idle for longer than its institution allows now."""
        now = datetime.now(UTC)
        # Used in the future: the clock was set back, which would give the session that much longer.
        if now < self.seen_at - APART:
            return True
        # guard: session-limits
        return now >= self.started_at + limits.whole or now >= self.seen_at + limits.idle

    @property
    def is_due(self) -> bool:
        """Whether it is time to write down that it was used."""
        return datetime.now(UTC) - self.seen_at > SEEN_EVERY


def limits_of(institution: Mapping[str, Any]) -> Limits:
    """The limits of an institution's document; what is missing there stands at its default."""
    fields = NOUNS["institution"].fields

    def read(name: str) -> int:
        field, stored = fields[name], institution.get(name)
        number = stored if isinstance(stored, int) else field.default
        return int(min(max(number, field.minimum or 1), field.maximum or number))

    return Limits(timedelta(minutes=read("session_idle")), timedelta(hours=read("session_longest")))


def new_session_id() -> str:
    """256 random bits, as they travel in the cookie."""
    # guard: chance
    return secrets.token_urlsafe(32)


def begin_session(
    id_: str,
    user: str,
    stamp: str,
    data: Data,
    limits: Limits,
    *,
    pepper: bytes,
    address: str,
    browser: str,
    stage: str = "",
) -> Session:
    """Open a session in an account's name.

    Args:
        id_: of new_session_id.
        user: the account's id.
        stamp: of the account when it was found right (accounts.sign_in.attempt.Outcome).
        data: what the session holds from the first moment.
        limits: of the account's institution.
        pepper: the secret kept outside the store.
        address: from where, for the owner's list.
        browser: its family, for the owner's list.
        stage: CODE while a code is still to come.
    """
    now = datetime.now(UTC)
    ends = now + (CODE_WITHIN if stage else min(limits.idle, limits.whole))
    begun = Session(
        _hash(id_, pepper), secrets.token_hex(8), user, stamp, stage, now, now, ends, address, browser, data
    )
    get_db()["sessions"].insert_one(_document(begun))
    return begun


def find_session(id_: str, *, pepper: bytes) -> tuple[Session | None, Identity | None]:
    """The open session of that id, and its account where that could be read with it.

    It is read by its keyed hash, so that the time taken tells nothing of any other.
    """
    found, identity = of_session(_hash(id_, pepper))
    if found is None or found["ends_at"] <= datetime.now(UTC):
        return None, None
    return _session(found), identity


def keep_session(session: Session, changed: Data, dropped: list[str], limits: Limits) -> None:
    """Write what changed in a session, and that it was used. One that was ended meanwhile stays ended."""
    now = datetime.now(UTC)
    kept: Data = {f"data.{name}": value for name, value in changed.items()}
    if not session.stage:
        kept |= {"seen_at": now, "ends_at": min(session.started_at + limits.whole, now + limits.idle)}
    update = {"$set": kept, "$unset": {f"data.{name}": "" for name in dropped}}
    get_db()["sessions"].update_one(
        {"_id": session.key}, {operator: fields for operator, fields in update.items() if fields}
    )


def end_session(session: Session) -> None:
    """End this one; its cookie opens nothing from now on."""
    # guard: session-end
    get_db()["sessions"].delete_one({"_id": session.key})


def sessions_of(user: str, limits: Limits) -> list[Session]:
    """An account's open sessions, the last used first."""
    stamp = stamp_of(user)
    found = get_db()["sessions"].find({"user": user, "stage": "", "stamp": stamp}).sort("seen_at", -1)
    return [each for each in map(_session, found) if not each.over(limits)]


def end_mine(actor: Actor, handle: str) -> None:
    """End one of this actor's sessions.

    Raises:
        NotFound: there is none of that handle, or it is another's.
    """
    # guard: own-session
    if not get_db()["sessions"].delete_one({"user": actor.user, "handle": handle}).deleted_count:
        raise NotFound
    note("session_ended", actor=actor.user, institution=actor.institution)


def fresh_stamp() -> str:
    """A stamp that no session was begun under."""
    return secrets.token_hex(8)


def stamped(changes: Mapping[str, Any]) -> Data:
    """What a change of an account sets beside itself: a new stamp, where its sessions end by it."""
    return {"stamp": fresh_stamp()} if {"role", "disabled"} & set(changes) else {}


def forget_sessions(user: str) -> int:
    """Remove the sessions of an account whose stamp has been replaced: they open nothing any more. Returns how many there were."""
    return int(get_db()["sessions"].delete_many({"user": user}).deleted_count)


def stamp_of(user: str) -> str:
    """The stamp that an account's sessions are begun under now; empty where it never had one, or there is no account."""
    try:
        key = key_of(NOUNS["user"], user)
    except NotFound:  # the console's
        return ""
    return str((records_of(NOUNS["user"]).find_one({"_id": key}, {"stamp": 1}) or {}).get("stamp") or "")


def _hash(id_: str, pepper: bytes) -> str:
    # guard: md5
    return hmac.new(pepper, f"session:{id_}".encode(errors="surrogatepass"), sha256).hexdigest()


def draft_key(user: str, pepper: bytes) -> str:
    """The key, 32 bytes in base64, under which a browser keeps what this account typed and did not save: the same in every
    session of the account, and of no other. Nothing of it is stored."""
    return b64encode(hmac.digest(pepper, f"draft:{user}".encode(), "sha256")).decode()


def _document(session: Session) -> Data:
    kept = dict(vars(session))
    return {"_id": kept.pop("key"), **kept}


def _session(document: Data) -> Session:
    return Session(key=document["_id"], **{name: each for name, each in document.items() if name != "_id"})
