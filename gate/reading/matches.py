"""Where in a record the words of a search were found: the fields, with the hits in their text.

Only what this reader sees in full in lists and may search there is looked at, in the order of the card, and no further
than until each word has its place: most stand in the title.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gate.reading.judging import Plans
from gate.reading.shown import Found, Judged, Judgement
from gate.reading.word_search import WordSearch
from gate.store.search_keys import text_keys, texts_of
from japanese.keys import search_key
from japanese.queries import snippet
from models.declaration import Field
from models.vocabularies import present
from policies.actor import Actor

Document = dict[str, Any]
AROUND = 16
"""Characters shown on either side of a hit."""


class Finder:
    """What tells of the rows of one search where its words are."""

    def __init__(self, actor: Actor, words: WordSearch, exit_: str) -> None:
        self.keys = words.query.included
        noun = words.noun
        by_terms = {name for key in self.keys for name in words.named.get(key, ())}
        fields = (
            [each for each in noun if each.declared.searched or each.name in by_terms] if self.keys else []
        )
        self.names = [each.name for each in fields]
        """The fields that a document must bring."""
        self._words = words
        self._plans = Plans(actor, noun, exit_, self.names)
        self._joined = noun.joined
        self._seen: dict[str, dict[str, tuple[Field, Any]]] = {}

    def add_matches(self, row: Judged, document: Document) -> None:
        """Add to a row where its words were found; what that shows is disclosed like any other value."""
        left, found = set(self.keys), []
        shown: dict[str, Judgement] = {}
        fields = self._fields(row.institution)
        for names in self._places(fields):
            if not left:
                break
            field, verdict = fields[names[0]]
            if len(names) == 1 and (
                said := self._named(field, document.get(field.name), row.institution, left)
            ):
                found.append(Found(field, [(text, True) for text in said.values()]))
                left -= set(said)
                shown[field.name] = (field, document.get(field.name), verdict)
            for text in texts_of(document, names) if field.declared.searched else ():
                if hits := _hits(field, text, left):
                    left -= hits
                    loose = field.is_reading
                    found.append(Found(field, snippet(text, sorted(hits), AROUND, reading=loose)))
                    for name in names:
                        of, verdict = fields[name]
                        shown[name] = (of, document.get(name), verdict)
        row.found, row.values = tuple(found), {**shown, **row.values}

    def _named(self, field: Field, code: Any, institution: str, wanted: Collection[str]) -> dict[str, str]:
        """Of the wanted keys those that this record's term is called by, each with the name as it is written."""
        if not code or institution not in self._words.where_named.get(field.name, ()):
            return {}
        hits = [each for each in wanted if code in self._words.named.get(each, {}).get(field.name, ())]
        term = present().of(field.declared.vocabulary)[code] if hits else None
        names = (*term.label, *term.aliases) if term else ()
        return {key: next((each for each in names if search_key(each) == key), names[0]) for key in hits}

    def _fields(self, institution: str) -> dict[str, tuple[Field, Any]]:
        if institution not in self._seen:
            of, plan = self._words.searched_at(institution), self._plans.of(institution)
            self._seen[institution] = {
                name: (field, verdict)
                for name, field, verdict, whole in plan
                if whole and (name in of or institution in self._words.where_named.get(name, ()))
            }
        return self._seen[institution]

    def _places(self, fields: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
        """Where to look: each field by itself, and what fields make together where this reader sees all of them."""
        yield from ((name,) for name in fields)
        yield from (names for names in self._joined if fields.keys() >= set(names))


def _hits(field: Field, text: str, wanted: Collection[str]) -> set[str]:
    keys = text_keys(field.kind, text)
    return {each for each in wanted if any(each in key for key in keys)}
