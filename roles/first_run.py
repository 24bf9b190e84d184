"""The first-run page's token: while a store has no administrator, its holder may set up the first government.

It is printed at the start (`flask init --page`), kept as a hash, replaced by the next start and good for a day. Once an
administrator exists it is closed for ever, also when every administrator should be gone: then `flask init` is the way.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from accounts.sign_in.paper_codes import paper_code
from gate.refusals import NotFound
from roles.setting_up import Invitation, is_administered, set_up_government

GOOD_FOR = timedelta(hours=24)
WHILE_ONE_SETS_UP = timedelta(minutes=2)
"""A set-up that took longer was killed: the token can be used again."""
KEY = {"_id": "first-run"}


def open_first_run() -> str | None:
    """A new token in the place of an earlier one; None where an administrator exists or has ever existed."""
    if is_administered() or _closed():
        return None
    token = paper_code(5)
    update = {
        "$set": {"hash": _hash(token), "ends_at": datetime.now(UTC) + GOOD_FOR},
        "$unset": {"taken_at": ""},
    }
    try:
        get_db()["setup"].update_one(KEY, update, upsert=True)
    except DuplicateKeyError:  # another start was first; the newer token holds
        get_db()["setup"].update_one(KEY, update)
    return token


def is_open(token: str) -> bool:
    """Whether this token opens the page now."""
    found = get_db()["setup"].find_one(KEY) or {}
    fits = hmac.compare_digest(_hash(token), str(found.get("hash") or "no token"))
    return fits and not found.get("closed") and found["ends_at"] > datetime.now(UTC) and not is_administered()


def use_first_run(token: str, values: Mapping[str, str], *, pepper: bytes) -> Invitation:
    """Set up the first government and close the page; of two who use the token at once one is too late.

    Args:
        token: as the page was reached by.
        values, pepper: as set_up_government.

    Raises:
        NotFound: the token opens nothing.
        Invalid: as set_up_government; the token stays good.
    """
    if not is_open(token):
        raise NotFound
    now = datetime.now(UTC)
    free = [{"taken_at": {"$exists": False}}, {"taken_at": {"$lt": now - WHILE_ONE_SETS_UP}}]
    taken = get_db()["setup"].update_one(
        {**KEY, "hash": _hash(token), "$or": free}, {"$set": {"taken_at": now}}
    )
    if not taken.modified_count:
        raise NotFound
    try:
        made = set_up_government(values, pepper=pepper)
    except BaseException:
        get_db()["setup"].update_one(KEY, {"$unset": {"taken_at": ""}})
        raise
    close_first_run()
    return made


def close_first_run() -> None:
    """Close the page for ever."""
    get_db()["setup"].update_one(
        KEY, {"$set": {"closed": True}, "$unset": {"hash": "", "taken_at": "", "ends_at": ""}}, upsert=True
    )


def _closed() -> bool:
    return bool((get_db()["setup"].find_one(KEY) or {}).get("closed"))


def _hash(token: str) -> str:
    typed = unicodedata.normalize("NFKC", token[:200]).lower().strip()
    return sha256(f"first run:{typed}".encode(errors="surrogatepass")).hexdigest()
