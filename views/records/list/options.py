"""The options of a choice, written once for each language: a list's filters and its acts on many hold hundreds."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from models.data_classes import Words
from models.declaration import Field
from models.vocabularies import terms
from words import language, w

BOOLEAN = "boolean"
EITHER: dict[str, Words] = {"true": ("はい", "Yes"), "false": ("いいえ", "No")}


def options(field: Field, chosen: str = "") -> Markup:
    """What may be chosen for a field, the chosen one marked; empty where one types."""
    vocabulary = BOOLEAN if field.kind == "boolean" else field.declared.vocabulary
    return (
        _written(vocabulary, chosen if chosen in _known(vocabulary) else "", language())
        if vocabulary
        else Markup()
    )


def _known(vocabulary: str) -> dict[str, Words]:
    return EITHER if vocabulary == BOOLEAN else terms(vocabulary)


@lru_cache(500)
def _written(vocabulary: str, chosen: str, _language: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    return Markup().join(
        option.format(code, Markup(" selected") if code == chosen else "", w(words))
        for code, words in _known(vocabulary).items()
    )
