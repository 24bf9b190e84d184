"""List, count and group: pages by key, never by skip, each row as the actor may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from gate.counts.counted import counted_by
from gate.fields.sort_keys import absent_at, ordered_by, place_of
from gate.reading.judging import Plans, judged
from gate.reading.matches import Finder
from gate.reading.questions import Question, agree, field_named, institutions, selection, selector
from gate.reading.references import resolve
from gate.reading.show import Act, show
from gate.reading.shown import Row
from gate.reading.small_counts import suppress_small
from gate.refusals import BadQuestion, NotFound
from gate.store.collections import key_of, records_of
from gate.store.counting import COUNT_CAP, count_matching, count_whole, counting, whole_count
from gate.store.date_intervals import fetch_absent_last
from gate.store.samples import value_at
from gate.store.windows import Matching, fetch
from models.data_classes import PERSONAL
from models.declaration import Noun
from policies.actor import Actor
from policies.exits import NEEDS

Document = dict[str, Any]
PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list. `total` is exact up to COUNT_CAP; above it `capped` is set."""

    rows: list[Row]
    total: int
    capped: bool
    after: str
    """Id to continue from, empty on the last page. It carries no value: a personal value never enters an address."""
    before: str


def list_page(
    actor: Actor,
    noun: Noun,
    question: Question,
    columns: Iterable[str],
    *,
    size: int = PAGE,
    exit_: str = "list",
) -> Page:
    """A page of records within reach, in the asked order, with its disclosure written first.

    Raises:
        Refused: nothing within reach (403), or a question over a withheld field (400).
        BadQuestion: a malformed part of the question.
        LedgerClosed: the disclosure could not be written.
    """
    covered = institutions(actor, noun, question, NEEDS[exit_] or "read")
    question = replace(question, exit=exit_)
    asked = selection(actor, noun, question, covered)
    order = order_of(actor, noun, question, covered)
    about, counted = _counted(noun, question, covered, asked.where)
    plans = Plans(actor, noun, exit_, columns)
    finder = Finder(actor, asked.words, exit_) if exit_ == "list" and asked.words else None
    of = Matching(
        noun,
        asked.where,
        covered,
        _projection(plans) | dict.fromkeys(finder.names if finder else (), 1),
        _sizing(question, about),
        asked.drawn,
    )
    documents, more_before, more_after = _window(of, question, order, size)
    found = [judged(plans, each) for each in documents]
    if finder:
        for one, each in zip(found, documents, strict=True):
            finder.add_matches(one, each)
    rows = show(Act(actor, noun, exit_, "list_page"), resolve(actor, found, exit_))
    # A list that stands whole on its page counts itself, whatever was counted a while ago.
    total = counted() if more_before or more_after else len(rows)
    return Page(
        rows=rows,
        total=min(total, COUNT_CAP),
        capped=total > COUNT_CAP,
        after=rows[-1].id if rows and more_after else "",
        before=rows[0].id if rows and more_before else "",
    )


def _counted(
    noun: Noun, question: Question, covered: frozenset[str], where: Document
) -> tuple[int, Callable[[], int]]:
    if not _is_whole(question):
        return counting(noun, where)
    total = whole_count(noun, covered, where)
    return total, lambda: total


def _is_whole(question: Question) -> bool:
    return not (question.text or question.filters or question.ids)


def _sizing(question: Question, total: int) -> int | None:
    """By how many matches windows are sized: None for all records of an institution."""
    return None if total > COUNT_CAP and _is_whole(question) else total


def _projection(plans: Plans) -> Document:
    return dict.fromkeys(
        [*(each.name for each in plans.fields), plans.noun.belongs, "institution", "revision"], 1
    )


def count(actor: Actor, noun: Noun, question: Question | None = None) -> int:
    """How many records within reach match, exact up to COUNT_CAP + 1.

    Raises:
        Refused, BadQuestion: as list_page.
    """
    asked = question or Question()
    covered = institutions(actor, noun, asked)
    where = selector(actor, noun, asked, covered)
    return count_whole(noun, where) if _is_whole(asked) else count_matching(noun, where)


def group(actor: Actor, noun: Noun, question: Question, by: str) -> dict[str, int]:
    """Value of a field → how many records hold it, for fields that are shown in full wherever asked.

    Personal values are no groups: a group has no record whose disclosure could be written.

    Small counts of people whom this actor may not see are SUPPRESSED.

    Raises:
        Refused: the field is withheld somewhere within the question (400).
        BadQuestion: it is personal.
    """
    covered, field = institutions(actor, noun, question), field_named(noun, by)
    agree(actor, field, "count", covered)
    if field.data_class in PERSONAL:
        raise BadQuestion(("この項目では集計できません。", "Records cannot be counted by this field."))
    found = counted_by(noun, by, covered) if _is_whole(question) else None
    if found is None:
        where = selector(actor, noun, question, covered)
        counting_by = [{"$match": where}, {"$group": {"_id": f"${by}", "n": {"$sum": 1}}}]
        found = Counter({each["_id"]: each["n"] for each in records_of(noun).aggregate(counting_by)})
    return {str(value or ""): suppress_small(actor, noun, covered, n) for value, n in found.items()}


