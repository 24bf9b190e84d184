"""/progress/: how far the input has come, for whoever may read items: counts by institution, rank and status (S5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from documents.names import choices_of, house_named
from documents.tables import csv_lines
from gate.counts.counted import counted_at
from gate.refusals import BadQuestion, NotFound
from gate.store.clock import today
from japanese.text import formula_safe_cell
from models.registry import NOUNS
from models.vocabularies import terms
from policies.verdict import reach
from progress import counts
from progress.counts import RANK_GROUPS, Scope
from views.progress.charts import stacked
from views.requests.current_actor import actor
from views.shared.leaving import attached, left, take_turn
from words import day, t, term, w

pages = Blueprint("progress", __name__, url_prefix="/progress")
ITEM = NOUNS["item"]
STATUSES = tuple(terms("input_status"))
MOST_LACKING = 3
Table = tuple[list[str], Iterable[list[str]]]
"""Heads and rows, as text, for a file."""


@pages.get("/")
def show() -> str:
    """The board: status by institution and ranks, and how complete the cards are, each with its chart and table."""
    scope = scope_from(request.args)
    standings = counts.count_by_status(actor(), scope)
    most = max((each.records.total() for each in standings), default=0)
    return render_template(
        "progress/board.html",
        **filters(scope),
        standings=[_standing(each, most) for each in standings],
        totals=_totals(standings),
        statuses=[(code, w(words)) for code, words in terms("input_status").items()],
        this_month=f"{today():%Y-%m}",
        complete=[_complete(each) for each in counts.completeness(actor(), scope)],
    )


@pages.get("/<chart>.csv")
def table(chart: str) -> Response:
    """A chart's figures as CSV, where they may leave: they are counts and name nobody."""
    if chart not in TABLES:
        raise NotFound
    return table_file(chart, TABLES[chart](scope_from(request.args)))


def table_file(chart: str, figures: Table) -> Response:
    """A table of figures as CSV, entered in the ledger as leaving."""
    take_turn("export", "item")
    heads, rows = figures
    lines = "".join(csv_lines(heads, ([formula_safe_cell(each) for each in row] for row in rows)))
    left("exported", "item", f"progress {chart}")
    return attached(lines, "text/csv", f"progress-{chart}.csv")


def scope_from(args: MultiDict[str, str], more: frozenset[str] = frozenset()) -> Scope:
    """What an address asks of a board; `more`: what else its page takes.

    Raises:
        BadQuestion: an unknown or repeated argument.
    """
    if args.keys() - {"institution", "rank"} - more or any(len(each) != 1 for _, each in args.lists()):
        raise BadQuestion(("条件を選び直してください。", "Choose the conditions again."))
    return Scope(args.get("institution", ""), args.get("rank", ""))


def filters(scope: Scope) -> dict[str, Any]:
    """What every page of progress says above its charts: the conditions, and whether files may leave."""
    houses = g.account.houses
    within = sorted(reach(actor(), ITEM.name, "read"), key=lambda code: code != actor().institution)
    asked = asked_as(scope)
    may_export = counts.exportable(actor(), scope)
    return {
        "scope": scope,
        "institutions": choices_of(code for code in within if houses[code].standing != "section"),
        "groups": [(code, w(words)) for code, (words, _) in RANK_GROUPS.items()],
        "counted": counted_note(),
        "csv": {chart: url_for("progress.table", chart=chart, **asked) if may_export else None for chart in TABLES},
    }  # fmt: skip


def counted_note() -> str:
    """Of when the counts of items are; empty where they were counted for this page."""
    at = day(counted_at(ITEM))
    return t(f"{at} 時点の集計です。", f"Counted at {at}.") if at else ""


def asked_as(scope: Scope) -> dict[str, Any]:
    """The scope as the arguments of an address."""
    return {
        name: value for name, value in (("institution", scope.institution), ("rank", scope.group)) if value
    }


def records_url(institution: str, group: str, status: str, sort: str = "") -> str:
    """The records behind a number."""
    ranks = [each for each in RANK_GROUPS[group][1] if each] if group else []
    asked: dict[str, Any] = {"institution": institution, "f.input_status": status, "sort": sort}
    if ranks:
        asked["f.rank.any"] = ",".join(ranks)
    elif group:
        asked["f.rank.empty"] = "1"
    return url_for("item.index_view", **{name: value for name, value in asked.items() if value})


def _standing(one: counts.Standing, most: int) -> dict[str, Any]:
    total = one.records.total()
    return {
        "house": g.account.houses.get(one.institution),
        "group": w(RANK_GROUPS[one.group][0]),
        "bar": stacked([(code, one.records[code]) for code in STATUSES], most),
        "cells": [
            (one.records[code], one.pieces[code], records_url(one.institution, one.group, code))
            for code in STATUSES
        ],
        "records": total,
        "pieces": one.pieces.total(),
        "done": share(one.records["done"], total),
    }


def _totals(standings: list[counts.Standing]) -> dict[str, Any]:
    records = [sum(each.records[code] for each in standings) for code in STATUSES]
    pieces = [sum(each.pieces[code] for each in standings) for code in STATUSES]
    return {
        "cells": list(zip(records, pieces, strict=True)),
        "records": sum(records),
        "pieces": sum(pieces),
        "done": share(records[STATUSES.index("done")], sum(records)),
    }


def share(part: float, whole: float) -> str:
    """A share in per cent, cut and never rounded up: 100 % is said only of all."""
    return f"{int(1000 * part / whole) / 10:.1f}%" if whole else "—"


def _complete(one: counts.Completeness) -> dict[str, Any]:
    return {
        "house": g.account.houses.get(one.institution),
        "type": type_name(one.object_type),
        "bar": stacked([("done", round(1000 * one.filled))], 1000),
        "filled": share(one.filled, 1),
        "records": one.records,
        "whole": one.whole,
        "lacking": [(w(ITEM.fields[name].label), count) for name, count in one.lacking.most_common(MOST_LACKING)],
    }  # fmt: skip


def type_name(code: str) -> str:
    """An object type for people."""
    return term("object_type", code) if code else t("種別なし", "No type")


def _status_table(scope: Scope) -> Table:
    standings = counts.count_by_status(actor(), scope, action="export")
    heads = [t("館", "Institution"), t("ランク", "Rank")]
    for unit in (t("件", "records"), t("点", "pieces")):
        heads += [f"{w(words)} ({unit})" for words in terms("input_status").values()]
    return heads, (
        [house_named(each.institution), w(RANK_GROUPS[each.group][0]),
         *(str(each.records[code]) for code in STATUSES), *(str(each.pieces[code]) for code in STATUSES)]
        for each in standings
    )  # fmt: skip


def _completeness_table(scope: Scope) -> Table:
    found = counts.completeness(actor(), scope, action="export")
    names = list(dict.fromkeys(name for each in found for name in each.asked))
    heads = [t("館", "Institution"), t("資料種別", "Object type"), t("件数", "Records"),
             t("全項目そろい", "Complete"), t("充足率", "Filled"),
             *(t(f"{ITEM.fields[name].label[0]}なし", f"No {ITEM.fields[name].label[1].lower()}") for name in names)]  # fmt: skip
    return heads, (
        [house_named(each.institution), type_name(each.object_type), str(each.records), str(each.whole),
         share(each.filled, 1), *(str(each.lacking[name]) if name in each.asked else "" for name in names)]
        for each in found
    )  # fmt: skip


TABLES: dict[str, Callable[[Scope], Table]] = {"status": _status_table, "completeness": _completeness_table}
