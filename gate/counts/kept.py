"""Counts kept in the store: one count of all records, made beside the pages and read by every process.

A count is written under a generation of its own, and a header that names the generation is changed last. So a reader
finds one whole count, whatever is killed. A count is always made from scratch, so that it cannot drift.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from audit import chain
from gate.counts.groupings import Grouping, Row, added_up, by_month, count_from_scratch
from gate.store.memory import Memory
from gate.store.samples import ranges_of_ids

Document = dict[str, Any]
Part = tuple[str, str]
"""Institution, and month (YYYY-MM) or nothing: what is read at once."""
AT_ONCE = 4_096
"""So many records are counted by one call of the store."""
_parts: Memory[tuple[str, str], list[Row]] = Memory(most=200)
"""Database and id of a part → its rows: a part is never changed."""
_months: Memory[tuple[str, str], list[Row]] = Memory(most=200)
"""The same → its rows with the month's days added up."""


@dataclass(frozen=True)
class Header:
    """What stands in the store about a grouping's count."""

    at: datetime
    """When it was begun: every change before that is in it."""
    seconds: float
    """How long it took."""
    records: int
    """How many records the noun had."""
    generation: ObjectId
    parts: frozenset[Part]
    heads: Document
    """Where the chains of the ledger ended before it was begun."""

    @property
    def age(self) -> float:
        """Seconds since it was begun; negative where the clock was set back."""
        return (datetime.now(UTC) - self.at).total_seconds()


def header_of(grouping: Grouping) -> Header | None:
    """The count that stands; None where there is none."""
    found = _counts().find_one({"_id": grouping.key})
    if found is None:
        return None
    parts = frozenset((institution, month) for institution, month in found["parts"])
    heads = {institution: number for institution, number in found["heads"]}
    return Header(found["at"], found["seconds"], found["records"], found["generation"], parts, heads)


class Stopped(Exception):
    """A count was given up before its end; what stood before stands."""


def recount(grouping: Grouping, is_stopped: Callable[[], bool] = lambda: False) -> Header:
    """Count from scratch and keep it, unless another process kept a later one meanwhile; the count that was made.

    `is_stopped` is asked before each range.

    Raises:
        Stopped: it said so.
        PyMongoError: the store did not answer; what stood before stands.
    """
    before, heads = header_of(grouping), ledger_heads()
    at, began, generation = datetime.now(UTC), time.monotonic(), ObjectId()
    rows: defaultdict[Part, list[Row]] = defaultdict(list)
    for row in _counted_by_ranges(grouping, is_stopped):
        rows[row.institution, row.day[:7]].append(row)
    number = sum(row.records for part in rows.values() for row in part)
    if rows:
        _counts().insert_many([_stored_part(grouping, generation, *each) for each in rows.items()])
    made = Header(at, time.monotonic() - began, number, generation, frozenset(rows), heads)
    if _put(grouping, made) and before is not None:
        # Those of the count before stay for who is reading them.
        _counts().delete_many({"grouping": grouping.key, "generation": {"$lt": before.generation}})
    return made


def read(
    header: Header, covered: Iterable[str], since: date | None, until: date | None, *, monthly: bool = False
) -> list[Row] | None:
    """The rows of these institutions and days, or of these months; None where they are gone: a later count stands, whose header is to be read."""
    first, last = str(since or "")[:7], str(until or "9999-12")[:7]
    within = frozenset(covered)
    wanted = {
        _id_of(header.generation, part)
        for part in header.parts
        if part[0] in within and (not part[1] or first <= part[1] <= last)
    }
    database = get_db().name
    found = {each: kept for each in wanted if (kept := _parts.get((database, each))) is not None}
    for each in (
        _counts().find({"_id": {"$in": sorted(wanted - found.keys())}}) if wanted - found.keys() else ()
    ):
        found[each["_id"]] = _parts.put(
            (database, each["_id"]), [_row(each["institution"], row) for row in each["rows"]]
        )
    if len(found) < len(wanted):
        return None
    if monthly:
        found = {
            each: _months.kept((database, each), partial(by_month, rows)) for each, rows in found.items()
        }
    begin, end = str(since or ""), str(until or "9999-12-31")
    return [row for rows in found.values() for row in rows if not row.day or begin <= row.day < end]


def ledger_heads() -> Document:
    """Institution → the number of the last entry of its chain: nothing is written through the gate without moving one."""
    return {each: chain.head(each).number for each in chain.institutions()}


def _counted_by_ranges(grouping: Grouping, is_stopped: Callable[[], bool]) -> list[Row]:
    """The rows over all records, counted range by range of ids: no call of the store takes long, and together they take
    the embedded engine a third of the time of one call. No record changes its id, so each is counted once."""
    return added_up(
        row
        for ids in ranges_of_ids(grouping.noun, AT_ONCE)
        if not _ends(is_stopped)
        for row in count_from_scratch(grouping, ids=ids)
    )


def _ends(is_stopped: Callable[[], bool]) -> bool:
    if is_stopped():
        raise Stopped
    return False


def _put(grouping: Grouping, made: Header) -> bool:
    """Change the header, unless a later count stands there; whether it was changed."""
    told = {
        "at": made.at,
        "seconds": made.seconds,
        "records": made.records,
        "generation": made.generation,
        "parts": sorted(list(each) for each in made.parts),
        "heads": sorted(list(each) for each in made.heads.items()),
    }
    try:
        _counts().update_one(
            {"_id": grouping.key, "generation": {"$lt": made.generation}}, {"$set": told}, upsert=True
        )
    except DuplicateKeyError:
        _counts().delete_many({"grouping": grouping.key, "generation": made.generation})
        return False
    return True


def _stored_part(grouping: Grouping, generation: ObjectId, part: Part, rows: list[Row]) -> Document:
    return {
        "_id": _id_of(generation, part),
        "grouping": grouping.key,
        "generation": generation,
        "institution": part[0],
        "rows": [[list(row.values), row.day, row.records, list(row.sums)] for row in rows],
    }


def _row(institution: str, stored: list[Any]) -> Row:
    values, day, records, sums = stored
    return Row(
        institution,
        tuple(tuple(each) if isinstance(each, list) else each for each in values),
        day,
        records,
        tuple(sums),
    )


def _id_of(generation: ObjectId, part: Part) -> str:
    return f"{generation}:{part[0]}:{part[1]}"


def _counts() -> Collection[Document]:
    found: Collection[Document] = get_db()["counts"]
    return found
