"""The last state of records that the ledger tells of: in their outboxes, waiting for the chain, or in the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db

from audit.chain import chain, institutions
from audit.seals.field_seals import IMPORTED, OLDER, Seals, sealed_states
from audit.segments import opened_in
from audit.verification.sealed_values import ERASING, KEPT_MANY, REMOVED_MANY

Document = dict[str, Any]
_SHOWN = dict.fromkeys(
    ("action", "at", "record", "revision", "seals", "subjects", "fields", "institution", "number"), 1
)
_MANY = {"action": {"$in": [IMPORTED, OLDER, REMOVED_MANY, KEPT_MANY]}}


@dataclass(frozen=True)
class Known:
    """One state of a record that the ledger tells of."""

    revision: int
    at: datetime
    by_upgrade: bool = False
    """Sealed as it was found, by `flask upgrade`: a state that a change sealed counts for more."""
    removed: bool = False
    kept: bool = False
    """It stayed, though an entry before told of its removal."""
    seals: Seals = field(default_factory=dict)


class States:
    """What the ledger tells of the states of records. A restore takes some of what it tells back."""

    def __init__(self) -> None:
        self._rolled_back = {
            each: [segment.rolled_back for segment in opened_in(each)] for each in institutions()
        }

    def known(self, documents: list[Document]) -> dict[str, list[Known]]:
        """Record's id → the states that it may be in, the likely one first: its last, and that without what a restore took back.

        What moves on between two looks is seen by the second.
        """
        ids = {str(each["_id"]) for each in documents}
        found: defaultdict[str, list[Known]] = defaultdict(list)
        lasting: defaultdict[str, list[Known]] = defaultdict(list)
        for entry in self._entries(documents, sorted(ids)):
            try:
                told = list(_told(entry))
            except (KeyError, TypeError, ValueError, IndexError):
                continue  # no entry of ours; the verification of the chain tells of it
            for record, known in told:
                if record in ids:
                    found[record].append(known)
                    if not self._is_rolled_back(entry):
                        lasting[record].append(known)
        both = {
            record: [lasting[record], each] if lasting[record] != each else [each]
            for record, each in found.items()
        }
        return {
            record: [_last(some) for some in each if not all(one.kept for one in some)]
            for record, each in both.items()
        }

    def _entries(self, documents: list[Document], ids: list[str]) -> Iterator[Document]:
        for each in documents:
            yield from ({**entry, "record": str(each["_id"])} for entry in each.get("outbox", ()))
        waiting = get_db()["ledger"]
        yield from waiting.find({"record": {"$in": ids}}, _SHOWN)
        yield from waiting.find({**_MANY, "subjects": {"$in": ids}}, _SHOWN)
        yield from chain().find({"subjects": {"$in": ids}, "$or": [{"kind": "change"}, _MANY]}, _SHOWN)

    def _is_rolled_back(self, entry: Document) -> bool:
        ranges = self._rolled_back.get(str(entry.get("institution")), [])
        return any(entry.get("number") in each for each in ranges)


def _told(entry: Document) -> Iterator[tuple[str, Known]]:
    if entry["action"] in ERASING and "record" in entry:
        yield entry["record"], Known(int(entry["revision"]), entry["at"], removed=True)
    if entry["action"] in (REMOVED_MANY, KEPT_MANY):
        removed = entry["action"] == REMOVED_MANY
        for record in entry["subjects"]:
            yield record, Known(1, entry["at"], removed=removed, kept=not removed)
    for each in sealed_states(entry):
        by_upgrade = entry["action"] == OLDER
        yield each.record, Known(each.revision, entry["at"], by_upgrade=by_upgrade, seals=each.seals)


def _last(told: list[Known]) -> Known:
    """The last of a record's states: of the highest revision, not of the latest clock. An institution's id can be given again
    once it was removed; its revisions count from one then."""
    kept = max((each.at for each in told if each.kept), default=None)
    gone = [each for each in told if each.removed and (kept is None or each.at > kept)]
    removed = max(gone, key=lambda each: each.at, default=None)
    states = (each for each in told if not each.removed and not each.kept)
    since = [each for each in states if removed is None or each.at > removed.at]
    if not since and removed is not None:
        return removed
    return max(since, key=lambda each: (not each.by_upgrade, each.revision, each.at))
