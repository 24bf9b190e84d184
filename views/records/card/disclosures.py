"""閲覧記録: who was shown a record's personal data, when, by which way and for what, for those who may audit."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_admin import expose

from gate.card.disclosed import Disclosure, seen
from models.data_classes import Words
from models.declaration import Noun
from policies.exits import LABELS
from views.requests.current_actor import actor
from words import purpose_words, t, w

BREADTHS: dict[str, Words] = {
    "record": ("この記録", "This record"),
    "list_page": ("一覧の中の一件", "One of a list"),
    "batch": ("まとめて", "In a batch"),
    "document": ("印刷物", "On paper"),
}


class SeenMixin:
    """`/seen/`."""

    noun: Noun

    @expose("/seen/")
    def seen_view(self) -> str:
        """The disclosures of one record, newest first."""
        id_ = request.args.get("id", "")
        found = seen(actor(), self.noun, id_, request.args.get("after", ""))
        here = f"{self.noun.name}.seen_view"
        return render_template(
            "records/disclosures.html",
            noun=self.noun,
            number=found.number,
            entries=[_said(each) for each in found.disclosures],
            back_url=url_for(f"{self.noun.name}.details_view", id=found.record),
            first_url=url_for(here, id=found.record) if request.args.get("after") else None,
            more_url=url_for(here, id=found.record, after=found.after) if found.after else None,
        )


def _said(each: Disclosure) -> dict[str, object]:
    return {
        "at": each.at,
        "who": each.who,
        "how": w(LABELS.get(each.exit, (each.exit, each.exit))),
        "breadth": w(BREADTHS.get(each.breadth, (each.breadth, each.breadth))),
        "fields": t("、", ", ").join(w(field.label) for field in each.fields),
        "purpose": purpose_words(each.purpose),
    }
