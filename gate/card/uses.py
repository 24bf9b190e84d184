"""Which records refer to one, as far as this reader may see and ask for it: a donor's items, an item's loans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gate.reading.questions import Filter, Question, institutions, selector
from gate.reading.references import label
from gate.reading.shown import Reference
from gate.refusals import Refused
from gate.store.collections import records_of
from gate.store.counting import count_matching
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor

NAMED = 5
"""So many of each kind are named; the list holds them all."""


@dataclass(frozen=True)
class Use:
    """The records that refer to one by one field, all of them within what this reader may list and filter."""

    noun: Noun
    field: Field
    named: list[Reference]
    """The newest NAMED."""
    total: int
    """How many there are, counted up to gate.store.counting.COUNT_CAP + 1."""
    institution: str
    """The one institution that this is about; "" for all within reach."""


def uses(actor: Actor, noun: Noun, record: str) -> list[Use]:
    """What refers to a record by a declared reference. The caller has shown that record, so it is within reach.

    A field that this reader may not filter by is not asked, so that nothing is told by what is found (law 2).

    Raises:
        LedgerClosed: names of persons are among them, and their disclosure could not be written.
    """
    asked = (_use(actor, other, field, record, "") for other, field in referring_fields(noun))
    return [each for each in asked if each]


def referring_fields(noun: Noun) -> Iterator[tuple[Noun, Field]]:
    """The fields of all nouns that refer to this one, but for those that say whose a record is."""
    for other in NOUNS.values():
        for field in other:
            if field.declared.target == noun.name and field.name not in (other.belongs, "institution"):
                yield other, field


def _use(actor: Actor, noun: Noun, field: Field, record: str, institution: str) -> Use | None:
    question = Question(institution, filters=(Filter(field.name, "is", record),))
    try:
        where = selector(actor, noun, question, institutions(actor, noun, question))
    except Refused as refusal:
        if institution or not refusal.narrower:
            return None
        return _use(actor, noun, field, record, refusal.narrower)
    found = records_of(noun).find(where, {"_id": 1}).sort("_id", -1).limit(NAMED + 1).to_list()
    if not found:
        return None
    keys = [each["_id"] for each in found[:NAMED]]
    labels = label(actor, noun, keys)
    total = len(found) if len(found) <= NAMED else count_matching(noun, where)
    return Use(noun, field, [labels[str(key)] for key in keys], total, institution)
