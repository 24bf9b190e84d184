"""Filling a store: the search indexes are left for the end, where building them costs a tenth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gate.store import ensure_indexes, records_of
from models.declaration import Noun
from models.registry import NOUNS

MANY = 1_000
"""From so many records on it pays: each has about a hundred grams, and an index entry for each of them."""


IN_PLACE = 10
"""With so many times more records there already, it is quicker to add to the index than to build it anew."""


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
        _drop(noun)
    try:
        yield
    finally:
        ensure_indexes()


@contextmanager
def filling_one(noun: Noun, records: int) -> Iterator[None]:
    """The same for one noun of a store in use, and only where building its index anew is the quicker way."""
    there = records_of(noun).estimated_document_count()
    if records < MANY or there > IN_PLACE * records:
        yield
        return
    _drop(noun)
    try:
        yield
    finally:
        ensure_indexes()


def _drop(noun: Noun) -> None:
    for name in records_of(noun).index_information():
        if ".grams_" in name:
            records_of(noun).drop_index(name)
