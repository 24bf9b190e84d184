"""/work-request/: the work of contractors at a glance: what waits for a decision, what goes on now, what comes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, url_for

from gate.reading.listing import list_page
from gate.reading.questions import Filter, Question
from gate.reading.shown import Row
from models.work_request import WORK_REQUEST
from policies.verdict import reach
from policies.work import JAPAN, MINUTE
from views.requests.current_actor import actor
from words import t

pages = Blueprint("work", __name__, url_prefix="/work-request")
COLUMNS = (
    "request_number",
    "work",
    "work_place",
    "contractor",
    "begins_at",
    "ends_at",
    "witness",
    "institution",
)
SHOWN_AT_MOST = 50


@pages.get("/")
def show() -> str:
    """Three lists: awaiting approval, open now, approved and still to come."""
    here = datetime.now(UTC).astimezone(JAPAN).strftime(MINUTE)
    requested, requested_cut = _of("requested")
    approved, approved_cut = _of("approved", Filter("ends_at", "from", here))
    open_now = [each for each in approved if _text(each, "begins_at") <= here < _text(each, "ends_at")]
    coming = [each for each in approved if here < _text(each, "begins_at")]
    groups: list[tuple[str, str, list[Row], bool]] = [
        ("requested", t("承認待ち", "Awaiting approval"), requested, requested_cut),
        ("open", t("作業時間中", "Open now"), open_now, approved_cut and not coming),
        ("coming", t("これから", "To come"), coming, approved_cut),
    ]
    return render_template(
        "workflows/work_board.html",
        groups=groups,
        columns=[WORK_REQUEST.fields[name] for name in COLUMNS if name != "institution"],
        list_url=url_for("work_request.index_view"),
        create_url=url_for("work_request.create_view") if reach(actor(), "work_request", "create") else None,
    )


def _of(status: str, *more: Filter) -> tuple[list[Row], bool]:
    """The first to begin, and whether there are more of them."""
    question = Question(filters=(Filter("work_status", "is", status), *more), sort="begins_at")
    page = list_page(actor(), WORK_REQUEST, question, COLUMNS, size=SHOWN_AT_MOST)
    return page.rows, bool(page.after)


def _text(row: Row, name: str) -> str:
    value: Any = row[name].value
    return str(value or "")
