"""How much of a list leaves by an exit and how much does not: said before it leaves, and in what leaves.

Nothing is told that the list itself does not tell: only records that this reader may list are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gate.reading.questions import Question, institutions, selector
from gate.refusals import Refused
from gate.store.collections import records_of
from gate.store.counting import COUNT_CAP
from models.declaration import Noun
from policies.actor import Actor


@dataclass(frozen=True)
class Scope:
    """What leaves of a list: how many records, of which institutions; and of which others how many stay behind."""

    leaves: int
    houses: frozenset[str]
    left_out: Mapping[str, int]
    """Institution → its records that are listed and may not leave by this exit."""

    @property
    def listed(self) -> int:
        """How many records the list has in all."""
        return self.leaves + sum(self.left_out.values())


def scope_of(
    actor: Actor, noun: Noun, question: Question, action: str, *, at_most: int | None = COUNT_CAP + 1
) -> Scope:
    """What of this list leaves by that action (export, takeout, print).

    `at_most`: no count goes further; None counts all, which takes the store a second for a million.

    Raises:
        Refused, BadQuestion: as gate.reading.listing.list_page.
    """
    houses = institutions(actor, noun, question, action)
    others = institutions(actor, noun, question) - houses

    def counted(those: frozenset[str]) -> int:
        where = selector(actor, noun, question, those)
        records = records_of(noun)
        return records.count_documents(where, limit=at_most) if at_most else records.count_documents(where)

    left_out = {}
    for house in sorted(others):
        try:
            if number := counted(frozenset({house})):
                left_out[house] = number
        except Refused:
            continue  # the list is refused there too, so that none of its records is listed
    return Scope(counted(houses), houses, left_out)
