"""The disclosure ledger: one entry per act of showing personal data, written before it is shown (law 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import final

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


class Undisclosed(TypeError):
    """A value was about to be shown without its disclosure: a mistake in the code. It names no value."""


class _Written:
    """What only `disclose` has, and only it makes receipts with."""

    __slots__ = ()


@final
class Receipt:
    """Proof that an act of showing was disclosed, or shows nothing personal. Only `disclose` makes one."""

    __slots__ = ("_fields", "_noun", "_subjects")

    def __init__(
        self, written: _Written, noun: str, subjects: frozenset[str], fields: frozenset[str]
    ) -> None:
        if type(written) is not _Written:
            raise Undisclosed("only disclose() makes a receipt")
        self._noun, self._subjects, self._fields = noun, subjects, fields

    def covers(self, noun: str, subject: str, fields: Iterable[str]) -> bool:
        """Whether the entry names this record and all these fields of it; without fields there is nothing to name."""
        asked = frozenset(fields)
        if not asked:
            return True
        return noun == self._noun and subject in self._subjects and asked <= self._fields


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
) -> Receipt:
    """Write one entry with the array of opaque subjects; return only once the store has acknowledged it.

    Without fields nothing personal is shown, and there is no entry.

    Raises:
        LedgerClosed: the store refused or did not answer; the caller must show nothing.
        ValueError: an unknown breadth.
    """
    if breadth not in BREADTHS:
        raise ValueError(f"unknown breadth {breadth!r}")
    told, named = list(subjects), sorted(fields)
    if named:
        if sealing_lags():
            raise SealingStopped
        try:
            insert(
                "disclosures",
                {
                    "at": datetime.now(UTC),
                    "actor": actor,
                    "institution": institution,
                    "noun": noun,
                    "exit": exit_,
                    "breadth": breadth,
                    "subjects": told,
                    "fields": named,
                    "purpose": purpose,
                },
            )
        except PyMongoError as error:
            # guard: ledger-closed
            raise LedgerClosed from error
    return Receipt(_Written(), noun, frozenset(told), frozenset(named))
