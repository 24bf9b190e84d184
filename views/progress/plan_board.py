"""/progress/plan/: the fiscal year's plan beside what was done, how it will go on, and who did how much each week (S5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from gate.refusals import BadQuestion, NotFound
from gate.store.clock import fiscal_year, today
from policies.verdict import reach
from progress import completions, counts
from progress.completions import NOBODY, Done, Month, Weeks
from progress.counts import Scope
from views.progress.board import Table, asked_as, filters, scope_from, share, table_file
from views.progress.charts import cumulative, stacked
from views.requests.current_actor import actor
from words import t

pages = Blueprint("progress_plan", __name__, url_prefix="/progress/plan")
MORE = frozenset({"year", "person", "unit", "since", "until"})
UNITS = ("records", "pieces")
FIRST_YEAR, LAST_YEAR = 2000, 2200
SHOWN_WEEKS = 12
LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Asked:
    """What the page is asked: whose records, of which year, in which unit, and which days for the weeks."""

    scope: Scope
    year: int
    unit: str
    person: str | None
    since: date
    until: date
    """The last day."""


@pages.get("/")
def show() -> str:
    """The line of the year, its table, the projection, and the weeks by person."""
    asked = _asked(request.args)
    everybody = _of_year(asked)
    year, people = _year(asked, everybody), _people(asked, everybody)
    weeks = _weeks(asked)
    may_export = counts.exportable(actor(), asked.scope)
    kept = _kept(asked)
    return render_template(
        "progress/plan.html",
        **filters(asked.scope),
        asked=asked,
        years=_years(asked.year),
        people=people,
        months=[_month(each) for each in year],
        planned=any(each.planned for each in year),
        chart=_chart(year),
        projection=completions.projection(actor(), asked.scope, today()),
        weeks=_week_rows(weeks, asked.unit),
        week_heads=[f"W{week:02d}" for _, week in weeks.weeks],
        week_names=_names(weeks),
        files={chart: url_for("progress_plan.table", chart=chart, **kept) if may_export else None for chart in TABLES},
        plans_url=url_for("plan.index_view") if reach(actor(), "plan", "read") else None,
    )  # fmt: skip


@pages.get("/<chart>.csv")
def table(chart: str) -> Response:
    """The figures of a chart as CSV, where they may leave."""
    if chart not in TABLES:
        raise NotFound
    asked = _asked(request.args)
    # Asked for again where it may be exported: what is refused there leaves in no file.
    counts.countable_institutions(actor(), asked.scope, counts.COUNTED, "export")
    return table_file(chart, TABLES[chart](asked))


def _asked(args: MultiDict[str, str]) -> Asked:
    now = today()
    scope = scope_from(args, MORE)
    year, unit = args.get("year", ""), args.get("unit", "") or UNITS[0]
    if year and not (year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise BadQuestion(("年度を選び直してください。", "Choose the year again."))
    if unit not in UNITS:
        raise BadQuestion(("件か点を選んでください。", "Choose records or pieces."))
    until = _day(args.get("until", "")) or now
    since = _day(args.get("since", "")) or until - timedelta(weeks=SHOWN_WEEKS - 1)
    if not timedelta() <= until - since <= LONGEST:
        raise BadQuestion(("期間は400日以内で指定してください。", "Choose a period of at most 400 days."))
    person = args.get("person", "")[:120]
    return Asked(
        scope, int(year) if year else fiscal_year(now), unit,
        None if not person else NOBODY if person == "import" else person, since, until,
    )  # fmt: skip


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadQuestion(("日付として読めません。例: 2026-04-01", "This is not a date. For example 2026-04-01.")) from error  # fmt: skip
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadQuestion(("日付を選び直してください。", "Choose the day again."))
    return day


def _kept(asked: Asked) -> dict[str, Any]:
    person = {"person": asked.person or "import"} if asked.person is not None else {}
    days = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
    return {**asked_as(asked.scope), "year": asked.year, "unit": asked.unit, **days, **person}


def _years(year: int) -> list[int]:
    now = fiscal_year(today())
    return sorted({*range(now - 3, now + 2), year})


def _of_year(asked: Asked) -> list[Done]:
    """All that was done in the year, by anybody: one count for the line and for those who can be chosen."""
    first, after = date(asked.year, 4, 1), date(asked.year + 1, 4, 1)
    return completions.completed(actor(), asked.scope, first, after, monthly=True)


def _year(asked: Asked, everybody: list[Done]) -> list[Month]:
    done = [each for each in everybody if asked.person in (None, each.person)]
    plan = completions.planned(actor(), asked.scope, asked.year, asked.unit) if asked.person is None else None
    return completions.year_of(plan, done, asked.year, asked.unit, today())


def _weeks(asked: Asked) -> Weeks:
    until = asked.until + timedelta(days=1)
    done = completions.completed(actor(), asked.scope, asked.since, until, asked.person)
    return completions.by_week(done, asked.since, until)


def _people(asked: Asked, everybody: list[Done]) -> list[tuple[str, str, bool]]:
    """Who can be chosen: whoever completed something in the year; (id, name, chosen)."""
    first = date(asked.year, 4, 1)
    found = completions.by_week(everybody, first, first)
    named = [(person or "import", name) for person, name in _names(found).items()]
    chosen = None if asked.person is None else asked.person or "import"
    if chosen and chosen not in dict(named):
        named.append((chosen, t("選ばれた人", "The person chosen")))
    return [(person, name, person == chosen) for person, name in named]


def _names(weeks: Weeks) -> dict[str, str]:
    return {person: name if person else t("(取込)", "(imported)") for person, name in weeks.people.items()}


def month_name(first: date) -> str:
    """A month for people."""
    return t(f"{first.month}月", f"{first:%b}")


def _month(month: Month) -> dict[str, Any]:
    return {
        "name": month_name(month.first),
        "planned": month.planned,
        "actual": month.actual,
        "planned_so_far": month.planned_so_far,
        "actual_so_far": month.actual_so_far,
        "ahead": None if month.actual_so_far is None else month.actual_so_far - month.planned_so_far,
        "share": share(month.actual_so_far or 0, month.planned_so_far)
        if month.actual_so_far is not None
        else "",
    }


def _chart(year: list[Month]) -> Any:
    plan: Sequence[int | None] = [each.planned_so_far for each in year]
    lines = [("plan", plan)] if year[-1].planned_so_far else []
    lines.append(("actual", [each.actual_so_far for each in year]))
    return cumulative(
        [month_name(each.first) for each in year], lines, t("計画と実績の累計", "Plan and actual, cumulative")
    )


def _week_rows(weeks: Weeks, unit: str) -> list[dict[str, Any]]:
    counted = weeks.records if unit == "records" else weeks.pieces
    totals = {person: sum(counted[person, week] for week in weeks.weeks) for person in weeks.people}
    most = max(totals.values(), default=0)
    return [
        {
            "person": person,
            "cells": [counted[person, week] for week in weeks.weeks],
            "total": totals[person],
            "bar": stacked([("done", totals[person])], most),
        }
        for person in weeks.people
    ]


def _plan_table(asked: Asked) -> Table:
    heads = [t("年度", "Fiscal year"), t("月", "Month"), t("計画", "Plan"), t("実績", "Actual"),
             t("計画の累計", "Plan so far"), t("実績の累計", "Actual so far")]  # fmt: skip
    return heads, (
        [str(asked.year), f"{each.first:%Y-%m}", str(each.planned), _said(each.actual), str(each.planned_so_far),
         _said(each.actual_so_far)]
        for each in _year(asked, _of_year(asked))
    )  # fmt: skip


def _week_table(asked: Asked) -> Table:
    weeks = _weeks(asked)
    heads = [t("人", "Person"), t("週", "ISO week"), t("件", "Records"), t("点", "Pieces")]
    names = _names(weeks)
    return heads, (
        [names[person], f"{year}-W{week:02d}", str(weeks.records[person, (year, week)]), str(weeks.pieces[person, (year, week)])]
        for person in weeks.people
        for year, week in weeks.weeks
    )  # fmt: skip


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


TABLES: dict[str, Callable[[Asked], Table]] = {"plan": _plan_table, "weeks": _week_table}
