"""「なぜ?」: on any withheld value, which rule, which role, and whom to ask."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_admin import expose

from gate.card.explanations import explain
from models.data_classes import LABELS
from models.declaration import Noun
from policies.effects import LABELS as EFFECT_LABELS
from policies.exits import LABELS as EXIT_NAMES
from views.requests.current_actor import actor
from words import w


class ExplainMixin:
    """`/explain/`."""

    noun: Noun

    @expose("/explain/")
    def explain_view(self) -> str:
        """Every exit's verdict on one field of one record, for the person who asks."""
        id_ = request.args.get("id", "")
        found = explain(actor(), self.noun, id_, request.args.get("field", ""))
        return render_template(
            "records/explain.html",
            noun=self.noun,
            field_label=w(found.field.label),
            class_label=w(LABELS[found.field.data_class]),
            house=g.account.houses[found.institution],
            verdicts=[
                (w(EXIT_NAMES[exit_]), w(EFFECT_LABELS[verdict.effect]), verdict.effect.name.lower(), verdict.rule,
                 w(verdict.reason))
                for exit_, verdict in found.verdicts.items()
            ],
            back_url=url_for(f"{self.noun.name}.details_view", id=id_),
        )  # fmt: skip