def export_rows(
    actor: Actor,
    noun: Noun,
    question: Question,
    columns: list[str],
    *,
    exit_: str = "export",
    batch: int = 500,
    purpose: str = "",
) -> Iterator[Row]:
    """Every matching record, in entry order, in constant memory; one disclosure a batch, written before it leaves.

    `purpose`: what for, a code; the disclosures name it.

    Raises:
        Refused: no export grant for any institution asked for.
    """
    covered = institutions(actor, noun, question, NEEDS[exit_] or "export")
    asked = selection(actor, noun, question, covered)
    plans = Plans(actor, noun, exit_, columns)
    total = _sizing(question, count_matching(noun, asked.where))
    of = Matching(noun, asked.where, covered, _projection(plans), total, asked.drawn)
    return _batches(Act(actor, noun, exit_, "batch", purpose), of, plans, batch)


def _batches(act: Act, of: Matching, plans: Plans, batch: int) -> Iterator[Row]:
    """While one batch is written out the store looks for the next one: it works on another processor."""

    def after(last: Any) -> list[Document]:
        beyond = None if last is None else {"_id": {"$gt": last}}
        return fetch(of, [("_id", 1)], batch, edge=last, beyond=beyond)

    with ThreadPoolExecutor(1) as reading:
        documents = after(None)
        while documents:
            following = reading.submit(after, documents[-1]["_id"])
            yield from show(act, resolve(act.actor, [judged(plans, each) for each in documents], act.exit))
            documents = following.result()


def order_of(actor: Actor, noun: Noun, question: Question, covered: frozenset[str]) -> list[tuple[str, int]]:
    """The order asked for, always ending in `_id`, so that no row repeats; newest first when none was asked.

    Raises:
        Refused, BadQuestion: as list_page.
    """
    if not question.sort:
        return [("_id", 1 if question.descending else -1)]
    field = field_named(noun, question.sort)
    if not field.declared.sorted:
        raise BadQuestion(("この項目では並べ替えられません。", "The list cannot be sorted by this field."))
    for each in ordered_by(noun, field):
        # guard: sort-by-all-sources
        agree(actor, each, "sort", covered, question.exit)
    way = -1 if question.descending else 1
    return [(place_of(field), way), ("_id", way)]


def _window(
    of: Matching, question: Question, order: list[tuple[str, int]], size: int
) -> tuple[list[Document], bool, bool]:
    """The documents of a page, and whether there are more before and after it."""
    backwards = bool(question.before)
    edge = question.before or question.after
    way = [(name, -step) for name, step in order] if backwards else order
    beyond, value = _beyond(of.noun, edge, way, of.covered) if edge else (None, None)
    if (absent := absent_at(way[0][0])) is not None:
        found = fetch_absent_last(
            of, way, size + 1, edge=value, beyond=beyond, descending=question.descending, absent=absent
        )
    else:
        found = fetch(of, way, size + 1, edge=value, beyond=beyond)
    more = len(found) > size
    found = found[:size]
    if backwards:
        return found[::-1], more, True
    return found, bool(edge), more


def _beyond(
    noun: Noun, edge: str, way: list[tuple[str, int]], covered: frozenset[str]
) -> tuple[Document, Any]:
    """Records after the edge in this order, and the edge's own value, which is read here, from its id.

    Only a record that the question itself covers can be an edge: by paging from another's, its withheld value
    could be told from what comes before and after it.
    """
    lost = BadQuestion(
        (
            "ページの指定が正しくありません。先頭から開き直してください。",
            "The page is malformed; start again from the first.",
        )
    )
    try:
        key = key_of(noun, edge)
    except NotFound as error:
        raise lost from error
    past = {-1: "$lt", 1: "$gt"}
    (name, step) = way[0]
    if name == "_id":
        return {"_id": {past[step]: key}}, key
    document = records_of(noun).find_one({"_id": key, noun.belongs: {"$in": sorted(covered)}}, {name: 1})
    if document is None:
        raise lost
    value = value_at(document, name)
    if value is None:
        following = {"_id": {past[step]: key}, name: None}
        return (following if step < 0 else {"$or": [following, {name: {"$gt": ""}}]}), None
    after: list[Document] = [{name: {past[step]: value}}, {name: value, "_id": {past[step]: key}}]
    if step < 0:
        after.append({name: None})
    return {"$or": after}, value
