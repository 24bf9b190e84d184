"""Where a record stands in an order: dates by their interval, texts by a key that is stored beside the record, the rest by
their values.

The key follows its fields whenever a record is written, and is found by an index; so order is exact, and a page costs the
same anywhere in it. A key of personal fields is as personal as they are: it is erased with the record, leaves the store for
nobody, and by it is asked only where the fields themselves may be sorted by (`ordered_by`; laws 2 and 5).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from gate.fields.kinds import kind_of
from gate.store.date_intervals import INTERVALS, UNDATED
from gate.store.date_intervals import place_of as place_of_date
from japanese.order import LAST, order_key
from models.declaration import Field, Noun
from models.registry import NOUNS

Document = dict[str, Any]
ORDER = "sort_keys"
"""The field of a record that holds the keys: field → key."""
ORDERING = 1
"""Raised by one whenever the same text has another key than before: then the upgrade works out all of them again."""


def place_of(field: Field) -> str:
    """Where in a stored document the order by this field is found."""
    if field.is_written_date:
        return place_of_date(field)
    return f"{ORDER}.{field.name}" if kind_of(field).collated else field.name


def absent_at(place: str) -> Any:
    """The value that stands at a place_of for nothing, and is the greatest there; None where nothing is kept of it."""
    kept = place.partition(".")[0]
    return {INTERVALS: UNDATED, ORDER: LAST}.get(kept)


def ordered_by(noun: Noun, field: Field) -> list[Field]:
    """All fields that an order by this one tells of: itself, its reading, and what it is joined with."""
    names = [field.name]
    if kind_of(field).collated:
        names = [each for pair in _sources(noun.name, field.name) for each in pair if each]
    return [noun.fields[name] for name in names]


def order_of(noun: Noun, document: Document) -> Document:
    """The `sort_keys` of a stored document."""
    return {
        name: order_key(
            [str(document.get(reading) or document.get(text) or "") for text, reading in sources],
            " ".join(str(document.get(text) or "") for text, _ in sources),
        )
        for name, sources in ordered_fields(noun)
    }


def ordered_fields(noun: Noun) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The fields that a key is kept of, each with the texts that it is made of and the field of each one's reading."""
    return _ordered(noun.name)


@cache
def _ordered(noun: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    names = (each.name for each in NOUNS[noun] if each.declared.sorted and kind_of(each).collated)
    return tuple((name, _sources(noun, name)) for name in names)


@cache
def _sources(noun: str, name: str) -> tuple[tuple[str, str], ...]:
    names = next((group for group in NOUNS[noun].joined if group[0] == name), (name,))
    return tuple((each, NOUNS[noun].fields[each].declared.read_in) for each in names)
