"""What a text begins with: a filter for shelves and makers, answered by an index however many records there are.

The beginning of each such text is kept with its record as a search key (japanese.keys), so that 第２収蔵庫 finds 第2収蔵庫 棚12.
By it is asked only where the field itself may be filtered by (law 2).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from gate.fields.kinds import kind_of
from gate.refusals import BadQuestion
from japanese.keys import search_key
from models.declaration import Field, Noun
from models.registry import NOUNS

Document = dict[str, Any]
BEGINNINGS = "beginnings"
"""The field of a record that holds them: field → key."""
LONGEST = 60
_BEHIND = "\U0010ffff"


def beginnings_of(noun: Noun, document: Document) -> Document:
    """The `beginnings` of a stored document."""
    return {
        name: search_key(str(document[name])[:LONGEST]) for name in filtered_texts(noun) if document.get(name)
    }


def filtered_texts(noun: Noun) -> tuple[str, ...]:
    """The fields of which a beginning is kept."""
    return _filtered(noun.name)


@cache
def _filtered(noun: str) -> tuple[str, ...]:
    return tuple(each.name for each in NOUNS[noun] if each.declared.filtered and kind_of(each).collated)


def begins(field: Field, typed: str) -> Document:
    """The store's condition that a text begins so.

    Raises:
        BadQuestion: the field cannot be asked so, or nothing of what was typed counts.
    """
    key = search_key(typed[:LONGEST])
    if field.name not in filtered_texts(NOUNS[field.noun]) or not key:
        raise BadQuestion(("絞り込みの条件が正しくありません。", "The filter is malformed."))
    return {f"{BEGINNINGS}.{field.name}": {"$gte": key, "$lt": key + _BEHIND}}
