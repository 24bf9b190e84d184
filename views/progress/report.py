"""/progress/report.xlsx: the monthly report, for the section to hand on: standing, plan and actual, persons, completeness.

Counts only, both languages in every head, written row by row in constant memory. How records stand is of the moment
of the report, which it says; what was done is of the month.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import xlsxwriter
from flask import Blueprint, request, send_file
from werkzeug.wrappers import Response

from documents.names import house_named
from documents.tables import XLSX
from gate.refusals import BadQuestion
from gate.store.clock import fiscal_year, now, today
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import terms
from progress import completions
from progress import counts as progress
from progress.counts import RANK_GROUPS, Scope
from views.progress.board import STATUSES, scope_from, type_name
from views.progress.plan_board import FIRST_YEAR, LAST_YEAR
from views.requests.current_actor import actor
from views.shared.leaving import left, take_turn
from words import day, t, w

pages = Blueprint("progress_report", __name__, url_prefix="/progress")
ITEM = NOUNS["item"]
Cells = Iterable[str | int]
Sheet = tuple[Words, list[Words], Iterator[Cells]]


@pages.get("/report.xlsx")
def report() -> Response:
    """The report of a month (the running one where none is named) of an institution, or of all."""
    scope = scope_from(request.args, frozenset({"month"}))
    first = _month(request.args.get("month", ""))
    progress.count_by_status(
        actor(), scope, action="export"
    )  # what may not leave is refused before anything is written
    take_turn("export", "item")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to send_file, which closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        for name, heads, rows in _sheets(scope, first):
            sheet = book.add_worksheet(w(name)[:31])
            sheet.set_column(0, len(heads), 18)
            sheet.write_string(0, 0, f"{name[0]} / {name[1]}  {first:%Y-%m}", bold)
            sheet.write_string(1, 0, f"作成 / Made {day(now())}")
            for column, words in enumerate(heads):
                sheet.write_string(2, column, f"{words[0]} / {words[1]}", bold)
            for at, cells in enumerate(rows, start=3):
                for column, value in enumerate(cells):
                    sheet.write(at, column, value)
    file.seek(0)
    left("exported", "item", "progress report")
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"progress-{first:%Y-%m}.xlsx")


def _month(text: str) -> date:
    if not text:
        return today().replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadQuestion(
            ("月は「2026-04」の形で指定してください。", "Write the month as 2026-04.")
        ) from error
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise BadQuestion(("月を選び直してください。", "Choose the month again."))
    return first


def _sheets(scope: Scope, first: date) -> Iterator[Sheet]:
    house: Words = ("館", "Institution")
    heads: list[Words] = [house, ("ランク", "Rank")]
    for ja, en in (("件", "records"), ("点", "pieces")):
        heads += [(f"{words[0]}({ja})", f"{words[1]} ({en})") for words in terms("input_status").values()]
    yield ("入力状況", "Input status"), heads, _status(scope)
    yield (
        ("計画と実績", "Plan and actual"),
        [("月", "Month"), ("計画(件)", "Plan (records)"), ("実績(件)", "Actual (records)"),
         ("計画の累計", "Plan so far"), ("実績の累計", "Actual so far")],
        _plan(scope, first),
    )  # fmt: skip
    yield (
        ("人ごとの完了", "Done by person"),
        [("入力した人", "Entered by"), ("件", "Records"), ("点", "Pieces")],
        _people(scope, first),
    )
    yield (
        ("項目の充足", "Completeness"),
        [house, ("資料種別", "Object type"), ("件数", "Records"), ("全項目そろい", "Complete"),
         ("多い不足", "Most often missing")],
        _complete(scope),
    )  # fmt: skip


def _status(scope: Scope) -> Iterator[Cells]:
    for each in progress.count_by_status(actor(), scope, action="export"):
        counts = [each.records[code] for code in STATUSES] + [each.pieces[code] for code in STATUSES]
        yield [house_named(each.institution), w(RANK_GROUPS[each.group][0]), *counts]


def _plan(scope: Scope, first: date) -> Iterator[Cells]:
    """The fiscal year up to the end of the report's month."""
    year, after = fiscal_year(first), _next(first)
    done = completions.completed(actor(), scope, date(year, 4, 1), after, action="export")
    plan = completions.planned(actor(), scope, year, "records")
    for each in completions.year_of(plan, done, year, "records", after - timedelta(days=1)):
        if each.first <= first:
            yield [f"{each.first:%Y-%m}", each.planned, each.actual or 0, each.planned_so_far, each.actual_so_far or 0]  # fmt: skip


def _people(scope: Scope, first: date) -> Iterator[Cells]:
    done = completions.completed(actor(), scope, first, _next(first), action="export")
    names = completions.by_week(done, first, first).people
    for person, name in names.items():
        own = [each for each in done if each.person == person]
        said = name if person else t("(取込)", "(imported)")
        yield [said, sum(each.records for each in own), sum(each.pieces for each in own)]


def _complete(scope: Scope) -> Iterator[Cells]:
    for each in progress.completeness(actor(), scope, action="export"):
        most: Any = each.lacking.most_common(3)
        lacking = t("、", ", ").join(f"{w(ITEM.fields[name].label)} {count}" for name, count in most)
        yield [house_named(each.institution), type_name(each.object_type), each.records, each.whole, lacking]


def _next(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)
