"""/admin/: the nouns within reach with their counts, and how far the input has come."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_admin import Admin, AdminIndexView, expose
from markupsafe import Markup

from gate.reading.listing import group
from gate.reading.questions import Question
from gate.refusals import Refused
from models.registry import NOUNS
from models.vocabularies import terms
from policies.verdict import reach
from views.home.reminders import reminders
from views.progress.board import counted_note, share
from views.progress.charts import stacked
from views.requests.current_actor import actor
from views.shared.frame import about, tally, within_reach
from words import term


class HomeView(AdminIndexView):
    """The first page after signing in."""

    def create_blueprint(self, admin: Admin) -> Blueprint:
        """Without the files of Flask-Admin's themes: none of its pages is rendered, so nothing asks for them."""
        made: Blueprint = super().create_blueprint(admin)
        made.static_folder = None
        return made

    @expose("/")
    def index(self) -> str:
        """Cards of nouns, and a bar for each input status of items."""
        who = actor()
        cards = [
            (
                noun,
                url_for(f"{noun.name}.index_view"),
                about(tally(who, noun)),
                url_for(f"{noun.name}.create_view") if reach(who, noun.name, "create") else None,
            )
            for noun in within_reach(who)
        ]
        return render_template(
            "home/home.html",
            cards=cards,
            status=_statuses(),
            counted=counted_note(),
            reminders=reminders(who),
        )

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)


def _statuses() -> list[tuple[str, str, int, str, Markup, str]]:
    """For each input status: code, words, how many, their share, a bar, and the list of them."""
    who = actor()
    if not reach(who, "item", "read"):
        return []
    try:
        found = group(who, NOUNS["item"], Question(), "input_status")
    except Refused:  # the role withholds it somewhere: nobody asked for it, so the page stands without it
        return []
    counts = {code: found.get(code, 0) for code in terms("input_status")}
    total, most = sum(counts.values()), max(counts.values())
    items = url_for("item.index_view")
    return [
        (code, term("input_status", code), count, share(count, total), stacked([(code, count)], most),
         f"{items}?f.input_status={code}")
        for code, count in counts.items()
    ]  # fmt: skip
