"""A program's way in: a token that a person makes for it, shown once, kept only as a keyed hash (class secret).

It opens nothing of its own. Whoever brings it is its maker, read anew for every request: a changed role, a disabled
account or the end of the token's term hold at once. It is made under the account's stamp, as a session is begun: whatever
ends the sessions (accounts.sessions) ends the tokens, and what is changed back revives neither.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from accounts.accounts import Account, account
from accounts.sessions import stamp_of
from audit.events import note
from gate.refusals import Invalid, NotFound, Refused
from gate.store.rates import REFUSALS_NOTED, within_rate
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import Verdict, may, reach

INDEXES = {"api_tokens": [IndexModel([("hash", 1)], unique=True), IndexModel([("user", 1)])]}

PREFIX = "shuzoko_"
"""Begins every token, so that one that was left in a file or a message is known for what it is."""
TERMS = (30, 90, 365)
"""Days that a token may be made for; none outlives a year."""
NAME_AT_MOST = 60
HELD_AT_MOST = 10
LONGEST = 200
FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """A token as it is listed afterwards: never the token itself. `used_at`: to the minute, None when never. `ended`: its
    term is over, or it ended with the sessions of its account."""

    id: str
    name: str
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None
    ended: bool


def connectable(actor: Actor) -> bool:
    """Whether this actor's role opens any noun to a program."""
    return any(reach(actor, noun, "api") for noun in NOUNS)


def make_token(actor: Actor, name: str, days: int, *, pepper: bytes, stamp: str | None = None) -> str:
    """A new token of this actor's, to be shown once: nothing that is stored can give it back.

    Args:
        actor: its maker.
        name: of the program that will use it.
        days: one of TERMS.
        pepper: the secret kept outside the store.
        stamp: of the account when it was let in, so that a token is dead that is made while its maker is shut out; None
            for the one of now.

    Raises:
        Refused: the role opens nothing to programs. Invalid: name, term, or too many tokens already.
    """
    if not connectable(actor):
        raise Refused(_closed(actor))
    name = " ".join(name.split())
    wrong = {}
    if not name or len(name) > NAME_AT_MOST or not name.isprintable():
        wrong["name"] = (
            f"どのプログラムのものか分かる名前を{NAME_AT_MOST}字までで付けてください。",
            f"Name the program that will use it, in at most {NAME_AT_MOST} characters.",
        )
    if days not in TERMS:
        wrong["days"] = ("期限を一覧から選んでください。", "Choose from the list how long it is good for.")
    stamp = stamp_of(actor.user) if stamp is None else stamp
    held = {"user": actor.user, "stamp": _as_stored(stamp)}
    if get_db()["api_tokens"].count_documents(held, limit=HELD_AT_MOST) >= HELD_AT_MOST:
        wrong[""] = (
            f"トークンは{HELD_AT_MOST}個までです。使わないものを取り消してください。",
            f"At most {HELD_AT_MOST} tokens; revoke one that is not used.",
        )
    if wrong:
        raise Invalid(wrong)
    token, id_, now = PREFIX + secrets.token_urlsafe(32), secrets.token_hex(8), datetime.now(UTC)
    note("token_made", actor=actor.user, institution=actor.institution, detail=id_)
    get_db()["api_tokens"].insert_one(
        {
            "_id": id_,
            "hash": _hash(token, pepper),
            "user": actor.user,
            "institution": actor.institution,
            "stamp": stamp,
            "name": name,
            "created_at": now,
            "ends_at": now + timedelta(days=days),
        }
    )
    return token


def tokens_of(user: str) -> list[Token]:
    """An account's tokens, newest first."""
    now, stamp = datetime.now(UTC), stamp_of(user)
    found = get_db()["api_tokens"].find({"user": user}).sort("created_at", -1)
    return [
        Token(
            each["_id"], each["name"], each["created_at"], each["ends_at"], each.get("used_at"),
            ended=each["ends_at"] <= now or not _of(each, stamp),
        )
        for each in found
    ]  # fmt: skip


def revoke_token(actor: Actor, id_: str, user: str = "", institution: str = "") -> None:
    """Forget one token of an account; from the next request on it is as if it had never been.

    Args:
        actor: who revokes it.
        id_: the token's id.
        user: whose it is, and of which `institution`; the actor's own where it is empty.
        institution: see above.

    Raises:
        NotFound: there is none of that id, or it is another's.
    """
    if not get_db()["api_tokens"].delete_one({"_id": id_, "user": user or actor.user}).deleted_count:
        raise NotFound
    note("token_revoked", actor=actor.user, institution=institution or actor.institution, detail=id_)


def forget_tokens(user: str) -> None:
    """Forget all tokens of an account."""
    get_db()["api_tokens"].delete_many({"user": user})


def bearer(token: str, *, pepper: bytes, address: str) -> tuple[Account, str] | None:
    """Who brings this token, and the token's id; None when it opens nothing, for whatever reason.

    It is looked up by its keyed hash, so the time taken tells nothing of any stored token. A refusal is noted with
    its reason and the network address, never with what was brought.
    """
    found = _found(token, pepper)
    if found is None:
        _refused("unknown", address)
        return None
    if found["ends_at"] <= datetime.now(UTC):
        _refused("ended", address, found)
        return None
    who = account(found["user"])
    # guard: token-factor-owed
    if who is None or (who.wants_factor and not who.has_factor):
        _refused("disabled" if who is None else "without second factor", address, found)
        return None
    # guard: token-stamp
    if not _of(found, who.stamp):
        _refused("ended with the sessions", address, found)
        return None
    if not who.may_come_from(address):
        _refused("network", address, found)
        return None
    _used(found)
    return who, found["_id"]


def _found(token: str, pepper: bytes) -> dict[str, Any] | None:
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        return None
    wanted = _hash(token, pepper)
    found: dict[str, Any] | None = get_db()["api_tokens"].find_one({"hash": wanted})
    return found if found and hmac.compare_digest(found["hash"], wanted) else None


def _of(found: dict[str, Any], stamp: str) -> bool:
    """Whether a token was made under this stamp; one without, from before there was one, is of an account that never
    had another."""
    return (found.get("stamp") or "") == stamp


def _as_stored(stamp: str) -> Any:
    return stamp or {"$in": ["", None]}


def _used(found: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    if found.get("used_at") is None or now - found["used_at"] > FRESH:
        get_db()["api_tokens"].update_one({"_id": found["_id"]}, {"$set": {"used_at": now}})


def _refused(why: str, address: str, found: dict[str, Any] | None = None) -> None:
    # Whoever sends rubbish without end shall not fill the history with it.
    if within_rate(f"refused {address}", REFUSALS_NOTED):
        whose = found or {"user": "", "institution": ""}
        note(
            "token_refused", actor=whose["user"], institution=whose["institution"], detail=f"{why} {address}"
        )


REQUESTS = 300
"""Requests that one token may make in a minute."""


def _hash(token: str, pepper: bytes) -> str:
    return hmac.new(pepper, f"token:{token}".encode(errors="surrogatepass"), sha256).hexdigest()


def _closed(actor: Actor) -> Verdict:
    nouns = (may(actor, noun, "api", actor.institution) for noun in NOUNS)
    return next(verdict for verdict in nouns if not verdict)
