"""取扱責任者・取扱者: its screens, and the list of those who lack a training."""

from __future__ import annotations

from flask import render_template
from flask_admin import expose

from gate.reading.listing import list_page
from gate.reading.questions import Question
from models.handler import HANDLER
from oversight.registers import lacking
from views.records import GuardedView
from views.requests.current_actor import actor

NOBODY = "0" * 24
AT_MOST = 1_000


class HandlerView(GuardedView):
    """`/lapsed/` beside the generated screens."""

    @expose("/lapsed/")
    def lapsed_view(self) -> str:
        """Those who had no training for too long; a list of its own, because no address can ask for it again."""
        ids = [each for house in lacking(actor()) for each in house.untrained]
        question = Question(ids=tuple(ids[:AT_MOST]) or (NOBODY,))
        fields = self.columns()
        page = list_page(actor(), HANDLER, question, [each.name for each in fields], size=AT_MOST)
        return render_template(
            "records/lapsed.html",
            noun=HANDLER,
            columns=fields,
            rows=page.rows,
            more=max(0, len(ids) - AT_MOST),
        )
