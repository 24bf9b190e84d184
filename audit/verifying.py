"""Verification: is every entry where it was written, and as it was written? The second place bears witness.

Against somebody who owns the store, the hashes and the signing key, only the second place can speak; so an entry must
be there too, the same to the byte. What is found first is named, because all that follows it hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from mongoengine.connection import get_db

from audit.canonical import GENESIS, digest, seal_of
from audit.chain import Head, entries, id_of, institutions
from audit.checkpoints import is_signed, kept, origin, signing_key
from audit.place import Place, copied

Document = dict[str, Any]
Words = tuple[str, str]
GRACE = timedelta(seconds=60)
"""So long an entry may wait for its copy."""
SEALS = 1_000

WRONG: dict[str, Words] = {
    "missing": ("この番号の記載がない", "no entry of this number"),
    "number": ("番号の順に並んでいない", "it is not in the order of its number"),
    "prev": ("前の記載につながらない", "it does not follow the entry before it"),
    "hash": ("書き換えられている", "it was changed"),
    "copy": ("第二の保管場所の記載と違う", "the second place has another entry here"),
    "cut": ("末尾が切り取られている", "the tail was cut: the second place has it"),
    "uncopied": ("第二の保管場所にまだない(flask audit seal)", "not in the second place yet (flask audit seal)"),
    "copy-unreadable": ("第二の保管場所の記載が読めない", "the second place cannot be read here"),
    "checkpoint": ("署名つきの控えと合わない", "a signed checkpoint says otherwise"),
    "signature": ("控えの署名が正しくない", "a checkpoint's signature is not right"),
    "values": ("記録の履歴の値が書き換えられている", "the values in the record's history were changed"),
    "revision": ("記録の履歴がない", "the record's history lacks this revision"),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """The first entry of a chain that is not as it was written. `wrong` is a key of WRONG."""

    institution: str
    number: int
    wrong: str


@dataclass(frozen=True)
class Report:
    """A chain that was looked at: how far it is good, and what is wrong, if anything."""

    institution: str
    good: Head
    finding: Finding | None


def verify(place: Place, tell: Callable[[int], None] = lambda _: None) -> Iterator[Report]:
    """Look at every chain that the store or the second place knows.

    Args:
        place: the second place.
        tell: called with the number of entries looked at since the last call, for a progress bar.
    """
    for institution in sorted({*institutions(), *place.institutions()}):
        yield verify_chain(place, institution, tell)


def verify_chain(place: Place, institution: str, tell: Callable[[int], None] = lambda _: None) -> Report:
    """Look at one chain, its copy, its checkpoints and the histories that it seals."""
    good = Head()
    marks: dict[int, str] = {}
    batch: list[Document] = []
    try:
        for entry, other in zip_longest(entries(institution), copied(place, institution)):
            if wrong := _compared(institution, good, entry, other):
                return _bad(institution, good, _first_seal(batch), wrong)
            good = Head(entry["number"], entry["hash"])
            marks[good.number] = good.hash
            batch.append(entry)
            if len(batch) == SEALS:
                if number := _first_seal(batch):
                    return _sealed_wrong(institution, good, number)
                tell(len(batch))
                batch = []
    except ValueError:
        return _bad(institution, good, None, "copy-unreadable")
    if number := _first_seal(batch):
        return _sealed_wrong(institution, good, number)
    tell(len(batch))
    return Report(institution, good, _checkpoints(place, institution, marks))
