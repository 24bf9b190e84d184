"""Filling a store: the search indexes are left for the end, where building them costs a tenth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gate.store import ensure_indexes, records_of
from models.registry import NOUNS

MANY = 1_000
"""From so many records on it pays: each has about a hundred grams, and an index entry for each of them."""


@contextmanager
def filling(records: int) -> Iterator[None]:
    """Around the making of this many records: all indexes are there before and after it.

    Until then a search reads every record, which is slow and right. Killed in between, the next set-up builds them.
    """
    ensure_indexes()
    if records < MANY:
        yield
        return
    for noun in NOUNS.values():
        for name in records_of(noun).index_information():
            if ".grams_" in name:
                records_of(noun).drop_index(name)
    try:
        yield
    finally:
        ensure_indexes()
