"""A process's heap: what was loaded stays for good, and is looked through for rubbish once."""

from __future__ import annotations

import gc

PAGES = 5_000
"""Objects that may lie about before they are looked through: those of four pages or so."""
BATCHES = 100_000
"""Likewise, of the rows of an import: a batch of them comes and goes together, and few of its objects in circles."""


def settle(lying_about: int) -> None:
    """Keep what stands now out of every later look for rubbish, and look only when so many new objects lie about.

    Without this a look goes through all the libraries' objects in the midst of a page, and of an import costs a
    quarter of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(lying_about)
