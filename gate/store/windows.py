"""How a page is fetched in any order without sorting all that matches: the one module that knows why.

The embedded engine reads and sorts every record that a filter matches, whatever index there is (1.1 s at 40,000).
So the order is cut into stretches by a sample of its own values, each short enough to be sorted at once, and they are
read one after another until the page is full. A value that very many records share is a stretch of its own, in order
of entry. Whatever the sample (gate.store.samples), the stretches leave nothing out, so the page is exact; the sample only
decides how many records the engine has to sort. MongoDB serves the same queries from the compound indexes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymongo.errors import OperationFailure

from gate.store import samples
from gate.store.collections import records_of
from gate.store.samples import Runs
from models.data_classes import PERSONAL
from models.declaration import Noun

Document = dict[str, Any]
Order = list[tuple[str, int]]
FEW = 1_000
"""Up to this many matches the engine sorts as fast as a window is found."""
FEW_BY_WORDS = 200
"""Of matches of words: each is read whole, its text unpacked and compared, before the engine sorts."""
WORDS = "keys.grams_1"
"""The index of words."""
OWN = "institution_1__id_1"
"""The index of an institution's records in order of entry."""
SPARE = 4
"""A stretch is made for so many times the records that a page needs: cheaper than reading a second one."""


@dataclass(frozen=True)
class Matching:
    """The records that a question is about, and what is known of how many and where they are."""

    noun: Noun
    where: Document
    covered: frozenset[str]
    """The institutions that `where` is about."""
    projection: Document
    """The fields to bring."""
    total: int | None
    """How many match in all, as far as was counted; None: all records of the institutions, and many."""
    drawn: Document | None
    """Where words are to be found, the same condition for the records of the sample."""


def fetch(
    of: Matching,
    order: Order,
    limit: int,
    *,
    edge: Any = None,
    beyond: Document | None = None,
    but: Any = None,
) -> list[Document]:
    """The first `limit` of these documents.

    Args:
        of: the records asked for.
        order: (field, 1 or -1), ending in `_id`.
        limit: how many.
        edge: the order's value at which to begin; None for the beginning.
        beyond: the condition that says where to begin.
        but: a value of the order that none of them has.
    """
    name, way = order[0]
    where = {"$and": [of.where, beyond]} if beyond else of.where
    whole = name == "_id" and of.total is None
    if whole and samples.are_near(of.noun, of.covered, edge, way):
        return _find(of, where, order, limit, "_id_")
    # Other institutions' records stand before them, perhaps all of theirs, and walking would pass them one by one.
    hint = OWN if whole else WORDS if of.drawn else None
    few = min(FEW, FEW_BY_WORDS) if of.drawn else FEW
    if (of.total is not None and of.total <= few) or not _steady(of.noun, name):
        return _find(of, where, order, limit, hint)
    runs = (
        samples.sample_of(of.noun, name, of.drawn) if of.drawn else samples.sample(of.noun, name, of.covered)
    )
    # The sample is of what the words find, or of all records, of which a filter leaves so many.
    thinned = (
        1.0 if of.drawn or of.total is None else sum(count for _, count in runs) * samples.ONE_IN / of.total
    )
    wanted = max(1, round(limit * SPARE / samples.ONE_IN * thinned))
    if of.drawn and name == "_id" and _often(sum(count for _, count in runs), limit, _all(of)):
        hint = None  # the words and the range each by its own index, and only what stands in both is read
    found: list[Document] = []
    for stretch in _stretches(runs, edge, way, wanted):
        if "$eq" in stretch:
            if stretch["$eq"] == but:
                continue
            left = beyond if stretch["$eq"] == edge else None
            found += _alike(of, order, stretch["$eq"], limit - len(found), left, runs)
        else:
            within = {"$and": [where, {name: stretch}]} if stretch else where
            found += _find(of, within, order, limit - len(found), hint)
        if len(found) == limit:
            break
    return found


