"""The options of a choice, written once for each language: a list's filters and its acts on many hold hundreds."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from gate.fields.kinds import kind_of
from models.data_classes import Words
from models.declaration import Field
from words import language, w


def options(field: Field) -> Markup:
    """What may be chosen for a field; empty where one types."""
    return _written(tuple(kind_of(field).options(field).items()), "", language())


def filter_options(field: Field, chosen: str = "") -> Markup:
    """What a list can be filtered by, the chosen one marked; empty where one types."""
    known = kind_of(field).filters(field)
    return _written(tuple(known.items()), chosen if chosen in known else "", language())


@lru_cache(500)
def _written(known: tuple[tuple[str, Words], ...], chosen: str, _language: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    return Markup().join(
        option.format(code, Markup(" selected") if code == chosen else "", w(words)) for code, words in known
    )
