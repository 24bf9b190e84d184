"""Reading the ledgers: what is sealed in the chain, and what still waits to be. Who may read them, the gate says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from bson import ObjectId
from mongoengine.connection import get_db

from audit.chain import BY_ACTOR, chain

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


class Sight(NamedTuple):
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
    # Hinted: left to itself the embedded engine reads the institutions' whole time, all accounts of it.
    sealed = chain().find({"$and": [{**of, "kind": "disclosure"}, where]}, shown).hint(BY_ACTOR)
    acts = sorted(
        [*waiting, *(each for each in sealed if each["source"] not in told)], key=lambda act: act["at"]
    )
    return sorted(_sights(acts), key=lambda each: each.last, reverse=True)


def _sights(acts: list[Document]) -> Iterator[Sight]:
    """Each subject of these acts once; the acts are in the order of time.

    A year of pages makes hundreds of thousands of subjects, so they are counted by the dictionaries themselves.
    """
    for noun in {each["noun"] for each in acts}:
        of_noun = [each for each in acts if each["noun"] == noun]
        times: Counter[str] = Counter()
        last: dict[str, datetime] = {}
        first: dict[str, datetime] = {}
        for each in of_noun:
            times.update(each["subjects"])
            last.update(dict.fromkeys(each["subjects"], each["at"]))
        for each in reversed(of_noun):
            first.update(dict.fromkeys(each["subjects"], each["at"]))
        for subject, count in times.items():
            yield Sight(noun, subject, count, first[subject], last[subject])


def acts_of(account: str, since: datetime, until: datetime, limit: int) -> list[Document]:
    """What an account did in a time, oldest first: what is sealed, and behind it what still waits to be."""
    of: Document = {"actor": account, "at": {"$gte": since, "$lt": until}}
    waiting = [
        {"kind": kind, **each, "source": f"{source}:{each['_id']}", **act}
        for room, kind, source, act in (
            ("disclosures", "disclosure", "disclosure", {"action": "seen"}),
            ("ledger", "event", "event", {}),
        )
        for each in get_db()[room].find(of).sort("at", 1).limit(limit)
    ]
    sealed = list(chain().find(of).hint(BY_ACTOR).sort([("at", 1)]).limit(limit))
    there = {each["source"] for each in sealed}
    both = sealed + [each for each in waiting if each["source"] not in there and "record" not in each]
    return sorted(both, key=lambda each: each["at"])[:limit]


def all_of(of: Document, where: Document, limit: int) -> list[Document]:
    """Entries of the chains and of what waits to be sealed, oldest first.

    Args:
        of: what is asked for.
        where: what the asker may read of the ledgers.
        limit: how many at most.
    """
    waiting = [
        {"kind": kind, **each, "source": f"{kind}:{each['_id']}", **act}
        for room, kind, act in (("disclosures", "disclosure", {"action": "seen"}), ("ledger", "event", {}))
        for each in get_db()[room].find({"$and": [of, where]}).sort("at", 1).limit(limit)
        if "record" not in each  # a change waits in its record's own outbox before this, and is soon through
    ]
    sealed = list(chain().find({"$and": [of, where]}).sort([("at", 1)]).limit(limit))
    there = {each["source"] for each in sealed}
    both = sealed + [each for each in waiting if each["source"] not in there]
    return sorted(both, key=lambda each: each["at"])[:limit]


def counted(of: Document, where: Document) -> list[Document]:
    """The sealed disclosures counted by account, noun, exit and purpose: acts, and subjects over all acts."""
    asked = {"$and": [{**of, "kind": "disclosure"}, where]}
    by = {name: {"$ifNull": [f"${name}", ""]} for name in ("actor", "noun", "exit", "purpose")}
    grouped = chain().aggregate([
        {"$match": asked},
        {"$group": {"_id": by, "acts": {"$sum": 1}, "subjects": {"$sum": {"$size": {"$ifNull": ["$subjects", []]}}}}},
    ])  # fmt: skip
    found = [{**each["_id"], "acts": each["acts"], "subjects": each["subjects"]} for each in grouped]
    return sorted(found, key=lambda each: tuple(each[name] for name in by))


def waiting(institution: str) -> int:
    """How many acts and disclosures of an institution are not sealed yet, counted to 10,000."""
    rooms = ("disclosures", "ledger")
    return sum(get_db()[room].count_documents({"institution": institution}, limit=10_000) for room in rooms)


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
