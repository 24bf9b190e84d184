"""作業申請: its screens, and the procedure on its card: the decision, the door of the machine room, the report."""

from __future__ import annotations

from typing import Any

from flask import Response as Plain
from flask import render_template, request, url_for
from flask_admin import expose

from documents import printed
from documents.work_report import paper_of
from gate.reading.loading import permitted
from gate.reading.shown import Row
from gate.store.clock import now
from models.work_request import WORK_REQUEST
from views.records import GuardedView
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.shared.leaving import attached, left, take_turn
from views.shared.purposes import given_purpose, purpose_page
from views.workflows.acting import Answer, act_on, asked_by
from workflows.engine.acts import possible_acts
from workflows.work_requests.requests import Report, report
from workflows.work_requests.table import WORK


class WorkRequestView(GuardedView):
    """`/decide/`, `/enter/`, `/leave/`, `/report/` and `/report.pdf` beside the generated screens."""

    detail_template = "workflows/work_request.html"

    def _more(self, row: Row) -> dict[str, Any]:
        possible = possible_acts(actor(), WORK, row.id, row.institution)
        acts = [each for each in possible if not each.form]
        return {
            "acts": acts,
            "asked": asked_by(WORK_REQUEST, acts),
            "act_url": url_for("work_request.decide_view", id=row.id),
            "enter_url": url_for("work_request.enter_view", id=row.id),
            "leave_url": url_for("work_request.leave_view", id=row.id),
            "at_the_door": any(each.name == "enter" for each in possible),
            "report_url": self._if("print", row, "report_view"),
        }

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> Answer:
        """Approve, refuse, withdraw or finish. Where it was not done, the card comes again with what was typed."""
        return act_on(self, WORK, request.form.get("act", ""), revision_from(request.form))

    @expose("/enter/", methods=("POST",))
    def enter_view(self) -> Answer:
        """Somebody entered the machine room, and this person saw it."""
        return act_on(self, WORK, "enter")

    @expose("/leave/", methods=("POST",))
    def leave_view(self) -> Answer:
        """They left again."""
        return act_on(self, WORK, "leave")

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
