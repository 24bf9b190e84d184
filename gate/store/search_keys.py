"""What a record is found by: its searched fields' keys, kept apart by institution and data class (law 5).

A token says whose record and which class of data it is of. So one index serves all, no question meets a token that it
may not ask for, and the engine finds by the tokens alone: told the institutions a second time, or given alternatives,
it reads the text of every record in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from gate.store.samples import is_drawn
from japanese.keys import END, grams, query_grams, reading_keys, search_key
from japanese.other_forms import forms_beside, keys_of_kind
from japanese.queries import Query, query_terms
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.ceilings import PERSONAL

Document = dict[str, Any]
_Saying = Callable[[str, str, str], tuple[tuple[str, ...], tuple[str, ...]]]
# Between the keys of two fields; a key never holds it, so no hit can reach across fields.
SEAM = END
CODES = {
    "public": "p", "internal": "i", "restricted": "r", "notes": "n",
    "identity": "d", "contact": "c", "birth": "b", "circulation": "l",
}  # fmt: skip
"""What a token of each class begins with."""
DRAWN = "*"
"""What stands before the tokens of a record of the sample, which it holds a second time: where a word's records lie
is known by reading one in some hundred of them."""
Visible = Mapping[str, Collection[str]]
"""Data class → the institutions where it may be searched."""
Coded = Mapping[str, Collection[str]]
"""A word's key → the tokens of terms that are called so, where this reader may search for them."""


def searched_classes(noun: Noun) -> dict[str, list[Field]]:
    """Data class → its searched fields."""
    found: dict[str, list[Field]] = {}
    for field in noun:
        if field.declared.searched:
            found.setdefault(str(field.data_class), []).append(field)
    return found


@cache
def term_fields(noun: str) -> tuple[Field, ...]:
    """The fields that are found by what their term is called. A token holds the code, so renaming changes no record."""
    return tuple(each for each in NOUNS[noun] if each.declared.vocabulary and each.declared.filtered)


def token_of_term(field: Field, code: str, institution: str) -> str:
    """The token of records of an institution whose field holds this code; no text's gram is like it."""
    return f"{_mark(str(field.data_class), institution)}{SEAM}{field.name}={code}"


def keys_of(noun: Noun, document: Document) -> Document:
    """The `keys` of a stored document: `text`, data class → its fields' keys, and `grams`, the tokens of all classes."""
    texts: Document = {}
    tokens: list[str] = []
    for data_class, said, fields in _classes(noun.name):
        mark = _mark(data_class, document[noun.belongs])
        keys: list[str] = []
        found: list[str] = []
        for names, kind in fields:
            for text in texts_of(document, names):
                of_text, tokens_of_text = said(mark, text, kind)
                keys += of_text
                found += tokens_of_text
        if keys:
            texts[data_class] = SEAM.join(keys)
            tokens += dict.fromkeys(found)
    tokens += [
        token_of_term(field, code, document[noun.belongs])
        for field in term_fields(noun.name)
        if (code := document.get(field.name))
    ]
    if is_drawn(document.get("_id")):
        tokens += [DRAWN + each for each in tokens]
    return {"text": texts, "grams": tokens} if tokens else {}


def searched_texts(noun: Noun, data_class: str) -> list[tuple[tuple[str, ...], str]]:
    """What of a class is searched: the names of the fields that make one text, and their kind.

    Fields are joined only within one class, and only where each is searched by itself: who may search the joined text
    may search every part of it (law 5).
    """
    fields = {each.name: each.kind for each in searched_classes(noun).get(data_class, ())}
    joined = [names for names in noun.joined if fields.keys() >= set(names)]
    return [((name,), kind) for name, kind in fields.items()] + [
        (names, fields[names[0]]) for names in joined
    ]


def texts_of(document: Mapping[str, Any], names: tuple[str, ...]) -> Iterable[str]:
    """The texts of a field; of several fields the one that they make, where all of them are filled."""
    if len(names) > 1:
        parts = [document.get(each) for each in names]
        return ("".join(map(str, parts)),) if all(parts) else ()
    return _texts(value) if (value := document.get(names[0])) else ()


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        return map(str, value)
    return (str(value["text"] if isinstance(value, dict) else value),)