def fetch_alike(
    of: Matching, order: Order, value: Any, limit: int, beyond: Document | None
) -> list[Document]:
    """Of these documents those that have this one value in the order's field, in order of entry.

    `beyond`: where to begin among them, as fetch has it.
    """
    runs = [] if of.drawn or of.total is not None else samples.sample(of.noun, order[0][0], of.covered)
    return _alike(of, order, value, limit, beyond, runs)


def _alike(
    of: Matching, order: Order, value: Any, limit: int, beyond: Document | None, runs: Runs
) -> list[Document]:
    """Where very many of all records share a value, walking in order of entry meets enough of them sooner than the engine
    sorts them; with a filter beside it nobody knows whether any is left."""
    walk = of.total is None and not of.drawn and _often(_count(runs, value), limit, sum(n for _, n in runs))
    where: list[Document] = [of.where, {order[0][0]: value}]
    if beyond:
        # Among those that are alike the id alone says where to begin, and the engine walks from there.
        ways = beyond.get("$or", [beyond])
        where += [{"_id": each["_id"]} for each in ways if "_id" in each][:1]
    return _find(of, {"$and": where}, order[1:], limit, "_id_" if walk else WORDS if of.drawn else None)


def _often(drawn: int, limit: int, whole: int) -> bool:
    """Whether so many of the sample stand so close that walking past the others costs less than reading all of them.

    Of a sample of `whole`, `drawn` are meant; to meet `limit` of them one walks past `limit * whole / drawn` records.
    """
    return drawn * drawn * samples.ONE_IN > limit * whole


def _all(of: Matching) -> int:
    """How many of the sample these institutions hold in all."""
    return len(samples.sample(of.noun, "_id", of.covered))


def _count(runs: Runs, value: Any) -> int:
    return next((count for each, count in runs if each == value), 0)


def _stretches(runs: Runs, edge: Any, way: int, wanted: int) -> Iterator[Document]:
    """Conditions on the order's field that cover, one after another, all that lies beyond the edge, itself included.

    Args:
        runs: the sample, ascending.
        edge: where to begin; None for the very beginning.
        way: 1 or -1.
        wanted: how many of the sample's values make a stretch; the next one is twice as long.
    """
    past, until = ("$gt", "$lt") if way > 0 else ("$lt", "$gt")
    start: Document = {} if edge is None else {f"{past}e": edge}
    length = 0
    for value, count in _beyond(runs, edge, way):
        if count > max(1, wanted):
            if value != edge:
                yield {**start, until: value}
            yield {"$eq": value}
        elif (length := length + count) >= wanted:
            yield {**start, f"{until}e": value}
            wanted *= 2
        else:
            continue
        start, length = {past: value}, 0
    yield start


def _beyond(runs: Runs, edge: Any, way: int) -> Runs:
    if way > 0:
        return runs if edge is None else runs[bisect_left(runs, edge, key=_value) :]
    return (runs if edge is None else runs[: bisect_right(runs, edge, key=_value)])[::-1]


def _value(run: tuple[Any, int]) -> Any:
    return run[0]


def _find(of: Matching, where: Document, order: Order, limit: int, hint: str | None) -> list[Document]:
    """The engine's planner may take the institutions' index and sort all of it, where nearly every id of a range belongs
    to the page and the range is better walked; or walk a range of ids for the few in it that hold a word."""
    found = records_of(of.noun).find(where, of.projection, sort=order, limit=limit, hint=hint)
    try:
        return found.to_list()
    except OperationFailure:
        if not hint:
            raise
        return _find(of, where, order, limit, None)  # the index is being rebuilt (gate.store.bulk_indexes)


def _steady(noun: Noun, name: str) -> bool:
    """Whether every record has a value there, of one type, and no person's: then a window misses none."""
    if name == "_id":
        return True
    kept, _, of = name.partition(".")
    field = noun.fields[of.split(".")[0] or kept]
    # Of a written date both ends of its interval are always kept (gate.store.date_intervals), of a text its key
    # (gate.fields.sort_keys); what was written before there were any is counted in by `flask upgrade`, and until then is not in
    # such a list.
    return bool(of or field.required) and field.data_class not in PERSONAL
