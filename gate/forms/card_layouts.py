"""Which fields a form begins with, in which order: declared with the noun, or as an institution has set its own card.

An institution may set a card for the whole noun and one for each term of the choice that the noun's cards go by, such as
a type of object. What a card names and a person may not see or edit is left out by the form, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gate.fields.kinds import kind_of
from gate.reading.loading import find_document
from gate.refusals import BadQuestion
from gate.store.collections import records_of
from gate.writing.writing import write
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor

STORED = "cards"
"""The field of an institution that holds its cards: rows of noun, term and fields."""
INSTITUTIONS = NOUNS["institution"]
Cards = dict[str, tuple[str, ...]]
"""Term of `card_by` → fields; "" is the card of all other terms."""


def cards_of(noun: Noun, institution: str) -> Cards:
    """The cards of a noun's forms in an institution; none where the noun declares no card."""
    if not noun.card:
        return {}
    found = records_of(INSTITUTIONS).find_one({"_id": institution}, {STORED: 1}) or {}
    return {"": noun.card, **_stored(noun, found.get(STORED))}


def card_for(noun: Noun, cards: Cards, term: Any) -> tuple[str, ...]:
    """The card of a record whose `card_by` is that term."""
    return cards.get(str(term or ""), cards.get("", noun.card))


def offered(noun: Noun) -> list[Field]:
    """The fields that may stand on a card, in the order of the declaration."""
    return [each for each in noun.editable() if each.name != "institution" and not each.is_system]


def terms_of(noun: Noun) -> list[str]:
    """The terms that may have a card of their own."""
    return list(kind_of(noun.fields[noun.card_by]).options(noun.fields[noun.card_by])) if noun.card_by else []


def set_card(actor: Actor, noun: Noun, institution: str, term: str, names: Iterable[str] | None) -> None:
    """Set an institution's card of a noun, for one term or (with "") for all others; None goes back to the declared.

    Raises:
        NotFound, Refused: the institution is out of reach, or the actor may not edit it.
        BadQuestion: no such term, a field that cannot stand on a card, or none at all.
        Conflict: somebody saved the institution meanwhile.
    """
    document = find_document(actor, INSTITUTIONS, institution, "edit")
    if term and term not in terms_of(noun):
        raise BadQuestion(
            ("その種別はありません。選び直してください。", "There is no such type; choose again.")
        )
    rows = [each for each in _rows(document.get(STORED)) if (each["noun"], each["term"]) != (noun.name, term)]
    if names is not None:
        chosen = list(dict.fromkeys(names))
        if not chosen or not set(chosen) <= {each.name for each in offered(noun)}:
            raise BadQuestion(
                ("カードに置く項目を一つ以上選んでください。", "Choose at least one field of the card.")
            )
        rows.append({"noun": noun.name, "term": term, "fields": chosen})
    if rows != _rows(document.get(STORED)):
        write(INSTITUTIONS, document, {STORED: rows}, actor=actor)


def _stored(noun: Noun, stored: Any) -> Cards:
    """What is stored, without fields that the noun no longer has."""
    found = {}
    for each in _rows(stored):
        names = tuple(name for name in each["fields"] if name in noun.fields)
        if each["noun"] == noun.name and names:
            found[each["term"]] = names
    return found


def _rows(stored: Any) -> list[dict[str, Any]]:
    return list(stored) if isinstance(stored, list) else []
