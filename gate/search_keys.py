"""What a record is found by: its searched fields' keys, kept apart by data class (law 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from japanese.keys import grams, query_grams, reading_keys, search_key
from japanese.queries import Query, query_terms
from models.declaration import Field, Noun
from models.registry import NOUNS

Document = dict[str, Any]
# Between the keys of two fields; a key never holds it, so no hit can reach across fields.
SEAM = "\n"


def searched_classes(noun: Noun) -> dict[str, list[Field]]:
    """Data class → its searched fields."""
    found: dict[str, list[Field]] = {}
    for field in noun:
        if field.declared.searched:
            found.setdefault(str(field.data_class), []).append(field)
    return found


@cache
def _classes(noun: str) -> dict[str, list[Field]]:
    return searched_classes(NOUNS[noun])


def keys_of(noun: Noun, document: Document) -> Document:
    """The `keys` of a stored document: data class → {text, grams}."""
    found: Document = {}
    for data_class, fields in _classes(noun.name).items():
        keys = [
            key for field in fields if document.get(field.name) for key in _keys(field, document[field.name])
        ]
        if keys:
            tokens: dict[str, None] = {}
            for key in keys:
                tokens.update(dict.fromkeys(grams(key)))
            found[data_class] = {"text": SEAM.join(keys), "grams": list(tokens)}
    return found


def _keys(field: Field, value: Any) -> Iterable[str]:
    if not value:
        return ()
    if field.kind == "reading":
        return reading_keys(value)
    texts = value if isinstance(value, list) else [value["text"] if isinstance(value, dict) else value]
    return [key for text in texts if (key := search_key(str(text)))]


def condition(classes: Iterable[str], query: Query) -> Document:
    """The store's condition for a query over the given classes; every word must be in one of them.

    The grams narrow by index; the regular expression, escaped, verifies the whole word, so no false hit is shown.
    """
    names = sorted(classes)
    wanted = [_any(names, key) for key in query.included]
    unwanted = [
        {f"keys.{name}.text": {"$not": {"$regex": re.escape(key)}}}
        for key in query.excluded
        for name in names
    ]
    return {"$and": [*wanted, *unwanted]}


def _any(names: list[str], key: str) -> Document:
    each = [_holds(name, key) for name in names]
    return each[0] if len(each) == 1 else {"$or": each}


def _holds(name: str, key: str) -> Document:
    tokens = query_grams(key)
    narrowed = {f"keys.{name}.grams": {"$all": tokens}}
    # A word that is itself a token needs no second look, and the texts of all hits need not be read.
    return narrowed if tokens == [key] else {**narrowed, f"keys.{name}.text": {"$regex": re.escape(key)}}


def read_query(text: str) -> Query:
    """The words of a search box."""
    return query_terms(text)


def search_key_of(text: Any) -> str:
    """The key of a stored text; "" of none."""
    return search_key(text) if text else ""
