"""What was completed when and by whom, and what was planned: counts by institution, ranks, person and day (S5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from gate.counts.counted import counted
from gate.counts.groupings import COMPLETED, Row
from gate.reading.names import Person, behind, people_of
from gate.reading.questions import Question, agree, institutions
from gate.refusals import BadQuestion
from gate.store.clock import APRIL
from gate.store.collections import records_of
from models.declaration import Noun
from models.plan import MONTHS
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach
from progress.counts import Scope, count_by_status, countable_institutions, group_of

PLAN: Noun = NOUNS["plan"]
RATE_WEEKS = 8
"""The weeks whose average says how it will go on."""
LONGEST = timedelta(days=3_000)
"""A finish further off than this is none that a plan can use."""
NOBODY = ""
"""Stands for the records that an import brought in as done."""


class Done(NamedTuple):
    """Records and pieces of an institution and group of ranks that became done on a day, entered by one person.

    `person` is the key of one whom the asker may tell apart (gate.reading.names.Person), and `name` theirs.
    """

    institution: str
    group: str
    person: str
    name: str
    day: date
    records: int
    pieces: int


@dataclass
class Month:
    """A month of a fiscal year: planned and actual, in it and since the year began."""

    first: date
    planned: int = 0
    actual: int | None = None
    """None: the month has not begun."""
    planned_so_far: int = 0
    actual_so_far: int | None = None


@dataclass(frozen=True)
class Projection:
    """How it will go on if the last weeks go on."""

    left: int
    """Records not yet done."""
    a_week: float
    """Records done a week, on the average of the last RATE_WEEKS weeks, imports left out."""
    finish: date | None
    """When none would be left; None where nothing was done lately, or it lies too far off."""


@dataclass
class Weeks:
    """Records done by each person in each ISO week."""

    weeks: list[tuple[int, int]] = field(default_factory=list)
    """(ISO year, week), oldest first, without gaps."""
    people: dict[str, str] = field(default_factory=dict)
    """Person's key → name, in the order of what they did; NOBODY for imports."""
    records: Counter[tuple[str, tuple[int, int]]] = field(default_factory=Counter)
    pieces: Counter[tuple[str, tuple[int, int]]] = field(default_factory=Counter)


def months(year: int) -> list[date]:
    """The first days of the months of a fiscal year."""
    return [date(year if month >= APRIL else year + 1, month, 1) for month in MONTHS]


def completed(
    actor: Actor,
    scope: Scope,
    since: date,
    until: date,
    person: str | None = None,
    *,
    monthly: bool = False,
    action: str = "read",
) -> list[Done]:
    """What became done from `since` up to and without `until`; `person` None: by anybody.

    `monthly`: the days of each month added up, the day being its first; `since` and `until` are firsts of months.

    A person is what this actor may tell apart (gate.reading.names.Person): its key.

    Raises:
        Refused, BadQuestion: as progress.counts.countable_institutions; BadQuestion also for a person whose name this actor may not see.
    """
    by = ("rank", "object_count", "entered_by", "completed_at", "input_status")
    covered = countable_institutions(actor, scope, by, action)
    if person and behind(actor, person) is None:
        raise BadQuestion(
            (
                "その人では絞り込めません。一覧から選び直してください。",
                "Choose the person again from the list.",
            )
        )
    rows = counted(COMPLETED, covered, since=since, until=until, monthly=monthly, now=action != "read")
    people = people_of(actor, {row.values[1] for row in rows} - {None, ""})
    found = (_done(row, people) for row in rows if scope.group in ("", group_of(row.values[0])))
    return [each for each in found if person is None or each.person == person]


@lru_cache(2_000)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(2_000)
def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _done(row: Row, people: dict[str, Person]) -> Done:
    rank, account = row.values
    person = people[str(account)] if account else Person(NOBODY, "")
    day = _day(row.day)
    return Done(row.institution, group_of(rank), person.key, person.name, day, row.records, row.sums[0])


def planned(actor: Actor, scope: Scope, year: int, unit: str) -> dict[date, int] | None:
    """First of the month → target of a fiscal year, over all plans in scope; None where none may be read or is there.

    Args:
        unit: records or pieces.

    Raises:
        Refused: a month's target is withheld somewhere within it.
    """
    within = reach(actor, PLAN.name, "read")
    if not within or (scope.institution and scope.institution not in within):
        return None
    covered = institutions(actor, PLAN, Question(institution=scope.institution))
    names = {first: f"{unit}_{first.month:02d}" for first in months(year)}
    for name in names.values():
        agree(actor, PLAN.fields[name], "count", covered)
    where: dict[str, Any] = {"institution": {"$in": sorted(covered)}, "fiscal_year": year}
    if scope.group:
        where["rank_group"] = scope.group
    found = list(records_of(PLAN).find(where, dict.fromkeys(names.values(), 1)))
    return {first: sum(each.get(name) or 0 for each in found) for first, name in names.items()} if found else None  # fmt: skip


def year_of(plan: dict[date, int] | None, done: list[Done], year: int, unit: str, now: date) -> list[Month]:
    """The months of a fiscal year, plan beside actual; `now` is the day up to which there can be any actual."""
    actual: Counter[date] = Counter()
    for each in done:
        actual[each.day.replace(day=1)] += getattr(each, unit)
    found, plan_sum, actual_sum = [], 0, 0
    for first in months(year):
        plan_sum += (plan or {}).get(first, 0)
        month = Month(first, (plan or {}).get(first, 0), planned_so_far=plan_sum)
        if first <= now:
            actual_sum += actual[first]
            month.actual, month.actual_so_far = actual[first], actual_sum
        found.append(month)
    return found


def projection(actor: Actor, scope: Scope, now: date) -> Projection:
    """When the records in scope will be done, at the rate of the last RATE_WEEKS weeks.

    Raises:
        Refused, BadQuestion: as progress.counts.countable_institutions.
    """
    standing = count_by_status(actor, scope)
    left = sum(each.records.total() - each.records["done"] for each in standing)
    recent = completed(
        actor, scope, now - timedelta(weeks=RATE_WEEKS) + timedelta(days=1), now + timedelta(days=1)
    )
    rate = sum(each.records for each in recent if each.person != NOBODY) / RATE_WEEKS
    if not left or not rate:
        return Projection(left, rate, None)
    ahead = timedelta(weeks=left / rate)
    return Projection(left, rate, now + ahead if ahead <= LONGEST else None)


def by_week(done: list[Done], since: date, until: date) -> Weeks:
    """Who completed how much in each week of a period; `until` is the day after its last."""
    found = Weeks()
    day = since - timedelta(days=since.weekday())
    while day < until:
        found.weeks.append(day.isocalendar()[:2])
        day += timedelta(weeks=1)
    totals: Counter[str] = Counter()
    for each in done:
        week = _week(each.day)
        found.records[each.person, week] += each.records
        found.pieces[each.person, week] += each.pieces
        totals[each.person] += each.records
    names = {each.person: each.name for each in done}
    found.people = {person: names[person] for person, _ in totals.most_common()}
    return found
