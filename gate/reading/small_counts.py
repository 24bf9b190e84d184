"""Small counts of people: below ten, a number can tell of a person to those who may not see the people."""

from __future__ import annotations

from collections.abc import Iterable

from gate.reading.shown import verdict_on
from models.data_classes import DataClass
from models.declaration import Noun
from policies.actor import Actor

FEW = 10
SUPPRESSED = -1
"""Stands for a count from 1 to FEW - 1."""


def is_of_people(noun: Noun) -> bool:
    """Whether its records are people: what names them is somebody's identity."""
    return any(noun.fields[name].data_class is DataClass.IDENTITY for name in noun.naming)


def sees_people(actor: Actor, noun: Noun, covered: Iterable[str]) -> bool:
    """Whether this actor may read who they are, in every institution covered."""
    named = [each for name in noun.naming if (each := noun.fields[name]).data_class is DataClass.IDENTITY]
    return all(
        verdict_on(actor, field, "list", institution).shown for institution in covered for field in named
    )


def suppress_small(actor: Actor, noun: Noun, covered: Iterable[str], number: int) -> int:
    """The count as this actor may know it: SUPPRESSED where it is small and of people not to be seen."""
    if not 0 < number < FEW or not is_of_people(noun) or sees_people(actor, noun, covered):
        return number
    return SUPPRESSED
