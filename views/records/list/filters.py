"""What narrows a list: the filters that it offers, the conditions in force as chips, and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from gate.fields.kinds import kind_of
from gate.lists.saved_views import asked_of, named
from gate.reading.masked_search import offered
from gate.reading.names import names_of
from gate.reading.questions import MASKED, Filter, Question, field_named
from gate.reading.references import label
from gate.reading.shown import verdict_on
from gate.store.date_intervals import UnreadDate, understood
from gate.store.masked_forms import masks_of
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies import masks
from policies.actor import Actor
from policies.verdict import reach
from views.records.list.options import options, ticks
from views.requests.addresses import address
from views.requests.current_actor import actor
from views.shared.periods import typed_in_both_calendars
from words import t, term, w

DATED: Words = (
    "この期間にかかるもの。例: 明治30年頃、江戸後期、1897-1902、不明",
    "Overlapping this. For example 明治30年頃, 1897-1902, c. 1870, 不明 (none).",
)


MINE: Words = ("自分", "Me")
NONE: Words = ("なし", "None")
BEGINS: Words = ("この言葉で始まるもの", "Beginning with this")
NAMED: Words = ("番号か、一件に決まる名前", "The number, or a name that only one has")
UNREAD: Words = ("書いてあるが読めないもの(区間なし)", "Written, not understood (no interval)")


@dataclass(frozen=True)
class FilterField:
    """A filter that the list offers; `help` says what to type."""

    name: str
    label: Words
    control: str
    """line, menu, ticks, day or period: how it asks."""
    options: Markup
    """Written as the page has them, the chosen one marked; empty where one types."""
    value: str
    help: Words = ("", "")


def without(args: MultiDict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in args.items() if name not in names}


def list_url(noun: Noun, args: Mapping[str, str]) -> str:
    return list_to(noun, "index_view", args)


def list_to(noun: Noun, endpoint: str, args: Mapping[str, str]) -> str:
    return address(f"{noun.name}.{endpoint}", args)


def filters(who: Actor, noun: Noun, question: Question, covered: list[str]) -> list[FilterField]:
    now = {(each.field, each.operator): each.value for each in question.filters}
    return [
        filter_
        for field in noun
        if field.declared.filtered
        and field.name != "institution"
        and all(verdict_on(who, field, "filter", each).shown for each in covered)
        for filter_ in _filter_fields(field, now)
    ]


def _filter_fields(field: Field, now: dict[tuple[str, str], str]) -> list[FilterField]:
    if field.is_written_date:
        value, unread = now.get((field.name, "overlaps"), ""), now.get((field.name, "unread"), "")
        chosen = Markup(" selected") if unread else ""
        only = Markup('<option value="1"{}>{}</option>').format(chosen, w(UNREAD))
        label = (f"{field.label[0]}の読み取り", f"{field.label[1]}: reading")
        return [
            FilterField(f"f.{field.name}.overlaps", field.label, "period", Markup(), value, DATED),
            FilterField(f"f.{field.name}.unread", label, "menu", only, unread),
        ]
    kind, value = kind_of(field), now.get((field.name, "is"), "")
    if kind.has_terms:
        chosen = now.get((field.name, "any"), value)
        return [FilterField(f"f.{field.name}.any", field.label, "ticks", ticks(field, chosen), chosen)]
    if kind.names_account:
        return [_menu(f"f.{field.name}", field.label, (actor().user, MINE), value)]
    if kind.collated:
        begun = now.get((field.name, "begins"), "")
        return [FilterField(f"f.{field.name}.begins", field.label, "line", Markup(), begun, BEGINS)]
    if field.declared.target and kind.several:
        return [
            _menu(f"f.{field.name}.empty", field.label, ("1", NONE), now.get((field.name, "empty"), "")),
        ]
    if field.declared.target and value:
        name = _as_read(field, Filter(field.name, "is", value))
        return [_menu(f"f.{field.name}", field.label, (value, (name, name)), value)]
    help_ = NAMED if field.declared.target else ("", "")
    return [
        FilterField(f"f.{field.name}", field.label, kind.filtered_by, options(field, value), value, help_)
    ]


def _menu(name: str, label: Words, only: tuple[str, Words], value: str) -> FilterField:
    """A menu of one."""
    code, words = only
    chosen = Markup(" selected") if value == code else ""
    option = Markup('<option value="{}"{}>{}</option>').format(code, chosen, w(words))
    return FilterField(name, label, "menu", option, value)


def masked_filters(who: Actor, noun: Noun, question: Question, covered: list[str]) -> list[FilterField]:
    now = {each.field: each.value for each in question.filters if each.operator == MASKED}
    return [
        FilterField(
            f"f.{field.name}.{MASKED}", field.label, "line", Markup(), now.get(field.name, ""),
            masks.HINTS[masks_of(noun)[field.name]],
        )
        for field in offered(who, noun, covered)
    ]  # fmt: skip


def chips(noun: Noun, question: Question, args: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The conditions in force: (words, address of the list without it)."""
    rest = without(args, "after", "before")
    found = []
    if question.text:
        found.append((_searched(question), list_url(noun, _without_words(rest, question))))
    # Words of a stored question may name a person and cannot go along in an address; others stay.
    left = _without_words(rest, question) if "query" in rest else opened_up(rest, question)
    for each in question.filters:
        gone = named(each)
        found.append(
            (_condition(noun, question, each), list_url(noun, {k: v for k, v in left.items() if k != gone}))
        )
    return found


