"""A password is started anew by a link that works once, for a day; who made it never knows the password.

The link's secret is kept only as a keyed hash. What is wrong with a link that opens nothing is not said.

It is made under the stamps of two accounts (accounts.sessions): of the one that it is for, and of who made it. Whatever ends
either's sessions ends the link, for good: another role, a suspension, another password. It also opens nothing while who
made it may not edit the account, because their role or an institution is another by now.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from accounts.accounts import role_of, standing
from accounts.approving import link_awaits_approval
from accounts.console import NAME as CONSOLE
from accounts.lockout import unlock
from accounts.sessions import stamp_of
from accounts.sign_in.paper_codes import paper_code
from accounts.sign_in.passwords import set_password
from accounts.sign_in.second_factor import turn_off
from audit.events import note
from gate.reading.loading import find_document
from gate.refusals import Refused
from gate.store.collections import key_of, records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict, may

INDEXES = {"resets": [IndexModel([("user", 1)]), IndexModel([("ends_at", 1)], expireAfterSeconds=0)]}

OWN: Words = (
    "自分のパスワードは「アカウント」の画面で変えてください。",
    "Change your own password on the page of your account.",
)
GOOD_FOR = timedelta(hours=24)
Document = dict[str, Any]


@dataclass(frozen=True)
class Reset:
    """A reset that is open: for whom. `without_factor`: the second factor is to be set up anew as well."""

    login_id: str
    has_factor: bool
    without_factor: bool


def permit_reset(actor: Actor, user: str) -> Document:
    """Let pass who may start a password anew: whoever may edit the account, and is another person than its own.

    For the own account the present password is asked, and the code (accounts.credentials): a link would go round both.

    Raises:
        NotFound, Refused: out of reach, not this actor's to edit, or their own.
    """
    found = find_document(actor, NOUNS["user"], user, "edit")
    if str(found["_id"]) == actor.user:  # an id can be written in capitals too
        raise Refused(Verdict(Effect.HIDE, "own-account", OWN))
    return found


def start_reset(
    actor: Actor, user: str, *, pepper: bytes, without_factor: bool = False
) -> tuple[str, datetime]:
    """Make a link for an account; links made before open nothing any more.

    Args:
        actor: who starts it; it stands in the operation history.
        user: the account's id.
        pepper: the secret kept outside the store.
        without_factor: also ask for the second factor anew, where telephone and paper are both lost.

    Returns:
        The link's secret, to be shown once, and until when it is good.

    Raises:
        NotFound, Refused: as permit_reset.
    """
    found = permit_reset(actor, user)
    user = str(found["_id"])
    token, ends = paper_code(5), datetime.now(UTC) + GOOD_FOR
    detail = f"{user} {'with second factor' if without_factor else ''}".strip()
    note("reset_started", actor=actor.user, institution=found["institution"], noun="user", detail=detail)
    # guard: resets-end
    get_db()["resets"].delete_many({"user": user})
    get_db()["resets"].insert_one(
        {
            "_id": _hash(token, pepper),
            "user": user,
            "stamp": found.get("stamp") or "",
            "role": found.get("role"),
            "institution": found["institution"],
            "by": actor.user,
            "by_stamp": stamp_of(actor.user),
            "without_factor": without_factor,
            "awaits": _awaits(found, actor),
            "ends_at": ends,
        }
    )
    return token, ends


def find_reset(token: str, *, pepper: bytes) -> Reset | None:
    """The open reset of a link; None where the link is wrong, used, replaced, out of date or no longer its maker's to give."""
    found = _open(token, pepper)
    who = _account(found["user"]) if found else None
    # guard: reset-holds
    if found is None or who is None or not _holds(found, who):
        return None
    # guard: reset-approved
    if found.get("awaits"):
        return None
    return Reset(who["login_id"], bool(who.get("second_factor")), found["without_factor"])


def awaits_approval(token: str, *, pepper: bytes) -> bool:
    """Whether this link opens nothing yet because a second person has not approved it."""
    found = _open(token, pepper)
    who = _account(found["user"]) if found else None
    return bool(found and found.get("awaits") and who and _holds(found, who))


def use_reset(token: str, password: str, *, pepper: bytes) -> bool:
    """Set the password that the link's person chose; False where the link opens nothing, or another was quicker.

    Raises:
        Invalid: the password will not do; the link stays good.
        Busy: too many hashes are waiting; the link stays good.
    """
    reset, found = find_reset(token, pepper=pepper), _open(token, pepper)
    if reset is None or found is None:
        return False
    key, user = {"_id": found["_id"]}, found["user"]
    # Taken before the password is set, so that of two who use it at once one is too late; given back if it will not do.
    # guard: reset-taken-once
    taken = {**key, "taken_at": {"$exists": False}}
    if not get_db()["resets"].update_one(taken, {"$set": {"taken_at": datetime.now(UTC)}}).modified_count:
        return False
    try:
        codes_stay = reset.has_factor and not reset.without_factor
        set_password(user, password, pepper=pepper, second_factor=codes_stay)
    except BaseException:
        get_db()["resets"].update_one(key, {"$unset": {"taken_at": ""}})
        raise
    if reset.has_factor and reset.without_factor:
        turn_off(user, by=found["by"])
    unlock(reset.login_id, pepper=pepper)
    get_db()["resets"].delete_one(key)
    return True


def _awaits(found: Document, maker: Actor) -> bool:
    role = records_of(NOUNS["role"]).find_one({"_id": found.get("role")})
    return role is not None and link_awaits_approval(role_of(role), maker.user, found)


def _open(token: str, pepper: bytes) -> Document | None:
    now = datetime.now(UTC)
    # guard: reset-ends-at
    wanted = {"_id": _hash(token, pepper), "ends_at": {"$gt": now}, "taken_at": {"$exists": False}}
    found: Document | None = get_db()["resets"].find_one(wanted)
    return found


def _holds(found: Document, who: Document) -> bool:
    """Whether the account is still the one that the link was made for, and its maker may still do so."""
    now = {"stamp": who.get("stamp") or "", "role": who.get("role"), "institution": who["institution"]}
    if who.get("disabled") or any(found.get(name) != value for name, value in now.items()):
        return False
    if found["by"] == CONSOLE:
        return True
    maker = standing(found["by"])
    return (
        maker is not None
        and maker.stamp == found.get("by_stamp")
        and bool(may(maker.actor, "user", "edit", who["institution"]))
    )


def _account(user: str) -> Document | None:
    return records_of(NOUNS["user"]).find_one(
        {"_id": key_of(NOUNS["user"], user), "institution": {"$ne": None}}
    )


def _hash(token: str, pepper: bytes) -> str:
    typed = unicodedata.normalize("NFKC", token[:200]).lower().strip()
    return hmac.new(pepper, f"reset:{typed}".encode(errors="surrogatepass"), sha256).hexdigest()
