"""The disclosure ledger: one entry per act of showing personal data, written before it is shown (law 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.errors import PyMongoError

INDEXES = {"disclosures": [IndexModel([("subjects", 1), ("at", 1)]), IndexModel([("actor", 1), ("at", 1)])]}

BREADTHS = frozenset({"record", "list_page", "batch", "document"})


class LedgerClosed(Exception):
    """The ledger could not be written, so nothing personal may be shown."""


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
        get_db()["disclosures"].insert_one(
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
            }
        )
    except PyMongoError as error:
        # guard: ledger-closed
        raise LedgerClosed from error