def said(noun: Noun, question: Question) -> list[str]:
    """The same in words alone, with the order."""
    found = [_searched(question)] if question.text else []
    found += [_condition(noun, question, each) for each in question.filters]
    if question.institution:
        house = g.account.houses.get(question.institution)
        found.append(w(house.name) if house else question.institution)
    if question.sort:
        ja, en = field_named(noun, question.sort).label
        found.append(
            t(f"{ja}の逆順", f"by {en}, descending") if question.descending else t(f"{ja}の順", f"by {en}")
        )
    return found


def _searched(question: Question) -> str:
    return t(f"検索: {question.text}", f"Search: {question.text}")


def _condition(noun: Noun, question: Question, asked: Filter) -> str:
    """A condition in words. What a colleague typed about a field that this reader may not ask for is not told."""
    field, who = field_named(noun, asked.field), actor()
    said = w(field.label)
    covered = [question.institution] if question.institution else reach(who, noun.name, "read")
    if asked.operator != MASKED and not all(verdict_on(who, field, "filter", each).shown for each in covered):
        return f"{said}: {t('非表示', 'withheld')}"
    if asked.operator == "empty":
        return f"{said}: {t('記録なし', 'not recorded')}"
    if asked.operator == "unread":
        return f"{said}: {w(UNREAD)}"
    ends = {
        "from": t("以降", " or later"),
        "to": t("まで", " or earlier"),
        "begins": t("で始まる", " …"),
    }.get(asked.operator, "")
    return f"{said}: {_as_read(field, asked)}{ends}"


def opened_up(rest: dict[str, str], question: Question) -> dict[str, str]:
    """An address without the name of a saved view, its conditions written out."""
    if "view" not in rest:
        return rest
    return {name: value for name, value in rest.items() if name != "view"} | asked_of(question)


def _as_read(field: Field, asked: Filter) -> str:
    """A condition's value as people read it; a date as typed, with the years that were understood."""
    if asked.operator == "overlaps":
        try:
            return typed_in_both_calendars(understood(asked.value))
        except UnreadDate:
            return asked.value
    if kind_of(field).names_account:
        return names_of(actor(), [asked.value])[asked.value]
    if field.declared.target:
        target = NOUNS[field.declared.target]
        found = label(actor(), target, [kind_of(field).exactly(field, asked.value)])
        return next((each.label for each in found.values()), asked.value)
    if field.declared.vocabulary:
        return t("、", ", ").join(term(field.declared.vocabulary, each) for each in asked.value.split(","))
    return asked.value


def _without_words(rest: dict[str, str], question: Question) -> dict[str, str]:
    """The question as an address without its words; of a stored one, the part that may stand in an address."""
    if "query" not in rest:
        return {name: value for name, value in opened_up(rest, question).items() if name != "q"}
    plain = {named(each): each.value for each in question.filters if each.operator != MASKED}
    house = {"institution": question.institution} if question.institution else {}
    return {name: value for name, value in rest.items() if name != "query"} | plain | house
