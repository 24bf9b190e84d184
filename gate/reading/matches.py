"""Where in a record the words of a search were found: the fields, with the hits in their text.

Only what this reader sees in full in lists and may search there is looked at, in the order of the card, and no further
than until each word has its place: most stand in the title.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from gate.reading.questions import Question, searchable
from gate.reading.shown import Found, Plans, Row, Shown
from gate.store.search_keys import read_query, searched_classes
from japanese.keys import reading_key, search_key
from japanese.queries import snippet
from models.declaration import Field, Noun
from policies.actor import Actor

Document = dict[str, Any]
AROUND = 16
"""Characters shown on either side of a hit."""


class Finder:
    """What tells of the rows of one search where its words are."""

    def __init__(self, actor: Actor, noun: Noun, question: Question) -> None:
        self.keys = read_query(question.text).included
        fields = [each for each in noun if each.declared.searched] if self.keys else []
        self.names = [each.name for each in fields]
        """The fields that a document must bring."""
        self._actor, self._noun, self._exit = actor, noun, question.exit
        self._plans = Plans(actor, noun, question.exit, self.names)
        self._seen: dict[str, list[tuple[Field, Any]]] = {}

    def with_matches(self, row: Row, document: Document) -> Row:
        """Add to a row where its words were found; what that shows is disclosed like any other value."""
        left, found, shown = set(self.keys), [], {}
        for field, verdict in self._fields(row.institution):
            if not left:
                break
            for text in _texts(document.get(field.name)):
                if hits := _hits(field, text, left):
                    left -= hits
                    loose = field.is_reading
                    found.append(Found(field, snippet(text, sorted(hits), AROUND, reading=loose)))
                    shown[field.name] = Shown(field, document.get(field.name), verdict)
        return replace(row, found=tuple(found), values={**shown, **row.values}) if found else row

    def _fields(self, institution: str) -> list[tuple[Field, Any]]:
        if institution not in self._seen:
            classes = searchable(self._actor, self._noun, institution, self._exit)
            of = {name for each in classes for name in _names(self._noun, each)}
            plan = self._plans.of(institution)
            self._seen[institution] = [
                (field, verdict) for name, field, verdict, whole in plan if whole and name in of
            ]
        return self._seen[institution]


def _names(noun: Noun, data_class: str) -> Iterable[str]:
    return (each.name for each in searched_classes(noun)[data_class])


def _texts(value: Any) -> Iterable[str]:
    if not value:
        return ()
    if isinstance(value, list):
        return map(str, value)
    return (str(value.get("text") or "") if isinstance(value, dict) else str(value),)


def _hits(field: Field, text: str, wanted: Collection[str]) -> set[str]:
    key = search_key(text)
    found = {each for each in wanted if each in key}
    if field.is_reading and len(found) < len(wanted):
        loose = reading_key(text)
        found |= {each for each in wanted if each in loose}
    return found
