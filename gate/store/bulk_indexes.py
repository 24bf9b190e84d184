"""Filling a store: the indexes of what is made in numbers are left for the end, where building them costs a fifth.

Whoever takes them away leaves a mark in the store first. It goes when they are there again; killed in between, the
worker finds it and builds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from gate.store.collections import make_indexes, record_indexes, records_of
from models.declaration import Noun
from models.registry import NOUNS

MANY = 1_000
"""From so many records on it pays."""
VERY_MANY = 10_000
"""From so many on it pays for the other indexes too: each that is built anew costs some hundredths of a second."""
IN_PLACE = 10
"""With so many times more records there already, it is quicker to add to the search index than to build it anew."""
KEPT = ("_id_", "outbox_at_1")
"""Beside the unique ones these stay: the sealer asks every second for what it is to seal."""
A_WHILE = timedelta(minutes=10)
"""A filling that took longer is taken for dead; if it is not, it is slower and nothing else."""


@contextmanager
def filling(records: int) -> Iterator[None]:
    """Around the making of this many records: all indexes are there before and after it.

    Until then a search reads every record, which is slow and right. Killed in between, the worker builds them.
    """
    make_indexes(record_indexes())
    if records < MANY:
        yield
        return
    postpone_indexes("filling", A_WHILE)
    for noun in NOUNS.values():
        _drop(noun, others=records >= VERY_MANY)
    try:
        yield
    finally:
        make_indexes(record_indexes())
        forget_postponed(owing(["filling"]))


def lighten(noun: Noun, records: int, run: str) -> None:
    """Take away what one noun's store in use can do without while so many records are made, where that is the quicker way.

    The search index is the dearest; the others go only where most of the records are yet to come, for until the end
    lists are read without them. The import owes them from now on, whatever happens.
    """
    there = records_of(noun).estimated_document_count()
    if records < MANY or there > IN_PLACE * records:
        return
    postpone_indexes(run)
    _drop(noun, others=records >= max(there, VERY_MANY))


def postpone_indexes(who: str, wait: timedelta = timedelta()) -> None:
    """Mark that indexes are about to go, or lack; for so long nobody else is to build them."""
    told = {"until": datetime.now(UTC) + wait, "mark": ObjectId()}
    try:
        _debts().update_one({"_id": who}, {"$set": told}, upsert=True)
    except DuplicateKeyError:  # another who holds the same job for a moment was first
        _debts().update_one({"_id": who}, {"$set": told})


def owing(those: Iterable[str] | None = None) -> dict[str, Any]:
    """Who owes indexes → the mark of it: imports by their ids; all whose time is up, or those named."""
    asked = {"until": {"$lte": datetime.now(UTC)}} if those is None else {"_id": {"$in": list(those)}}
    return {each["_id"]: each["mark"] for each in _debts().find(asked)}


def anybody_owes() -> bool:
    """Whether indexes lack because somebody took them away, be it a moment ago."""
    return _debts().find_one({}) is not None


def take_on(debts: dict[str, Any], wait: timedelta) -> None:
    """Let nobody else build these for so long."""
    until = datetime.now(UTC) + wait
    _debts().update_many({"mark": {"$in": list(debts.values())}}, {"$set": {"until": until}})


def forget_postponed(debts: dict[str, Any]) -> None:
    """They are built. What was marked anew in the meantime is owed still."""
    _debts().delete_many({"mark": {"$in": list(debts.values())}})


def _debts() -> Collection[dict[str, Any]]:
    found: Collection[dict[str, Any]] = get_db()["indexes_owed"]
    return found


def _drop(noun: Noun, *, others: bool) -> None:
    for name, index in records_of(noun).index_information().items():
        if ".grams_" in name or (others and name not in KEPT and not index.get("unique")):
            records_of(noun).drop_index(name)
