"""作業申請: its screens, and the procedure on its card: the decision, the door of the machine room, the report."""

from __future__ import annotations

from typing import Any

from flask import Response as Plain
from flask import flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from documents import printed
from documents.work_report import paper_of
from gate.reading.loading import load, permitted
from gate.reading.shown import Row
from gate.refusals import Conflict, Invalid
from gate.store.clock import now
from models.data_classes import Words
from models.work_request import WORK_REQUEST
from policies.verdict import may
from views.records import GuardedView
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.shared.leaving import attached, left, take_turn
from views.shared.purposes import given_purpose, purpose_page
from words import t, w
from workflows.work_requests.requests import Report, decide, enter, leave, possible_acts, report

ACT_WORDS: dict[str, Words] = {
    "approve": ("承認する", "Approve"),
    "refuse": ("不承認にする", "Refuse"),
    "withdraw": ("取り消す", "Withdraw"),
    "finish": ("作業を終える", "Finish"),
}
Answer = str | Response | tuple[str, int]


class WorkRequestView(GuardedView):
    """`/decide/`, `/enter/`, `/leave/`, `/report/` and `/report.pdf` beside the generated screens."""

    detail_template = "workflows/work_request.html"

    def _more(self, row: Row) -> dict[str, Any]:
        return {
            "acts": [(act, w(ACT_WORDS[act])) for act in possible_acts(actor(), row)],
            "decide_url": url_for("work_request.decide_view", id=row.id),
            "enter_url": url_for("work_request.enter_view", id=row.id),
            "leave_url": url_for("work_request.leave_view", id=row.id),
            "at_the_door": _at_the_door(row),
            "report_url": self._if("print", row, "report_view"),
        }

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> Answer:
        """Approve, refuse, withdraw or finish. Where it was not done, the card comes again with what was typed."""
        id_ = request.args.get("id", "")
        try:
            decide(
                actor(),
                id_,
                revision_from(request.form),
                request.form.get("act", ""),
                request.form.get("note", ""),
            )
        except Invalid as error:
            return self._card(wrong=w(next(iter(error.errors.values())))), 400
        except Conflict:
            said = t(
                "開いているあいだにほかの人が更新しました。いまの内容を確かめて、もう一度決めてください。",
                "Somebody changed it while it was open. Look at it as it stands now and decide again.",
            )
            return self._card(wrong=said), 409
        flash(
            t("記録しました。次の操作から効きます。", "Recorded. It applies from the next request."),
            "success",
        )
        return _back(id_)

    @expose("/enter/", methods=("POST",))
    def enter_view(self) -> Answer:
        """Somebody entered the machine room, and this person saw it."""
        id_ = request.args.get("id", "")
        try:
            enter(actor(), id_, request.form.get("who", ""))
        except Invalid as error:
            return self._card(wrong=w(error.errors["who"])), 400
        except Conflict:
            return self._card(wrong=_again()), 409
        flash(t("入室を記録しました。", "The entry is recorded."), "success")
        return _back(id_)

    @expose("/leave/", methods=("POST",))
    def leave_view(self) -> Response:
        """They left again."""
        id_ = request.args.get("id", "")
        try:
            leave(actor(), id_, request.form.get("passage", ""))
        except Conflict:
            flash(_again(), "error")
        else:
            flash(t("退室を記録しました。", "The exit is recorded."), "success")
        return _back(id_)

    @expose("/report/")
    def report_view(self) -> str:
        """The work report, to print."""
        found, purpose = self._report()
        if found is None:
            return purpose_page(WORK_REQUEST, "work_request.details_view")
        left("printed", "work_request", f"{found.row.id} {purpose}")
        return render_template(
            "workflows/paper.html",
            paper=paper_of(found),
            back_url=url_for("work_request.details_view", id=found.row.id),
            pdf_url=url_for("work_request.report_pdf", id=found.row.id, purpose=purpose),
        )

    @expose("/report.pdf")
    def report_pdf(self) -> str | Plain:
        """The same as a file."""
        found, purpose = self._report()
        if found is None:
            return purpose_page(WORK_REQUEST, "work_request.details_view")
        answer = attached(printed(paper_of(found), now()), "application/pdf", "work-report.pdf")
        left("printed", "work_request", f"{found.row.id} {purpose}")
        return answer

    def _report(self) -> tuple[Report | None, str]:
        """The report and its purpose; none where none was given."""
        id_, purpose = request.args.get("id", ""), given_purpose()
        permitted(actor(), WORK_REQUEST, id_, "print")
        if not purpose:
            return None, ""
        take_turn("print", "work_request")
        return report(actor(), id_, purpose), purpose


def _at_the_door(row: Row) -> bool:
    status, place = row["work_status"].value, row["work_place"].value
    return bool(
        status == "approved"
        and place == "machine_room"
        and may(actor(), "work_request", "edit", row.institution)
    )


def _again() -> str:
    return t(
        "同時にほかの人が記録しました。いまの内容を確かめて、もう一度記録してください。",
        "Somebody recorded something at the same moment. Look at it and record it again.",
    )


def _back(id_: str) -> Response:
    row = load(actor(), WORK_REQUEST, id_)
    return redirect(url_for("work_request.details_view", id=row.id))
