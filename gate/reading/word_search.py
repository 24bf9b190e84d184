"""The words of a question, and where this actor may look for them: agreed once, asked of the store in several ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gate.reading.shown import verdict_on
from gate.refusals import BadQuestion, Refused
from gate.store.search_keys import condition, read_query, searched_classes, term_fields, token_of_term
from japanese.keys import search_key
from japanese.queries import Query
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import present
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict

Document = dict[str, Any]
MAX_TEXT = 400
TOO_LONG = ("検索の言葉が長すぎます(400字まで)。", "The search is too long (400 characters at most).")


@dataclass(frozen=True, slots=True)
class WordSearch:
    """Words, and in which classes of data, of which institutions, this actor may search for them."""

    noun: Noun
    query: Query
    visible: Mapping[str, Collection[str]]
    named: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """A word's key → field → the codes of its terms that are called so."""
    where_named: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Field → the institutions where it may be searched by what its terms are called."""

    def condition(self, *, drawn: bool = False) -> Document:
        """The store's condition; `drawn`: for the records of the sample (gate.store.windows)."""
        coded = {
            key: [
                token_of_term(self.noun.fields[name], code, each)
                for name, codes in fields.items()
                for code in codes
                for each in self.where_named[name]
            ]
            for key, fields in self.named.items()
        }
        return condition(self.noun, self.visible, self.query, coded, drawn=drawn)

    def searched_at(self, institution: str) -> frozenset[str]:
        """The names of the fields that were searched there."""
        return frozenset().union(
            *(_names(self.noun.name, each) for each, where in self.visible.items() if institution in where)
        )


def word_search(
    actor: Actor, noun: Noun, text: str, covered: Iterable[str], leaves: str
) -> WordSearch | None:
    """Each institution is searched by the classes that this actor may search there, and no others.

    Args:
        text: as typed; None is returned where it holds no word.
        leaves: the exit by which the answer leaves.

    Raises:
        Refused: nothing may be searched anywhere (400). BadQuestion: the text is too long.
    """
    if len(text) > MAX_TEXT:
        raise BadQuestion(TOO_LONG)
    query = read_query(text)
    if not query:
        return None
    visible: dict[str, list[str]] = {}
    for each in sorted(covered):
        for data_class in searchable(actor, noun, each, leaves):
            visible.setdefault(data_class, []).append(each)
    if not visible:
        raise Refused(_nothing_to_search(), status=400)
    named = {key: found for key in (*query.included, *query.excluded) if (found := _named(noun, key))}
    fields = {name for found in named.values() for name in found}
    where = {
        name: [
            each
            for each in sorted(covered)
            if lesser_verdict(actor, noun.fields[name], "search", leaves, each).shown
        ]
        for name in fields
    }
    return WordSearch(noun, query, visible, named, where)


def _named(noun: Noun, key: str) -> Mapping[str, frozenset[str]]:
    """Field → the codes of its terms that are called so."""
    known = present()
    return {
        each.name: codes
        for each in term_fields(noun.name)
        if len(key) > 1 and (codes := known.named(each.declared.vocabulary, search_key).get(key))
    }


def searchable(actor: Actor, noun: Noun, institution: str, leaves: str = "list") -> frozenset[str]:
    """The classes whose every searched field this actor may search there: keys are kept by class."""
    return frozenset(
        data_class
        for data_class, fields in searched_classes(noun).items()
        if all(lesser_verdict(actor, field, "search", leaves, institution).shown for field in fields)
    )


def lesser_verdict(actor: Actor, field: Field, oracle: str, leaves: str, institution: str) -> Verdict:
    """Return the lesser verdict of an oracle and of the exit by which its answer leaves; every oracle implies the list."""
    verdict = verdict_on(actor, field, oracle, institution)
    if leaves == "list" or not verdict.shown:
        return verdict
    return min(verdict, verdict_on(actor, field, leaves, institution), key=lambda each: each.effect)


@cache
def _names(noun: str, data_class: str) -> frozenset[str]:
    return frozenset(each.name for each in searched_classes(NOUNS[noun])[data_class])


def _nothing_to_search() -> Verdict:
    return Verdict(
        Effect.HIDE,
        "search",
        ("ここには検索できる項目がありません。", "There is no field here that you may search."),
    )
