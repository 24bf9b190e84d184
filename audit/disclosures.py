"""The disclosure ledger: one entry per act of showing personal data, written before it is shown (law 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from pymongo import IndexModel
from pymongo.errors import PyMongoError

from audit.backlog import sealing_lags
from audit.streams import insert

INDEXES = {"disclosures": [IndexModel([("subjects", 1), ("at", 1)]), IndexModel([("actor", 1), ("at", 1)])]}

BREADTHS = frozenset({"record", "list_page", "batch", "document"})


class LedgerClosed(Exception):
    """The ledger could not be written, so nothing personal may be shown."""


class SealingStopped(LedgerClosed):
    """What waits for the sealer waits too long: until it is sealed again, nothing personal may be shown."""


def disclose(
    *,
    actor: str,
    institution: str,
    noun: str,
    exit_: str,
    breadth: str,
    subjects: Iterable[str],
    fields: Iterable[str],
    purpose: str = "",
) -> None:
    """Write one entry with the array of opaque subjects; return only once the store has acknowledged it.

    Raises:
        LedgerClosed: the store refused or did not answer; the caller must show nothing.
        ValueError: an unknown breadth.
    """
    if breadth not in BREADTHS:
        raise ValueError(f"unknown breadth {breadth!r}")
    try:
        if sealing_lags():
            raise SealingStopped
        insert(
            "disclosures",
            {
                "at": datetime.now(UTC),
                "actor": actor,
                "institution": institution,
                "noun": noun,
                "exit": exit_,
                "breadth": breadth,
                "subjects": list(subjects),
                "fields": sorted(fields),
                "purpose": purpose,
            },
        )
    except PyMongoError as error:
        # guard: ledger-closed
        raise LedgerClosed from error
