"""With which login ids a network address has failed at each institution, counted before the hash (S9, decision 0013).

An institution's list holds names of its own accounts alone: names that nobody has fill a list that closes nothing. From
an address whose list is full, other names of the institution are compared with no stored hash, and get the answer of a
wrong password: were they told that they are held up, names that exist could be told from names that do not.

One document for each address, under a keyed hash. Each attempt asks the store two questions, the same for every name.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from mongoengine.connection import get_db
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from accounts.lockout import keyed
from policies.lockout import NAMES, NAMES_LAST
from policies.networks import origin

Document = dict[str, Any]
NOBODYS = "nobody"
"""The list of names that belong to no account, or are tried from outside the allowed networks."""
_FULL = NAMES - 1


def reserve_name(address: str, name: str, institution: str, pepper: bytes) -> bool:
    """Add a name to those that an address has failed with, or say that it has failed with too many of an institution.

    Args:
        address: the network address; what is none counts as one.
        name: as folded.
        institution: whose account it is; "" where nobody's, and then the answer is always yes.
        pepper: the secret kept outside the store.
    """
    here, tried, list_ = _here(address, pepper), keyed("tried", name, pepper)[:32], _list(institution, pepper)
    _begin(here)
    before = _attempts().find_one_and_update(
        here,
        [
            {"$set": {
                "names": _with(tried, "names"),
                list_: _with(tried, list_),
                "institutions": {"$setUnion": ["$institutions", [{"$literal": institution}]]},
                "asked_at": datetime.now(UTC),
            }}
        ],
        return_document=ReturnDocument.BEFORE,
    )  # fmt: skip
    held = ((before or {}).get("by") or {}).get(list_.partition(".")[2], [])
    # guard: address-names
    return not institution or (before is not None and (tried in held or len(held) < NAMES))


def _begin(here: Document) -> None:
    """Make the address's document, or begin it again where its time is over."""
    now, over = (
        datetime.now(UTC),
        {"$lte": ["$until", datetime.now(UTC)]},
    )  # what is missing sorts before any time
    empty: Document = {"names": [], "by": {"$literal": {}}, "institutions": [], "told": []}
    again = {name: {"$cond": [over, value, f"${name}"]} for name, value in empty.items()}
    update = [
        {"$set": again | {"until": {"$cond": [over, now + NAMES_LAST, "$until"]}}},
        # Later than it ends, so that none is forgotten between two questions.
        {"$set": {"forget_at": {"$add": ["$until", 60_000]}}},
    ]
    with suppress(DuplicateKeyError):  # another process has just made it
        _attempts().update_one(here, update, upsert=True)


def _with(tried: str, names: str) -> Document:
    """A list with one name more, unless it is full."""
    held = {"$ifNull": [f"${names}", []]}
    room = {"$or": [{"$in": [tried, held]}, {"$lt": [{"$size": held}, NAMES]}]}
    return {"$cond": [room, {"$setUnion": [held, [tried]]}, held]}


def forget_name(address: str, name: str, institution: str, pepper: bytes) -> None:
    """Who gets in is taken off the count."""
    tried = keyed("tried", name, pepper)[:32]
    gone = {"$pull": {"names": tried, _list(institution, pepper): tried}}
    _attempts().update_one(_here(address, pepper), gone)


def newly_full(address: str, institution: str, pepper: bytes) -> list[str]:
    """After a failure: the institutions to tell, once for each time that an address fills a list of theirs, or tries
    so many names of whoever's; "" stands for nobody's."""
    here, list_ = _here(address, pepper), _list(institution, pepper)
    tell: list[str] = []
    if _claim_notice(here, list_) and institution:
        tell.append(institution)
    if _claim_notice(here, "names"):
        found = _attempts().find_one(here) or {}
        tell += [each for each in found.get("institutions", [""]) if each not in tell]
    return sorted(tell)


def _claim_notice(here: Document, list_: str) -> bool:
    """Mark a full list as reported; True for the one caller that is to report it."""
    full = {**here, f"{list_}.{_FULL}": {"$exists": True}, "told": {"$ne": list_}}
    return bool(_attempts().update_one(full, {"$addToSet": {"told": list_}}).modified_count)


def is_held(address: str, institution: str, pepper: bytes) -> bool:
    """Whether an address has failed with so many of an institution's names that others of it are held up there."""
    full = {f"{_list(institution, pepper)}.{_FULL}": {"$exists": True}, "until": {"$gt": datetime.now(UTC)}}
    return _attempts().find_one({**_here(address, pepper), **full}) is not None


def release_address(address: str, institutions: Iterable[str], pepper: bytes) -> bool:
    """Forget with which names of these institutions an address has failed; whether any was held up there."""
    houses = list(institutions)
    held = any([is_held(address, each, pepper) for each in houses])
    lists = [_list(each, pepper) for each in houses]
    begun: Document = {"names": [], **dict.fromkeys(lists, [])}
    _attempts().update_one(
        _here(address, pepper), {"$set": begun, "$pull": {"told": {"$in": [*lists, "names"]}}}
    )
    return held


def _here(address: str, pepper: bytes) -> Document:
    return {"_id": keyed("address", origin(address), pepper)}


def _list(institution: str, pepper: bytes) -> str:
    # Hashed as all of it is; and a code is no name of a field, whatever stands in it.
    return f"by.{keyed('institution', institution, pepper)[:16] if institution else NOBODYS}"


def _attempts() -> Collection[Document]:
    found: Collection[Document] = get_db()["attempts"]
    return found
