"""Reading the ledgers: what is sealed in the chain, and what still waits to be. Who may read them, the gate says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain as joined
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

from audit.chain import chain

Document = dict[str, Any]
_NEWEST = [("at", -1), ("_id", -1)]


def newest(where: Document, limit: int) -> list[Document]:
    """Sealed entries, newest first."""
    return list(chain().find(where).sort(_NEWEST).limit(limit))


def older_than(entry: str, where: Document) -> Document | None:
    """The condition of being older than an entry that `where` covers; None when it covers no such entry."""
    edge = chain().find_one({"$and": [{"_id": entry}, where]}, {"at": 1})
    if edge is None:
        return None
    return {"$or": [{"at": {"$lt": edge["at"]}}, {"at": edge["at"], "_id": {"$lt": edge["_id"]}}]}


@dataclass(frozen=True)
class Sight:
    """One subject that an account saw: how often, and when first and last."""

    noun: str
    subject: str
    times: int
    first: datetime
    last: datetime


def seen_by(account: str, since: datetime, until: datetime, where: Document) -> list[Sight]:
    """Whose records an account saw in a time: each subject once, the last seen first.

    Args:
        account: its opaque id.
        since: from this moment.
        until: up to this moment, itself left out.
        where: what the asker may read of the ledgers.
    """
    # What waits first: what is sealed between the two looks is then seen by the second, and told once.
    of = {"actor": account, "at": {"$gte": since, "$lt": until}}
    shown = {"_id": 0, "at": 1, "noun": 1, "subjects": 1, "source": 1}
    waiting = list(get_db()["disclosures"].find({"$and": [of, where]}, {**shown, "_id": 1}))
    told = {f"disclosure:{each['_id']}" for each in waiting}
    sealed = chain().find({"$and": [{**of, "kind": "disclosure"}, where]}, shown)
    # Plain lists, because a page of twenty makes twenty of them and a year makes hundreds of thousands.
    found: dict[tuple[str, str], list[Any]] = {}
    for each in joined(waiting, (each for each in sealed if each["source"] not in told)):
        at, noun = each["at"], each["noun"]
        for subject in each["subjects"]:
            was = found.get((noun, subject))
            if was is None:
                found[noun, subject] = [1, at, at]
            else:
                was[0] += 1
                was[1] = min(was[1], at)
                was[2] = max(was[2], at)
    ordered = sorted(found.items(), key=lambda each: each[1][2], reverse=True)
    return [Sight(noun, subject, *of_it) for (noun, subject), of_it in ordered]


def disclosures_of(noun: str, record: str, after: str, limit: int) -> list[Document] | None:
    """The disclosures of one record, newest first, each with `_id` as the text that continues behind it.

    Args:
        noun: the kind of record.
        record: its opaque id.
        after: `_id` of the disclosure to continue behind; "" for the first.
        limit: how many at most.

    Returns:
        None when `after` is none of this record's disclosures.
    """
    of: Document = {"noun": noun, "subjects": record}
    sealed = {**of, "kind": "disclosure"}
    edge: tuple[datetime, str] | None = None
    if after:
        at = _moment_of(after, of, sealed)
        if at is None:
            return None
        edge, sealed["at"] = (at, after), {"$lte": at}
    waiting = {str(each["_id"]): each for each in get_db()["disclosures"].find(of, {"subjects": 0})}
    # Beyond the limit: those that stand beside the edge, in its millisecond, and are left out below.
    found = chain().find(sealed, {"subjects": 0}).sort(_NEWEST).limit(limit + len(waiting) + 100)
    both = waiting | {each["source"].removeprefix("disclosure:"): each for each in found}
    ordered = sorted(((each["at"], id_) for id_, each in both.items()), reverse=True)
    return [{**both[id_], "_id": id_} for at, id_ in ordered if edge is None or (at, id_) < edge][:limit]


def _moment_of(disclosure: str, waiting: Document, sealed: Document) -> datetime | None:
    if not ObjectId.is_valid(disclosure):
        return None
    found = chain().find_one({**sealed, "source": f"disclosure:{disclosure}"}, {"at": 1})
    found = found or get_db()["disclosures"].find_one({**waiting, "_id": ObjectId(disclosure)}, {"at": 1})
    return found["at"] if found else None