def _said(mark: str, text: str, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of a text, and their tokens."""
    keys = text_keys(kind, text)
    return keys, tuple(mark + gram for key in keys for gram in grams(key))


def text_keys(kind: str, text: str) -> tuple[str, ...]:
    """The keys of a text in a field of this kind: as it is written, and in the one form of what is written in several."""
    keys = reading_keys(text) if kind == "reading" else tuple(filter(None, (search_key(text),)))
    beside = (each for key in keys for each in forms_beside(key))
    return tuple(dict.fromkeys((*keys, *keys_of_kind(kind, text), *beside)))


_kept_in_memory = lru_cache(4_096)(_said)
AGAIN_AT_MOST = 60
"""Characters. What is longer hardly comes twice, and 4,096 of the longest would fill gigabytes."""


def _said_again(mark: str, text: str, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said of things comes again and again: a material, a place. What is said of people is not kept in memory."""
    return (_kept_in_memory if len(text) <= AGAIN_AT_MOST else _said)(mark, text, kind)


@cache
def _classes(noun: str) -> list[tuple[str, _Saying, list[tuple[tuple[str, ...], str]]]]:
    """Data class, how its texts are read, its searched texts and the kind of each: asked for every record made."""
    return [
        (
            data_class,
            _said if data_class in PERSONAL else _said_again,
            searched_texts(NOUNS[noun], data_class),
        )
        for data_class in searched_classes(NOUNS[noun])
    ]


def _mark(data_class: str, institution: str) -> str:
    return f"{CODES[data_class]}{institution}{SEAM}"


def condition(
    noun: Noun, visible: Visible, query: Query, coded: Coded | None = None, *, drawn: bool = False
) -> Document:
    """The store's condition for a query; every word must be in a class where it may be searched, or name a term.

    The grams narrow by index; the regular expression, escaped, verifies the whole word, so no false hit is shown.
    `drawn`: only in records of the sample.
    """
    named, before = coded or {}, DRAWN if drawn else ""
    wanted = [
        part
        for key in query.included
        for part in _holds(noun, visible, key, before, [before + each for each in named.get(key, ())])
    ]
    unwanted: list[Document] = [
        {"$nor": [each]} for key in query.excluded for each in _written(noun, visible, key)
    ]
    unwanted += [{"keys.grams": {"$nin": sorted(named[key])}} for key in query.excluded if named.get(key)]
    if not wanted:
        wanted = [
            {
                noun.belongs: {
                    "$in": sorted({each for institutions in visible.values() for each in institutions})
                }
            }
        ]
        wanted += [{"drawn": True}] if drawn else []
    return {"$and": [*wanted, *unwanted]}


def _holds(noun: Noun, visible: Visible, key: str, before: str, terms: list[str]) -> list[Document]:
    """That one of the classes holds the key, or a term that is called so.

    A token tells of one or two characters by itself: no text need be read.
    """
    marks = sorted(
        before + _mark(data_class, each)
        for data_class, institutions in visible.items()
        for each in institutions
    )
    if len(key) == 1:
        return [{"keys.grams": {"$in": [re.compile(f"^{re.escape(mark + key)}") for mark in marks]}}]
    if len(key) == 2:
        return [
            {"keys.grams": {"$in": [*(mark + gram for mark in marks for gram in query_grams(key)), *terms]}}
        ]
    narrowed: list[Document] = [
        {"keys.grams": {"$in": [mark + gram for mark in marks]}} for gram in query_grams(key)
    ]
    holds = [*narrowed, {"$or": _written(noun, visible, key)}]
    return [{"$or": [{"$and": holds}, {"keys.grams": {"$in": terms}}]}] if terms else holds


def _written(noun: Noun, visible: Visible, key: str) -> list[Document]:
    """The ways in which a record may hold the key."""
    return [
        {noun.belongs: {"$in": sorted(institutions)}, f"keys.text.{data_class}": {"$regex": re.escape(key)}}
        for data_class, institutions in sorted(visible.items())
    ]


def read_query(text: str) -> Query:
    """The words of a search box."""
    return query_terms(text)


def search_key_of(text: Any) -> str:
    """The key of a stored text; "" of none."""
    return search_key(text) if text else ""
