"""Choosing a record to refer to: what a few typed characters offer, and when they alone name one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gate.fields.typed_text import folded
from gate.reading.questions import Question, institutions, selector
from gate.reading.references import label
from gate.reading.shown import Reference, verdict_on
from gate.store.collections import records_of
from gate.store.search_keys import read_query
from models.declaration import Noun
from policies.actor import Actor

AT_MOST = 20
LONGEST = 100
"""Characters of a query."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that may be chosen, by as much of its name as this actor may see."""

    reference: Reference
    near: bool
    """Of the institution that refers, or of the actor's own: only such a record may be selected beforehand."""


def choices(actor: Actor, noun: Noun, text: str, home: str = "", *, limit: int = AT_MOST) -> list[Choice]:
    """Records to choose from, found by what this actor may search: those of `home` first, then the actor's own
    institution's, then others'; of each the one whose number was typed first, then the newest.

    Args:
        actor: who chooses.
        noun: what is chosen from.
        text: part of a number or name; empty asks for the newest.
        home: the institution whose record will refer to the chosen one; empty: the actor's own.
        limit: how many at most, and never more than AT_MOST.

    Raises:
        Refused: nothing of this noun is within reach.
        BadQuestion: the text is too long.
    """
    question = Question(text=text)
    covered = institutions(actor, noun, question)
    query = read_query(text)
    exact = _numbered(actor, noun, text, covered)
    if text.strip() and not query.included and not query.excluded and not exact:
        return []  # signs alone match nothing; without a query the newest would be offered as if they did
    limit = min(limit, AT_MOST)
    near = list(dict.fromkeys(each for each in (home, actor.institution) if each in covered))
    found: list[Any] = []
    for houses in (*(frozenset({each}) for each in near), covered - set(near)):
        if houses and len(found) < limit:
            found += [key for key in exact if exact[key] in houses]
            where = {"$and": [selector(actor, noun, question, houses), {"_id": {"$nin": found}}]}
            matched = records_of(noun).find(where, {"_id": 1}).sort("_id", -1).limit(limit)
            found += [each["_id"] for each in matched]
    labels = label(actor, noun, found[:limit])
    named = [labels[str(key)] for key in found[:limit]]
    return [Choice(each, each.house in near or not near) for each in named]


def named_by(actor: Actor, noun: Noun, text: str, home: str) -> str | None:
    """The id of the one record that the text names by its whole number: of `home`, or an institution by its code.

    A name names nobody for certain, and another institution's number may be this one's too: those are for a person
    to choose.
    """
    covered = institutions(actor, noun, Question())
    houses = covered if noun.is_institution else covered & {home}
    found = list(_numbered(actor, noun, text, houses))
    return str(found[0]) if len(found) == 1 else None


def _numbered(actor: Actor, noun: Noun, text: str, covered: frozenset[str]) -> dict[Any, str]:
    """The records whose whole number this is, where this actor may search by numbers: id → institution."""
    field, number = noun.fields[noun.number], folded(text).strip()
    houses = [each for each in sorted(covered) if verdict_on(actor, field, "search", each).shown]
    if not number or len(number) > LONGEST or not houses:
        return {}
    asked = {noun.number: number, "institution": {"$in": houses}}
    found = records_of(noun).find(asked, {"institution": 1}).limit(AT_MOST)
    return {each["_id"]: str(each["institution"]) for each in found}
