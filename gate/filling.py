"""Filling a store: the indexes of what is made in numbers are left for the end, where building them costs a fifth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gate.store import ensure_indexes, records_of
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
        _drop(noun, others=records >= VERY_MANY)
    try:
        yield
    finally:
        ensure_indexes()


def lighten(noun: Noun, records: int) -> bool:
    """Take away what one noun's store in use can do without while so many records are made, where that is the quicker way.

    The search index is the dearest; the others go only where most of the records are yet to come, for until the end
    lists are read without them. True: `ensure_indexes` is owed, whatever happens.
    """
    there = records_of(noun).estimated_document_count()
    if records < MANY or there > IN_PLACE * records:
        return False
    _drop(noun, others=records >= max(there, VERY_MANY))
    return True


def _drop(noun: Noun, *, others: bool) -> None:
    for name, index in records_of(noun).index_information().items():
        if ".grams_" in name or (others and name not in KEPT and not index.get("unique")):
            records_of(noun).drop_index(name)
