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


def ticks(field: Field, chosen: str) -> Markup:
    """The same as boxes to tick, of which several may be; `chosen` are codes with commas between."""
    known, marked = kind_of(field).filters(field), frozenset(chosen.split(","))
    return _ticks(f"f.{field.name}.any", tuple(known.items()), frozenset(marked & known.keys()), language())


@lru_cache(500)
def _ticks(name: str, known: tuple[tuple[str, Words], ...], marked: frozenset[str], _language: str) -> Markup:
    box = Markup('<label class="tick"><input type="checkbox" name="{}" value="{}"{}> {}</label>')
    return Markup().join(
        box.format(name, code, Markup(" checked") if code in marked else "", w(words))
        for code, words in known
    )
