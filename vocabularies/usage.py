"""Where a vocabulary is used, and how many records bear each of its terms, as far as this actor may count them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from gate.reading.listing import group
from gate.reading.questions import Question
from gate.reading.small_counts import SUPPRESSED
from gate.refusals import BadQuestion, Refused
from models.declaration import Field
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach
from vocabularies.behaviour import shared_by


@dataclass
class Usage:
    """Code → records, for one field that uses the vocabulary."""

    of: Field
    records: Counter[str] = field(default_factory=Counter)
    countable: bool = True
    """Whether this actor may count them; else nothing is told."""


@cache
def fields_with(vocabulary: str) -> tuple[Field, ...]:
    """The fields of records that hold a term of it."""
    return tuple(each for noun in NOUNS.values() for each in noun if each.declared.vocabulary == vocabulary)


@cache
def is_in_parts(vocabulary: str) -> bool:
    """Whether rows within records hold its terms."""
    return any(
        part.declared.vocabulary == vocabulary
        for noun in NOUNS.values()
        for each in noun
        for part in each.parts
    )


def usage(actor: Actor, vocabulary: str, institution: str) -> list[Usage]:
    """How often the terms are used by records of an institution, or of all within reach where its terms are shared."""
    asked = "" if shared_by(institution) == institution else institution
    found = []
    for each in fields_with(vocabulary):
        one = Usage(each)
        noun = NOUNS[each.noun]
        covered = reach(actor, noun.name, "read")
        if not covered or (asked and asked not in covered):
            one.countable = False
        else:
            try:
                one.records.update(group(actor, noun, Question(institution=asked), each.name))
            except (Refused, BadQuestion):
                one.countable = False
        found.append(one)
    return found


def about(number: int) -> int | None:
    """A count as it may be told; None where it is few people."""
    return None if number == SUPPRESSED else number
