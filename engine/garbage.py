"""Garbage collection of a process: what was loaded at the start is never collected, and collections are rare."""

from __future__ import annotations

import gc

PAGES = 5_000
"""New objects before a collection: those of about four pages."""
BATCHES = 100_000
"""Likewise for an import: a batch of rows comes and goes together, with few reference cycles."""


def limit_collections(new_objects: int) -> None:
    """Exclude everything loaded so far from garbage collection, and collect only after so many new objects.

    Without this a collection goes through all the libraries' objects in the midst of a page, and costs a quarter of the
    time of an import.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(new_objects)
