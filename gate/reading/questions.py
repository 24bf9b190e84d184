"""What a list may be asked: institution, words, filters, order, place. Each part is put to policy first.

Asking for a withheld field is refused with 400 and a reason, never quietly ignored (law 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId

from gate.reading import masked_search
from gate.reading.names import may_ask_for
from gate.reading.shown import verdict_on
from gate.refusals import BadQuestion, Refused
from gate.store.clock import midnight
from gate.store.date_intervals import not_understood, overlapping
from gate.store.search_keys import condition, read_query, searched_classes
from models.declaration import Field, Noun
from models.vocabularies import terms
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict, may, reach
from policies.work import MINUTE

Document = dict[str, Any]
OPERATORS = frozenset({"is", "any", "has", "from", "to", "empty", "overlaps", "unread"})
MASKED = "masked"
"""The operator that asks for what a mask shows; it is answered by the mask also where the value is shown."""
MAX_TEXT = 400
TOO_LONG = ("検索の言葉が長すぎます(400字まで)。", "The search is too long (400 characters at most).")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: field, operator (is, any, has, from, to, empty, overlaps, unread, masked) and value as text.

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


def selector(
    actor: Actor, noun: Noun, question: Question, covered: frozenset[str], *, drawn: bool = False
) -> Document:
    """The store's filter for a question, after policy has agreed to every part of it.

    `drawn`: of the records found by words, only those of the sample (gate.store.windows).

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
        if (
            field.kind in ("account", "colleague")
            and each.operator != "empty"
            and not may_ask_for(actor, each.value)
        ):
            raise BadQuestion((
                "その人では絞り込めません。自館か所管の館の人を選んでください。",
                "You cannot filter by this person; choose somebody of your own institution or one that it supervises.",
            ))  # fmt: skip
        parts.append(_filter(field, each))
    if found := _search(actor, noun, question, covered, drawn) if question.text.strip() else {}:
        parts[0] = found  # it is about these institutions alone (gate.store.search_keys)
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
    if field is None or field.kind == "system":
        raise BadQuestion(("その項目はありません。", "There is no such field."))
    return field


def agree(actor: Actor, field: Field, exit_: str, covered: Iterable[str], leaves: str = "list") -> None:
    """Let an oracle exit use a field only where it is shown in full, in every institution covered.

    Shown in full by the exit through which the answer leaves, too: a telephone number that the API masks would
    otherwise be told digit by digit by what the API finds.

    Raises:
        Refused: with the narrower question that would be answered, where there is one.
    """
    verdicts = {each: _lesser_verdict(actor, field, exit_, leaves, each) for each in sorted(covered)}
    refused = [verdict for verdict in verdicts.values() if not verdict.shown]
    if not refused:
        return
    shown = [each for each, verdict in verdicts.items() if verdict.shown]
    own = actor.institution if actor.institution in shown else ""
    raise Refused(_as_question(refused[0]), status=400, field=field.name, narrower=own or (shown or [""])[0])


def _lesser_verdict(actor: Actor, field: Field, oracle: str, leaves: str, institution: str) -> Verdict:
    """Return the lesser verdict of an oracle and of the exit by which its answer leaves; every oracle implies the list."""
    verdict = verdict_on(actor, field, oracle, institution)
    if leaves == "list" or not verdict.shown:
        return verdict
    return min(verdict, verdict_on(actor, field, leaves, institution), key=lambda each: each.effect)


def _as_question(verdict: Verdict) -> Verdict:
    return Verdict(Effect.HIDE, verdict.rule, verdict.reason, verdict.mask)


def _filter(field: Field, asked: Filter) -> Document:
    name = f"{field.name}.text" if field.kind == "period" else field.name
    if asked.operator not in OPERATORS or len(asked.value) > MAX_TEXT or "\0" in asked.value:
        raise BadQuestion(("絞り込みの条件が正しくありません。", "The filter is malformed."))
    if asked.operator == "empty":
        return {name: {"$in": [None, "", []]}}
    if asked.operator == "overlaps":
        return overlapping(_dated(field), asked.value)
    if asked.operator == "unread":
        return _unread(_dated(field), asked.value)
    if asked.operator in ("from", "to"):
        return {_ranged(field): _range(field, asked)}
    if asked.operator == "any":
        return {name: {"$in": _any(field, asked.value)}}
    return {name: _exact(field, asked.value)}


