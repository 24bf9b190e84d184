"""After a restore: the store went back in time and the ledger did not.

The second place was not rolled back. So the chain is filled up from it to where it had come, a segment is opened with
an entry that names both heads, and what was written into the restored store since is written again behind that entry.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from mongoengine.connection import get_db
from pymongo import ReplaceOne

from audit.canonical import read
from audit.chain import BATCH, Head, append, chain, entries, head
from audit.checkpoints import checkpoint
from audit.place import Diverged, Place, copied, copied_head, copy, line

Document = dict[str, Any]
_OWN = ("_id", "number", "prev", "hash")


@dataclass(frozen=True)
class Segment:
    """Where a segment begins, and the numbers whose records the restore before it took back."""

    number: int
    rolled_back: range


def opened_in(institution: str) -> list[Segment]:
    """The segments of a chain, in their order. An entry that is no segment is none: its hash will tell of it."""
    asked = {"source": {"$gte": f"segment:{institution}:", "$lt": f"segment:{institution};"}}
    opened = []
    for each in chain().find(asked):
        with suppress(KeyError, TypeError):
            ends = range(each["restored"]["number"] + 1, each["left"]["number"] + 1)
            opened.append(Segment(each["number"], ends))
    return sorted(opened, key=lambda each: each.number)


def open_segment_after_restore(place: Place, institution: str, *, actor: str) -> int:
    """Open a new segment; returns its number. Killed at any point, it is begun anew and comes to the same end.

    Args:
        place: the second place, whose head counts.
        institution: whose chain.
        actor: who says that there was a restore: an account's opaque id, or `console`.

    Raises:
        OSError: the place cannot be read or written.
        Diverged: the store's own chain is broken before the end of the copy; see `verify`.
    """
    with suppress(Diverged):
        copy(place, institution)  # what only waited for its copy is no other branch
    aside = get_db()["chain_aside"]
    if not aside.find_one({"institution": institution, "order": 0}):
        _set_aside(place, institution, actor)
    chain().delete_many({"_id": {"$gt": _common(place, institution), "$lt": f"{institution};"}})
    _fill(place, institution)
    waiting = list(aside.find({"institution": institution}).sort("order", 1))
    segment = waiting[0]["entry"]
    append(institution, [each["entry"] for each in waiting])
    copy(place, institution)
    checkpoint(place, institution, force=True)
    aside.delete_many({"institution": institution})
    opened = chain().find_one({"source": segment["source"]}, {"number": 1})
    assert opened is not None  # noqa: S101 - it was appended above
    return int(opened["number"])


def _set_aside(place: Place, institution: str, actor: str) -> None:
    """Keep the entry that opens the segment, and the entries of the store's own branch, before anything is deleted."""
    restored, left = head(institution), copied_head(place, institution)
    segment = {
        "kind": "segment",
        "source": f"segment:{institution}:{left.number}:{restored.number}:{restored.hash[:16]}",
        "at": datetime.now(UTC).replace(microsecond=0),
        "actor": actor,
        "action": "restored",
        "restored": {"number": restored.number, "hash": restored.hash},
        "left": {"number": left.number, "hash": left.hash},
    }
    common = _common(place, institution)
    branch = [
        {name: value for name, value in each.items() if name not in _OWN}
        for each in entries(institution)
        if each["_id"] > common
    ]
    aside = get_db()["chain_aside"]
    # The segment last: while it is missing, nothing has been deleted yet.
    for order, each in [*enumerate(branch, 1), (0, segment)]:
        kept = {"institution": institution, "order": order, "entry": each}
        aside.bulk_write([ReplaceOne({"_id": each["source"]}, kept, upsert=True)])


def _common(place: Place, institution: str) -> str:
    """The id of the last entry that store and copy have in common; what sorts before the first where there is none."""
    last = f"{institution}:"
    for entry, other in zip_longest(entries(institution), copied(place, institution)):
        if entry is None or other is None or line(entry) != other:
            break
        last = entry["_id"]
    return last


def _fill(place: Place, institution: str) -> None:
    """Write the second place's entries into the store from where the store ends."""
    ends: Head = head(institution)
    batch: list[Document] = []
    for number, text in enumerate(copied(place, institution), 1):
        if number > ends.number:
            batch.append(read(text))
        if len(batch) == BATCH:
            chain().insert_many(batch)
            batch = []
    if batch:
        chain().insert_many(batch)
