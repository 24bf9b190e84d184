"""Declared acts on a record's card: a form with what they ask and a button each, made from the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.reading.shown import Row
from gate.refusals import Conflict, Invalid
from models.declaration import Noun
from views.records import GuardedView
from views.records.form.form_fields import FormField, form_field
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w
from workflows.engine.acts import perform, possible_acts
from workflows.engine.registry import workflows_of
from workflows.engine.table import Act, Ask, Workflow

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """One input of the acts' form."""

    ask: Ask
    help: str
    required: bool
    """By each of the acts."""
    control: FormField | None
    """Where it fills a field: its control."""


def act_on(view: Any, workflow: Workflow, name: str, revision: int | None = None) -> Answer:
    """Do an act to the record that the address names; the card again where it was not done."""
    id_ = request.args.get("id", "")
    try:
        act = perform(actor(), workflow, id_, revision, name, request.form)
    except Invalid as error:
        return view._card(wrong=w(next(iter(error.errors.values())))), 400
    except Conflict:
        return view._card(wrong=_changed_meanwhile()), 409
    forget_tallies()
    flash(w(act.done), "success")
    return redirect(url_for(f"{workflow.noun}.details_view", id=id_))


def asked_by(noun: Noun, acts: list[Act]) -> list[Asked]:
    """What these acts ask, each once, in the order of the table."""
    asks: dict[str, list[tuple[Act, Ask]]] = {}
    for act in acts:
        for ask in act.asks:
            asks.setdefault(ask.name, []).append((act, ask))
    found = []
    for name, those in asks.items():
        needing = [act for act, ask in those if ask.lacking]
        free = [act for act in acts if act not in needing]
        ask, typed = those[0][1], request.form.get(name, "")
        control = form_field(actor(), noun.fields[ask.field], None, None, typed, []) if ask.field else None
        found.append(Asked(ask, _needed(needing, free), bool(needing) and not free, control))
    return found


def _needed(needing: list[Act], free: list[Act]) -> str:
    if not needing:
        return ""
    if not free:
        return t("必須です。", "Required.")
    names = [w(act.words) for act in free]
    return t(
        f"必須です(「{'」「'.join(names)}」のときを除く)。",
        f"Required, except to {' or '.join(names).lower()}.",
    )


class ActedView(GuardedView):
    """The generated screens of a noun whose records have declared acts, and `/act/`."""

    detail_template = "workflows/acted.html"

    def _more(self, row: Row) -> dict[str, Any]:
        workflow = self._workflow()
        acts = possible_acts(actor(), workflow, row.id, row.institution)
        act_url = url_for(f"{self.noun.name}.act_view", id=row.id)
        return {"acts": acts, "asked": asked_by(self.noun, acts), "act_url": act_url}

    def _workflow(self) -> Workflow:
        return next(each for each in workflows_of(self.noun.name) if each.on_card)

    @expose("/act/", methods=("POST",))
    def act_view(self) -> Answer:
        """Do what the button says. Where it was not done, the card comes again with what was typed."""
        return act_on(self, self._workflow(), request.form.get("act", ""), revision_from(request.form))


def _changed_meanwhile() -> str:
    """What the second of two who pressed at once is told."""
    return t(
        "開いているあいだにほかの人が更新しました。いまの内容を確かめて、もう一度行ってください。まだ何も変えていません。",
        "Somebody changed it while it was open. Look at it as it stands now and do it again. Nothing was done yet.",
    )
