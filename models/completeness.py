"""What a card of an item should hold, by its object type: the one place that says which fields are recommended.

Beside the required fields these are what a checker looks for. A field that may name people (notes) is not among them:
whether it is filled would be told to those who may not read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ALWAYS = (
    "accession_number", "title", "object_type", "rank", "materials", "location", "acquisition_method", "description",
    "photographs",
)  # fmt: skip
"""Asked of every item."""

_MADE = ("period", "dimensions")
_BY_TYPE: dict[str, tuple[str, ...]] = {
    "document": ("period",),
    "book": ("period", "maker"),
    "painting": (*_MADE, "maker"),
    "print": (*_MADE, "maker"),
    "drawing": (*_MADE, "maker"),
    "photograph": (*_MADE,),
    "sculpture": (*_MADE, "maker"),
    "craft": (*_MADE,),
    "calligraphy": (*_MADE, "maker"),
    "archaeology": (*_MADE, "place_made"),
    "folk": (*_MADE, "place_made"),
    "site": ("period", "place_made"),
    "map": (*_MADE,),
    "moving_image": ("period",),
    "other": _MADE,
}
"""Asked beside them, by object type (every term of the vocabulary)."""

EMPTY: tuple[Any, ...] = (None, "", [], {})


def asked_of(object_type: Any) -> tuple[str, ...]:
    """The fields that an item of this type should hold; of one without a type, what every item should."""
    return (*ALWAYS, *_BY_TYPE.get(str(object_type), ()))


def lacking(document: Mapping[str, Any]) -> list[str]:
    """The fields that an item should hold and does not, in the order in which they are asked."""
    return [name for name in asked_of(document.get("object_type")) if document.get(name) in EMPTY]
