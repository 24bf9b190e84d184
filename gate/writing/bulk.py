"""Many new records at once, checked and stored by batches: the pipeline in two steps, so that one batch is checked while
another is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gate.refusals import Invalid, Refused
from gate.writing.changes import Batch, Change, Document, Origin
from gate.writing.pipeline import check
from gate.writing.storing import store
from models.declaration import Noun
from policies.actor import Actor
from policies.verdict import may

BATCH = 1_000
"""Records to prepare and store at once: some megabytes, and well under a second at a time."""


def prepare_many(
    actor: Actor, noun: Noun, institution: str, many: Iterable[Mapping[str, Any]]
) -> list[Document | Invalid]:
    """For each of the given values its document, ready to insert, or what is wrong with it; in their order.

    Raises:
        Refused: no create grant there, or a field that this actor may not edit.
    """
    batch = Batch(actor, noun, Origin.CONSOLE, [Change(institution, typed=values) for values in many])
    check(batch)
    prepared: list[Document | Invalid] = []
    for each in batch.changes:
        if each.error is not None and not isinstance(each.error, Invalid):
            raise each.error
        prepared.append(each.error or each.after)
    return prepared


def create_many(actor: Actor, noun: Noun, documents: list[Document]) -> list[int]:
    """Store prepared documents at once; the positions of those whose number is taken are returned, the rest are in.

    Raises:
        Refused: no create grant there.
    """
    for institution in {each["institution"] for each in documents}:
        if not (verdict := may(actor, noun.name, "create", institution)):
            raise Refused(verdict)
    batch = Batch(actor, noun, Origin.CONSOLE, [Change(after=document) for document in documents])
    store(batch)
    return [at for at, each in enumerate(batch.changes) if each.error is not None]
