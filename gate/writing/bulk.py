"""Many records at once: the same validator and the same permissions as one, stored by batches (law 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.errors import BulkWriteError

from gate.refusals import Invalid, Refused
from gate.store.collections import records_of
from gate.writing.permissions import Memory
from gate.writing.writing import Document, prepare
from models.declaration import Noun
from policies.actor import Actor
from policies.verdict import may

BATCH = 1_000
"""Records to prepare and store at once: some megabytes, and well under a second at a time."""
_DUPLICATE = 11000


def prepare_many(
    actor: Actor, noun: Noun, institution: str, many: Iterable[Mapping[str, Any]]
) -> list[Document | Invalid]:
    """For each of the given values its document, ready to insert, or what is wrong with it; in their order.

    Raises:
        Refused: no create grant there, or a field that this actor may not edit.
    """
    memory = Memory()
    prepared: list[Document | Invalid] = []
    for values in many:
        try:
            prepared.append(prepare(actor, noun, institution, values, memory))
        except Invalid as error:
            prepared.append(error)
    return prepared


def create_many(actor: Actor, noun: Noun, documents: list[Document]) -> list[int]:
    """Store prepared documents at once; the positions of those whose number is taken are returned, the rest are in."""
    if not documents:
        return []
    for institution in {each["institution"] for each in documents}:
        if not (verdict := may(actor, noun.name, "create", institution)):
            raise Refused(verdict)
    try:
        records_of(noun).insert_many(documents, ordered=False)
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if any(each["code"] != _DUPLICATE for each in failed):
            raise
        return sorted(each["index"] for each in failed)
    return []
