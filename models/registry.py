"""All nouns, in the order of the menu, as this folder's modules declare them: screens, gate, seeds and tables follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from models.declaration import Field, Noun


def _declared() -> Iterator[Noun]:
    """The nouns of every module of this folder."""
    for each in iter_modules([str(Path(__file__).parent)]):
        if each.name != Path(__file__).stem:
            module = import_module(f"models.{each.name}")
            yield from (found for found in vars(module).values() if isinstance(found, Noun))


NOUNS: dict[str, Noun] = {noun.name: noun for noun in sorted(_declared(), key=lambda noun: noun.place)}


def fields_of(noun: Noun, institution: str) -> Mapping[str, Field]:
    """The fields of a noun's records at an institution, as they are to be asked for, read and checked there.

    The pipelines ask here for each request. What may be chosen in a field is that institution's (models.vocabularies);
    fields of an institution's own will be added here.
    """
    return _fields_at(noun.name, institution) if institution else noun.fields


@lru_cache(2_000)
def _fields_at(noun: str, institution: str) -> Mapping[str, Field]:
    """The declared ones: they are the same for the life of the process."""
    return {name: _at(each, institution) for name, each in NOUNS[noun].fields.items()}


def _at(field: Field, institution: str) -> Field:
    return replace(field, at=institution, parts=tuple(_at(each, institution) for each in field.parts))
