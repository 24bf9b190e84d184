"""What a list may be asked: institution, words, filters, order, place. Each part is put to policy first.

Asking for a withheld field is refused with 400 and a reason, never quietly ignored (law 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from bson import ObjectId
from bson.errors import InvalidId

from gate.fields.beginnings import begins
from gate.fields.kinds import kind_of
from gate.reading import masked_search
from gate.reading.names import may_ask_for
from gate.reading.word_search import MAX_TEXT, WordSearch, lesser_verdict, word_search
from gate.refusals import BadQuestion, Refused
from gate.store.date_intervals import not_understood, overlapping
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict, may, reach

Document = dict[str, Any]
OPERATORS = frozenset({"is", "any", "has", "from", "to", "empty", "overlaps", "unread", "begins"})
MASKED = "masked"
"""The operator that asks for what a mask shows; it is answered by the mask also where the value is shown."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: field, operator (is, any, has, from, to, empty, begins, overlaps, unread, masked) and value as text.

    `any` takes terms with commas between; `overlaps` a written date; `unread` is 1: a date that is not understood.
    """

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks of a list. `institution` empty: all within reach."""

    institution: str = ""
    text: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = False
    after: str = ""
    before: str = ""
    ids: tuple[str, ...] = ()
    exit: str = "list"
    """By which exit the answer leaves: what is withheld there can be asked there no more than it can be read."""


def institutions(actor: Actor, noun: Noun, question: Question, action: str = "read") -> frozenset[str]:
    """The institutions a question covers.

    Raises:
        Refused: none is within reach for the action.
    """
    within = reach(actor, noun.name, action)
    if not within:
        raise Refused(may(actor, noun.name, action, actor.institution))
    if not question.institution:
        return within
    # guard: question-within-reach
    if question.institution not in within:
        raise Refused(may(actor, noun.name, action, question.institution))
    return frozenset({question.institution})


class Selection(NamedTuple):
    """A question as the store is asked it, worked out once: every part was put to policy."""

    where: Document
    drawn: Document | None
    """Where words are to be found, the same for the records of the sample (gate.store.windows)."""
    words: WordSearch | None


def selector(actor: Actor, noun: Noun, question: Question, covered: frozenset[str]) -> Document:
    """The store's filter for a question; as selection."""
    return selection(actor, noun, question, covered).where


def selection(actor: Actor, noun: Noun, question: Question, covered: frozenset[str]) -> Selection:
    """The store's filter for a question, after policy has agreed to every part of it.

    Raises:
        Refused: a filter on a withheld field, with the institution for which it would be answered.
        BadQuestion: an unknown field, operator or term.
    """
    # guard: question-scope
    parts: list[Document] = [_within(noun, covered)]
    if question.ids:
        parts.append({"_id": {"$in": [_object_id(noun, each) for each in question.ids]}})
    for each in question.filters:
        field = field_named(noun, each.field)
        if each.operator == MASKED:
            parts.append(masked_search.condition(actor, noun, field.name, each.value, covered, question.exit))
            continue
        # guard: filter-agreed
        agree(actor, field, "filter", covered, question.exit)
        if kind_of(field).names_account and each.operator != "empty" and not may_ask_for(actor, each.value):
            raise BadQuestion((
                "その人では絞り込めません。自館か所管の館の人を選んでください。",
                "You cannot filter by this person; choose somebody of your own institution or one that it supervises.",
            ))  # fmt: skip
        parts.append(_filter(field, each))
    text = question.text
    words = word_search(actor, noun, text, covered, question.exit) if text.strip() else None
    if words is None:
        return Selection(_all_of(parts), None, None)
    # What the words ask is about these institutions alone (gate.store.search_keys).
    drawn = _all_of([words.condition(drawn=True), *parts[1:]]) if words.query.included else None
    return Selection(_all_of([words.condition(), *parts[1:]]), drawn, words)


def _all_of(parts: list[Document]) -> Document:
    return parts[0] if len(parts) == 1 else {"$and": parts}


def _within(noun: Noun, covered: frozenset[str]) -> Document:
    one_or_many: Any = next(iter(covered)) if len(covered) == 1 else {"$in": sorted(covered)}
    return {noun.belongs: one_or_many}


def _object_id(noun: Noun, text: str) -> Any:
    if noun.is_institution:
        return text
    try:
        return ObjectId(text)
    except (InvalidId, TypeError) as error:
        raise BadQuestion(
            (
                "記録の番号が正しくありません。一覧から選び直してください。",
                "A record's id is malformed; choose again from the list.",
            )
        ) from error


def field_named(noun: Noun, name: str) -> Field:
    """The declared field of that name.

    Raises:
        BadQuestion: there is none. Secret fields are not admitted to exist.
    """
    field = noun.fields.get(name)
    # guard: question-known-field
    if field is None or field.is_system:
        raise BadQuestion(("その項目はありません。", "There is no such field."))
    return field


def agree(actor: Actor, field: Field, exit_: str, covered: Iterable[str], leaves: str = "list") -> None:
    """Let an oracle exit use a field only where it is shown in full, in every institution covered.

    Shown in full by the exit through which the answer leaves, too: a telephone number that the API masks would
    otherwise be told digit by digit by what the API finds.

    Raises:
        Refused: with the narrower question that would be answered, where there is one.
    """
    verdicts = {each: lesser_verdict(actor, field, exit_, leaves, each) for each in sorted(covered)}
    refused = [verdict for verdict in verdicts.values() if not verdict.shown]
    if not refused:
        return
    shown = [each for each, verdict in verdicts.items() if verdict.shown]
    own = actor.institution if actor.institution in shown else ""
    raise Refused(_as_question(refused[0]), status=400, field=field.name, narrower=own or (shown or [""])[0])


def _as_question(verdict: Verdict) -> Verdict:
    return Verdict(Effect.HIDE, verdict.rule, verdict.reason, verdict.mask)


def _filter(field: Field, asked: Filter) -> Document:
    kind = kind_of(field)
    name = kind.place(field)
    if asked.operator not in OPERATORS or len(asked.value) > MAX_TEXT or "\0" in asked.value:
        raise BadQuestion(("絞り込みの条件が正しくありません。", "The filter is malformed."))
    if asked.operator == "empty":
        return {name: {"$in": [None, "", []]}}
    if asked.operator == "overlaps":
        return overlapping(_dated(field), asked.value)
    if asked.operator == "unread":
        return _unread(_dated(field), asked.value)
    if asked.operator == "begins":
        return begins(field, asked.value)
    if asked.operator in ("from", "to"):
        return {field.name: kind.bounded(field, asked.value, begins=asked.operator == "from")}
    if asked.operator == "any":
        return {name: {"$in": _any(field, asked.value)}}
    return {name: kind.exactly(field, asked.value)}


def _any(field: Field, value: str) -> list[Any]:
    kind = kind_of(field)
    if not kind.has_terms:
        raise BadQuestion(("この項目では一つだけ選べます。", "Only one can be chosen here."))
    asked = [kind.exactly(field, each) for each in value.split(",")]
    return [each for one in asked for each in (one["$in"] if isinstance(one, dict) else [one])]


def _dated(field: Field) -> Field:
    if not field.is_written_date or not field.declared.filtered:
        raise BadQuestion((
            "この項目は年代で絞り込めません。", "This field cannot be filtered by a written date.",
        ))  # fmt: skip
    return field


def _unread(field: Field, value: str) -> Document:
    if value != "1":
        raise BadQuestion(("絞り込みの条件が正しくありません。", "The filter is malformed."))
    return not_understood(field)
