"""/admin/role/overview/: role × class of data × exit of one noun, to be read, printed and compared."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_admin import expose

from gate.refusals import BadQuestion
from models.data_classes import LABELS, DataClass
from models.registry import NOUNS
from policies.actor import SCOPES
from policies.effects import LABELS as EFFECT_LABELS
from policies.effects import Effect
from policies.exits import EXITS
from roles.overview import overview
from views.requests.current_actor import actor
from views.shared.role_changes import SCOPE_WORDS
from words import w


class RoleOverviewMixin:
    """`/overview/`."""

    @expose("/overview/")
    def overview_view(self) -> str:
        """One noun in one scope, every role that the reader may read."""
        name, scope = request.args.get("noun", "item"), request.args.get("scope", "own")
        if name not in NOUNS or scope not in SCOPES:
            raise BadQuestion(("記録の種類と範囲を選んでください。", "Choose a kind of record and a scope."))
        return render_template(
            "roles/overview.html",
            noun=NOUNS[name],
            scope=scope,
            nouns=[(each.name, w(each.label)) for each in NOUNS.values()],
            scopes=[(each, w(SCOPE_WORDS[each])) for each in SCOPES],
            exits=[w(words) for words in EXITS.values()],
            legend=[(each.name.lower(), w(EFFECT_LABELS[each])) for each in reversed(Effect)],
            roles=[
                (w(each.role.name), url_for("role.matrix", id=each.id), [_line(*of) for of in each.lines])
                for each in overview(actor(), NOUNS[name], scope)
            ],
        )


def _line(data_class: DataClass, by_exit: dict[str, list[Effect]]) -> tuple[str, list[list[tuple[str, str]]]]:
    """A class and its marks; only the form edits, by every other exit an editable value is shown."""
    marks = [
        [_mark(each if exit_ == "form" else min(each, Effect.SHOW)) for each in effects]
        for exit_, effects in by_exit.items()
    ]
    return w(LABELS[data_class]), marks


def _mark(effect: Effect) -> tuple[str, str]:
    return effect.name.lower(), w(EFFECT_LABELS[effect])
