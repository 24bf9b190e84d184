"""Counts as a page asks for them: of a small store counted at once, of a large one as they were last counted for everybody.

Nothing here knows who asks: the caller has put the fields and the institutions to policy first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import Any

from gate.counts.groupings import (
    GROUPINGS,
    Grouping,
    Row,
    added_up,
    by_month,
    count_from_scratch,
    groupings_of,
)
from gate.counts.kept import Header, Stopped, header_of, ledger_heads, read, recount
from gate.store.collections import records_of
from gate.store.memory import beside
from models.declaration import Noun

FEW = 2_000
"""So many records are counted at once: it takes the store a few milliseconds."""
SHARE = 10
"""Counts are recomputed after so many times the time that they took: at most a tenth of one processor's work."""
LEAST_SECONDS = 5.0
LONGEST_SECONDS = 900.0
"""After so long it is recomputed even if the ledger says that nothing changed."""
_first = Lock()
"""Held while a process makes a count that is not there yet: the other pages wait for it and do not count too."""


def counted(
    grouping: Grouping,
    covered: frozenset[str],
    by: tuple[str, ...] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    monthly: bool = False,
    now: bool = False,
) -> list[Row]:
    """A grouping's rows of these institutions, of days from `since` up to and without `until` where it counts by day.

    Args:
        grouping: one of GROUPINGS.
        covered: the institutions; the caller has asked policy for them.
        by: those of the grouping's values that the rows are to tell, in this order; empty for all. A count at once takes the
            store several times as long for each further one.
        since: the first day; None for all.
        until: the day after the last.
        monthly: the days of each month added up; `since` and `until` are then firsts of months.
        now: count at once, whatever it takes: for what leaves as a file.
    """
    asked = replace(grouping, by=by) if by else grouping
    header = None if now else _standing(grouping)
    while header is not None:
        rows = read(header, covered, since, until, monthly=monthly)
        if rows is not None:
            return rows if asked == grouping else _only(rows, [grouping.by.index(name) for name in by])
        header = header_of(grouping)  # two later counts were made while it was read
    rows = list(count_from_scratch(asked, covered, since, until))
    return by_month(rows) if monthly else rows


def _only(rows: Iterable[Row], places: list[int]) -> list[Row]:
    return added_up(row._replace(values=tuple(row.values[at] for at in places)) for row in rows)


def counted_by(noun: Noun, field: str, covered: frozenset[str]) -> Counter[Any] | None:
    """Value of a field → how many records of these institutions hold it; None where no grouping counts by it, or so few
    records are there that the caller counts by this field alone as quickly."""
    for grouping in groupings_of(noun):
        if field in grouping.by and not grouping.day_of and _standing(grouping) is not None:
            found: Counter[Any] = Counter()
            for row in counted(grouping, covered, (field,)):
                found[row.values[0]] += row.records
            return found
    return None


def counted_at(noun: Noun) -> datetime | None:
    """When the oldest of a noun's counts that pages show was made; None where they count at once."""
    many = [each for each in groupings_of(noun) if _are_many(each)]
    headers = [header for each in many if (header := _large(header_of(each)))]
    return min((each.at for each in headers), default=None)


class Recounting:
    """The worker's step: recomputes the counts that are due, beside its other work."""

    def __init__(self, is_stopped: Callable[[], bool] = lambda: False) -> None:
        """Begin with nothing under way. `is_stopped`: whether the worker is to end, which waits for no count."""
        self._is_stopped = is_stopped
        self._under_way: Future[None] | None = None

    def step(self) -> int:
        """Begin what is due, unless it is under way; 0, since nobody waits for it.

        Raises:
            PyMongoError: the count that was begun before failed; what stood before stands.
        """
        if self._under_way is not None:
            if not self._under_way.done():
                return 0
            ended, self._under_way = self._under_way, None
            ended.result()
        if due := due_groupings():
            self._under_way = beside().submit(_recount_all, due, self._is_stopped)
        return 0


def due_groupings() -> list[Grouping]:
    """Those whose count is to be recomputed: many records, time enough since the last one, and something changed."""
    headers = {each: header_of(each) for each in GROUPINGS}
    found = [each for each, header in headers.items() if header is None and _are_many(each)]
    pause = max(LEAST_SECONDS, SHARE * sum(each.seconds for each in headers.values() if each))
    # An age below nothing: the clock was set back, and the time of the count says nothing any more.
    rested = {each: header for each, header in headers.items() if header and not 0 <= header.age < pause}
    if rested:
        heads = ledger_heads()
        found += [
            each
            for each, header in rested.items()
            if header.heads != heads or not 0 <= header.age < LONGEST_SECONDS
        ]
    return found


def _recount_all(groupings: Iterable[Grouping], is_stopped: Callable[[], bool]) -> None:
    with suppress(Stopped):
        for each in groupings:
            recount(each, is_stopped)


def _standing(grouping: Grouping) -> Header | None:
    """The count to show; None where the records are so few that they are counted at once."""
    if not _are_many(grouping):
        return None
    header = header_of(grouping)
    if header is None:
        with _first:
            header = header_of(grouping) or recount(grouping)
    return _large(header)


def _large(header: Header | None) -> Header | None:
    return header if header and header.records > FEW else None


def _are_many(grouping: Grouping) -> bool:
    return records_of(grouping.noun).estimated_document_count() > FEW
