"""/progress/check/: what waits for its check, a sample of what passed, and drafts that lie still (S5)."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gate.reading.shown import Row
from gate.refusals import BadQuestion, Conflict, Invalid
from views.progress.board import filters, records_url, scope_from
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w
from workflows.content_check import check
from workflows.content_check.table import CHECK
from workflows.engine.acts import possible_on
from workflows.engine.table import Act

pages = Blueprint("progress_check", __name__, url_prefix="/progress/check")
MORE = frozenset({"sample", "draw"})
KEPT = ("institution", "rank", *sorted(MORE))


@pages.get("/")
def show() -> str:
    """The queue, oldest first; below it a sample, where one was asked for, and stale drafts."""
    return _page(request.args)


def _page(asked: MultiDict[str, str], wrong: str = "") -> str:
    """The page as it was asked for; after an act that was not done, with what is `wrong` and what was typed."""
    kept = MultiDict((name, asked[name]) for name in KEPT if asked.get(name)) if wrong else asked
    scope = scope_from(kept, MORE)
    size, draw = _number(kept, "sample"), _number(kept, "draw")
    drawn = check.sampled(actor(), scope, check.sample(actor(), scope, size, draw)) if size else None
    queue, stale = check.queue(actor(), scope), check.stale(actor(), scope)
    return render_template(
        "workflows/content_check.html",
        **filters(scope),
        queue=queue,
        queue_url=records_url(scope.institution, scope.group, "awaiting_check", sort="status_at"),
        drawn=drawn,
        stale=stale,
        stale_days=check.stale_days(actor()),
        size=size or 20,
        new_draw=secrets.randbelow(10**9),
        possible=possible,
        asks=sorted({ask.name for act in CHECK.acts for ask in act.asks}),
        kept=kept,
        wrong=wrong,
    )


@pages.post("/act")
def act() -> Response | tuple[str, int]:
    """Pass a record or send it back, and go on with the list. Where it was not done, what was typed is still there."""
    asked = request.form
    try:
        done = check.decide(
            actor(), asked.get("id", ""), revision_from(asked), asked.get("act", ""), asked.to_dict()
        )
    except Invalid as error:
        return _page(asked, w(next(iter(error.errors.values())))), 400
    except Conflict:
        return _page(asked, t("ほかの人が更新しました。記録を開いて確かめてから、もう一度行ってください。", "Somebody changed it meanwhile; open the record, look, and do it again.")), 409  # fmt: skip
    forget_tallies()
    flash(w(done.done), "success")
    kept: dict[str, Any] = {name: asked[name] for name in KEPT if asked.get(name)}
    return redirect(url_for("progress_check.show", **kept))


def possible(row: Row, status: str) -> list[Act]:
    """The acts of the check that this person may do to a record of that status, and that change it."""
    acts = possible_on(actor(), CHECK, {CHECK.state_field: status}, row.institution)
    return [each for each in acts if each.to != status]


def _number(asked: MultiDict[str, str], name: str) -> int:
    text = asked.get(name, "")
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise BadQuestion(("数で入れてください。", "Please give a number."))
    return int(text)
