"""A sample of a noun's records, one in some hundred: how its values lie tells where to cut an order (gate.store.windows).

The engine's own `$sample` draws a few blocks of neighbours, useless for an order that follows that of entry. So each
record knows by its id whether it is of the sample.
"""

from __future__ import annotations

import secrets
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby, pairwise
from typing import Any
from zlib import crc32

import bson
from bson import ObjectId

from gate.store.collections import records_of
from gate.store.memory import Memory
from models.declaration import Noun

Document = dict[str, Any]
ONE_IN = 128
"""One record in so many is of the sample: at 1,000,000 some 8,000, of which a process keeps one field."""
KEPT_SECONDS = 300
Runs = list[tuple[Any, int]]
"""The sample's values in order, each with how often it was drawn."""
_Key = tuple[str, str, str]


@dataclass
class _Sample:
    """Values of a field that all of the question's readers may sort by, and never a personal one; as bounds they leave
    nothing."""

    values: list[tuple[Any, Any]]
    """(value, institution), in order."""
    runs: dict[frozenset[str], Runs] = field(default_factory=dict)
    """Institutions → of their records."""


NEXT = 8
"""So many of the sample, some thousand records, are looked at to tell whether the next ones belong to an institution."""
_samples: Memory[_Key, _Sample] = Memory(most=500, seconds=KEPT_SECONDS)
_PEPPER = secrets.token_bytes(32)
_found: Memory[bytes, Runs] = Memory(most=200, seconds=KEPT_SECONDS)
"""Hash of a question → the ids of its records of the sample: opaque, no value."""
LONGEST = 1_000
"""So many ids of a question are remembered."""


def is_drawn(key: Any) -> bool:
    """Whether the record of this key is of the sample."""
    return isinstance(key, ObjectId) and crc32(key.binary) % ONE_IN == 0


def sample(noun: Noun, name: str, covered: frozenset[str]) -> Runs:
    """The field's values in the sample's records of these institutions.

    After KEPT_SECONDS it is drawn anew beside the page, which does with the old one: it decides how long the page takes,
    and nothing else.
    """
    kept = _kept(noun, name)
    if covered not in kept.runs:
        kept.runs[covered] = _counted(value for value, institution in kept.values if institution in covered)
    return kept.runs[covered]


def are_near(noun: Noun, covered: frozenset[str], edge: Any, way: int) -> bool:
    """Whether, in order of entry beyond the edge, at least half of the next records belong to these institutions; also
    where nothing is known of theirs, since all of them were entered after the sample was drawn.

    Args:
        noun: whose records.
        covered: the institutions.
        edge: the id at which to begin; None for the very beginning.
        way: 1 for oldest first, -1 for newest first.
    """
    values = _kept(noun, "_id").values
    if way > 0:
        at = 0 if edge is None else bisect_left(values, edge, key=_value)
        beyond = values[at : at + NEXT]
    else:
        at = len(values) if edge is None else bisect_right(values, edge, key=_value)
        beyond = values[max(0, at - NEXT) : at]
    if len(beyond) < NEXT or not sample(noun, "_id", covered):
        return True
    return 2 * sum(institution in covered for _, institution in beyond) >= NEXT


def _value(drawn: tuple[Any, Any]) -> Any:
    return drawn[0]


def _kept(noun: Noun, name: str) -> _Sample:
    key = (records_of(noun).database.name, noun.name, name)
    return _samples.kept_renewing(key, lambda: _draw(noun, name))


def ranges_of_ids(noun: Noun, records: int) -> list[Document]:
    """Conditions on the id, of about so many records each, that together hold every record once."""
    drawn = records_of(noun).find({"drawn": True}, {"_id": 1}, sort=[("_id", 1)])
    step = max(1, records // ONE_IN)
    edges = [None, *[each["_id"] for each in drawn][step::step], None]
    return [
        {way: edge for way, edge in (("$gte", low), ("$lt", high)) if edge is not None}
        for low, high in pairwise(edges)
    ]


def sample_of(noun: Noun, name: str, where: Document) -> Runs:
    """The field's values in those records of the sample that match.

    In the order of entry they are remembered for KEPT_SECONDS: each page of a search asks for them.
    """
    if name != "_id":
        return _look_up(noun, name, where)
    key = hash_of(noun, where)
    kept = _found.get(key)
    if kept is not None:
        return kept
    runs = _look_up(noun, name, where)
    return _found.put(key, runs) if len(runs) <= LONGEST else runs


def _look_up(noun: Noun, name: str, where: Document) -> Runs:
    found = (value_at(each, name) for each in records_of(noun).find(where, {name: 1}))
    return _counted(sorted(value for value in found if value is not None))


def hash_of(noun: Noun, where: Document) -> bytes:
    """A question's keyed hash. Of the question itself nothing stays in memory (law 5)."""
    asked = bson.encode({records_of(noun).full_name: where})
    return blake2b(asked, key=_PEPPER, digest_size=16).digest()


def forget_samples() -> None:
    """The next question draws them again, as the first of a process does."""
    _samples.clear()
    _found.clear()


def value_at(document: Document, path: str) -> Any:
    """What a document holds there; a path's steps are parted by dots."""
    found: Any = document
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _draw(noun: Noun, name: str) -> _Sample:
    drawn = records_of(noun).find({"drawn": True}, {name: 1, noun.belongs: 1})
    values = sorted(
        (value, each[noun.belongs])
        for each in drawn
        if each.get(noun.belongs) and (value := value_at(each, name)) is not None
    )
    return _Sample(values)


def _counted(values: Iterable[Any]) -> Runs:
    return [(value, len(list(same))) for value, same in groupby(values)]
