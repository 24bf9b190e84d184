"""How many records match: for a page's total, and to tell how long the stretches must be in which it is fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from gate.store import samples
from gate.store.collections import records_of
from gate.store.memory import Memory, beside
from models.declaration import Noun

Document = dict[str, Any]
COUNT_CAP = 10_000
SURELY = 3
"""So many times the cap by the sample, some 235 drawn, are more than the cap beyond all chance: of the cap it is 78."""
DRAWN = "drawn_1"
"""The index of the sample."""
MANY = 1_000
FRESH_SECONDS = 20
# Counting ten thousand takes longer than the page itself. No personal value is in a count of whole institutions.
_counts: Memory[tuple[str, str, frozenset[str]], int] = Memory(most=500, seconds=FRESH_SECONDS)
_before: Memory[bytes, int] = Memory(most=2_000)
"""Hash of a question → how many it found the last time."""


def count_matching(noun: Noun, where: Document) -> int:
    """Count up to one more than the cap: beyond it people read "about"."""
    return _count(records_of(noun), where)


def _count(records: Collection[Document], where: Document) -> int:
    return records.count_documents(where, limit=COUNT_CAP + 1)


def whole_count(noun: Noun, covered: frozenset[str], where: Document) -> int:
    """As count_whole; beyond MANY it may be FRESH_SECONDS old."""
    key = (records_of(noun).database.name, noun.name, covered)
    kept = _counts.get(key)
    if kept is not None and kept > MANY:
        return kept
    return _counts.put(key, count_whole(noun, where) if kept is None else count_matching(noun, where))


def count_whole(noun: Noun, where: Document) -> int:
    """As count_matching, for all records of some institutions, of which there may be very many.

    Of those the sample says so by itself: to count the first ten thousand the engine looks up where all of them are.
    """
    records = records_of(noun)
    surely = SURELY * COUNT_CAP // samples.ONE_IN
    try:
        drawn = records.count_documents({**where, "drawn": True}, limit=surely + 1, hint=DRAWN)
    except OperationFailure:  # the index is being rebuilt (gate.store.bulk_indexes)
        drawn = 0
    return COUNT_CAP + 1 if drawn > surely else _count(records, where)


def forget_counts() -> None:
    """After a write, the writer sees the new count at once."""
    _counts.clear()


def counting(noun: Noun, where: Document) -> tuple[int, Callable[[], int]]:
    """About how many match, and the call that gives the exact count of now.

    Where the same was asked before, what was found then serves at once, and the store counts anew while the page is
    fetched. It decides only in what stretches (gate.store.windows), never what is on the page.
    """
    records = records_of(noun)
    key = samples.hash_of(noun, where)
    about = _before.get(key)
    if about is None:
        total = _before.put(key, _count(records, where))
        return total, lambda: total
    under_way = beside().submit(_count, records, where)
    return about, lambda: _before.put(key, under_way.result())
