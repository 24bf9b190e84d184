"""How a page is fetched in any order without sorting all that matches: the one module that knows why.

The embedded engine reads and sorts every record that a filter matches, whatever index there is (1.1 s at 40,000).
So the page is looked for between its edge and a bound close to it, taken from a sample of the order's own values;
where too few are found the bound is moved on. Whatever the bound, all records up to it are within, so the page is
exact; the sample only decides how many of them the engine has to sort. MongoDB serves the same queries from the
compound indexes.
"""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from typing import Any

from gate.store import records_of
from models.data_classes import PERSONAL
from models.declaration import Noun

Document = dict[str, Any]
Order = list[tuple[str, int]]
FEW = 1_000
"""Up to this many matches the engine sorts as fast as a window is found."""
SAMPLE = 1_000
KEPT_SECONDS = 300
# Values of fields that all of the question's readers may sort by, and never personal ones; as bounds they leave nothing.
_samples: dict[tuple[str, str, str], tuple[float, list[tuple[Any, Any]], int]] = {}


def fetch(
    noun: Noun,
    where: Document,
    order: Order,
    limit: int,
    *,
    edge: Any,
    total: int | None,
    covered: frozenset[str],
    projection: Document,
) -> list[Document]:
    """The first `limit` documents of `where` in `order`.

    Args:
        noun: whose records.
        where: the whole condition, that of the edge included.
        order: (field, 1 or -1), ending in `_id`.
        limit: how many.
        edge: the order's value at which `where` begins; None for the beginning.
        total: how many match in all, as far as was counted; None: all records of the institutions, and many.
        covered: the institutions that `where` is about.
        projection: the fields to bring.
    """
    name, way = order[0]
    if (total is None or total > FEW) and _steady(noun, name):
        sample, records = _sample(noun, name, covered)
        step = max(1, len(sample) * limit * 2 // (total or records))
        while (bound := _bound(sample, edge, way, step)) is not None:
            within = {"$and": [where, {name: _between(edge, bound, way)}]}
            found = _find(
                noun,
                within,
                order,
                limit,
                projection,
                hint="_id_" if name == "_id" and total is None else None,
            )
            if len(found) == limit:
                return found
            step *= 4
    return _find(noun, where, order, limit, projection)


def _find(
    noun: Noun, where: Document, order: Order, limit: int, projection: Document, hint: str | None = None
) -> list[Document]:
    """The engine's planner may take the institutions' index and sort all of it: where nearly every id of a range
    belongs to the page, the range is better walked. Where a filter leaves few, its own index is."""
    found = records_of(noun).find(where, projection).sort(order).limit(limit)
    return list(found.hint(hint) if hint else found)


def _steady(noun: Noun, name: str) -> bool:
    """Whether every record has a value there, of one type, and no person's: then a window misses none."""
    if name == "_id":
        return True
    field = noun.fields[name]
    return field.required and field.data_class not in PERSONAL


def _sample(noun: Noun, name: str, covered: frozenset[str]) -> tuple[list[Any], int]:
    """Some of the field's values in these institutions, sorted, at most KEPT_SECONDS old; of about how many records."""
    collection = records_of(noun)
    key = (collection.database.name, noun.name, name)
    kept = _samples.get(key)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        drawn = collection.aggregate(
            [{"$sample": {"size": SAMPLE}}, {"$project": {name: 1, noun.belongs: 1}}]
        )
        values = sorted((each[name], each[noun.belongs]) for each in drawn if each.get(noun.belongs))
        kept = _samples[key] = (time.monotonic(), values, collection.estimated_document_count())
    within = [value for value, institution in kept[1] if institution in covered]
    return within, max(1, kept[2] * len(within) // max(1, len(kept[1])))


def _bound(sample: list[Any], edge: Any, way: int, step: int) -> Any:
    """The sample's value `step` places beyond the edge; None past its end."""
    if way > 0:
        at = (bisect_right(sample, edge) if edge is not None else 0) + step
        return sample[at] if at < len(sample) else None
    at = (bisect_left(sample, edge) if edge is not None else len(sample)) - 1 - step
    return sample[at] if at >= 0 else None


def _between(edge: Any, bound: Any, way: int) -> Document:
    """From the edge, itself included, because records of an equal value may follow it, to the bound."""
    near, far = ("$gte", "$lte") if way > 0 else ("$lte", "$gte")
    return {far: bound} if edge is None else {near: edge, far: bound}