def _any(field: Field, value: str) -> list[Any]:
    if not field.declared.vocabulary:
        raise BadQuestion(("この項目では一つだけ選べます。", "Only one can be chosen here."))
    return [_exact(field, each) for each in value.split(",")]


def _exact(field: Field, value: str) -> Any:
    if field.declared.vocabulary and value not in terms(field.declared.vocabulary):
        raise BadQuestion(
            ("その選択肢はありません。選び直してください。", "There is no such term; choose again.")
        )
    if field.kind == "boolean":
        return value == "true" if value == "true" else {"$ne": True}
    if field.kind == "integer":
        return _bound(field, value)
    if field.kind in ("reference", "references") and field.declared.target != "institution":
        try:
            return ObjectId(value)
        except (InvalidId, TypeError) as error:
            raise BadQuestion(("記録の番号が正しくありません。", "The record's id is malformed.")) from error
    return value


def _dated(field: Field) -> Field:
    if field.kind != "period" or not field.declared.filtered:
        raise BadQuestion((
            "この項目は年代で絞り込めません。", "This field cannot be filtered by a written date.",
        ))  # fmt: skip
    return field


def _unread(field: Field, value: str) -> Document:
    if value != "1":
        raise BadQuestion(("絞り込みの条件が正しくありません。", "The filter is malformed."))
    return not_understood(field)


def _ranged(field: Field) -> str:
    if field.kind not in ("integer", "date", "minute", "moment"):
        raise BadQuestion(("この項目は範囲で絞り込めません。", "This field cannot be filtered by range."))
    return field.name


def _range(field: Field, asked: Filter) -> Document:
    begins = asked.operator == "from"
    if field.kind == "integer":
        return {"$gte" if begins else "$lte": _bound(field, asked.value)}
    try:
        if field.kind == "minute":
            return {"$gte" if begins else "$lte": datetime.strptime(asked.value, MINUTE).strftime(MINUTE)}  # noqa: DTZ007
        day = date.fromisoformat(asked.value)
        after = day + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadQuestion(
            ("日付として読めません。例: 2020-12-01", "This is not a date. For example 2020-12-01.")
        ) from error
    if field.kind == "date":
        return {"$gte" if begins else "$lte": day.isoformat()}
    # A moment is kept in UTC; the day that a person names is Japan's, to its end.
    return {"$gte": midnight(day)} if begins else {"$lt": midnight(after)}


def _bound(field: Field, value: str) -> Any:
    if field.kind != "integer":
        return value
    try:
        number = int(value)
    except ValueError as error:
        raise BadQuestion(("数で入れてください。", "Please give a number.")) from error
    if abs(number) > 2**53:
        raise BadQuestion(("数が大きすぎます。", "The number is too large."))
    return number


def _search(actor: Actor, noun: Noun, question: Question, covered: frozenset[str], drawn: bool) -> Document:
    """Each institution is searched by the classes that this actor may search there, and no others."""
    text = question.text
    if len(text) > MAX_TEXT:
        raise BadQuestion(TOO_LONG)
    query = read_query(text)
    if not query.included and not query.excluded:
        return {}
    visible: dict[str, list[str]] = {}
    for each in sorted(covered):
        for data_class in searchable(actor, noun, each, question.exit):
            visible.setdefault(data_class, []).append(each)
    if not visible:
        raise Refused(_nothing_to_search(), status=400)
    return condition(noun, visible, query, drawn=drawn)


def searchable(actor: Actor, noun: Noun, institution: str, leaves: str = "list") -> frozenset[str]:
    """The classes whose every searched field this actor may search there: keys are kept by class."""
    return frozenset(
        data_class
        for data_class, fields in searched_classes(noun).items()
        if all(_lesser_verdict(actor, field, "search", leaves, institution).shown for field in fields)
    )


def _nothing_to_search() -> Verdict:
    return Verdict(
        Effect.HIDE,
        "search",
        ("ここには検索できる項目がありません。", "There is no field here that you may search."),
    )
