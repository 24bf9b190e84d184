"""All nouns, in the order of the menu. The one list from which screens, gate, seeds and tables are derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from models.book import BOOK
from models.declaration import Field, Noun
from models.donor import DONOR
from models.exhibition import EXHIBITION
from models.handler import HANDLER
from models.institution import INSTITUTION
from models.item import ITEM
from models.loan import LOAN
from models.media import MEDIA
from models.patron import PATRON
from models.plan import PLAN
from models.role import ROLE
from models.takeout import TAKEOUT
from models.term import TERM
from models.training import TRAINING
from models.user import USER
from models.work_request import WORK_REQUEST

NOUNS: dict[str, Noun] = {
    noun.name: noun
    for noun in (
        ITEM, MEDIA, DONOR, LOAN, EXHIBITION, PATRON, BOOK,
        HANDLER, TRAINING, TAKEOUT, WORK_REQUEST, PLAN,
        USER, ROLE, INSTITUTION, TERM,
    )
}  # fmt: skip


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
