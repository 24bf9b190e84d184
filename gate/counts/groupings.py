"""By what records are counted: the one list of it. A page that counts asks for a grouping and adds up its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from gate.store.clock import midnight
from gate.store.collections import records_of
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]
_DAY = "day"


@dataclass(frozen=True)
class Grouping:
    """Records of a noun, counted by institution and by these of their values."""

    name: str
    of: str
    """The noun's name."""
    by: tuple[str, ...]
    sums: tuple[str, ...] = ()
    """Numbers that are added up beside the count."""
    day_of: str = ""
    """A moment whose day in Japan is counted by too; records without it are left out."""

    @property
    def noun(self) -> Noun:
        """The noun whose records are counted."""
        return NOUNS[self.of]

    @property
    def key(self) -> str:
        """Its name in the store: a grouping that is declared otherwise is another one there, and recounted."""
        return f"{self.name} {','.join(self.by)} {','.join(self.sums)} {self.day_of}".strip()


class Row(NamedTuple):
    """So many records of one institution have these values."""

    institution: str
    values: tuple[Any, ...]
    """In the order of the grouping's `by`; None where a record has none, a tuple where it holds several."""
    day: str
    """YYYY-MM-DD in Japan; empty where the grouping counts by no day."""
    records: int
    sums: tuple[int, ...]


STANDING = Grouping(
    "standing", "item", ("rank", "input_status", "object_type", "lacks"), sums=("object_count",)
)
"""One for the boards of status and of completeness: the store reads every record for each grouping."""
COMPLETED = Grouping(
    "completed", "item", ("rank", "entered_by"), sums=("object_count",), day_of="completed_at"
)
GROUPINGS: tuple[Grouping, ...] = (STANDING, COMPLETED)


def groupings_of(noun: Noun) -> list[Grouping]:
    """Those of a noun's records."""
    return [each for each in GROUPINGS if each.of == noun.name]


def added_up(rows: Iterable[Row]) -> list[Row]:
    """Rows of the same institution, values and day as one."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        before = found.get(row[:3])
        found[row[:3]] = row if before is None else _sum_of(before, row)
    return list(found.values())


def _sum_of(one: Row, other: Row) -> Row:
    sums = tuple(a + b for a, b in zip(one.sums, other.sums, strict=True))
    return one._replace(records=one.records + other.records, sums=sums)


def by_month(rows: Iterable[Row]) -> list[Row]:
    """The rows with the days of each month added up: the day is the month's first."""
    return added_up(row._replace(day=f"{row.day[:7]}-01") for row in rows)


def count_from_scratch(
    grouping: Grouping,
    covered: frozenset[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    ids: Document | None = None,
) -> Iterator[Row]:
    """Count in the store, by one aggregation.

    Args:
        grouping: by what.
        covered: of these institutions; None for all.
        since: from this day on, where the grouping counts by day.
        until: before this day.
        ids: of the records of this range of ids.
    """
    # A tombstone belongs to no institution and is no record any more.
    where: Document = {grouping.noun.belongs: {"$ne": None} if covered is None else {"$in": sorted(covered)}}
    by: Document = {"institution": f"${grouping.noun.belongs}"}
    by |= {f"v{at}": f"${name}" for at, name in enumerate(grouping.by)}
    if grouping.day_of:
        bounds = {"$gte": since and midnight(since), "$lt": until and midnight(until)}
        where[grouping.day_of] = {way: day for way, day in bounds.items() if day} or {"$ne": None}
        by[_DAY] = {
            "$dateToString": {"date": f"${grouping.day_of}", "format": "%Y-%m-%d", "timezone": "+09:00"}
        }
    group: Document = {"_id": by, "n": {"$sum": 1}}
    group |= {f"s{at}": {"$sum": f"${name}"} for at, name in enumerate(grouping.sums)}
    if ids:
        where["_id"] = ids
    stages = [{"$match": where}, {"$group": group}]
    walking: dict[str, Any] = {} if ids is None else {"hint": "_id_"}
    for each in records_of(grouping.noun).aggregate(stages, **walking):
        of = each["_id"]
        yield Row(
            of["institution"],
            tuple(_value(of.get(f"v{at}")) for at in range(len(grouping.by))),
            of.get(_DAY, ""),
            each["n"],
            tuple(each[f"s{at}"] for at in range(len(grouping.sums))),
        )


def _value(stored: Any) -> Any:
    return tuple(stored) if isinstance(stored, list) else stored
