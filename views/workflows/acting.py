"""Declared acts on a record's card: what any noun's screens with a workflow need."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from gate.refusals import Conflict, Invalid
from models.declaration import Noun
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w
from workflows.engine.acts import perform
from workflows.engine.table import Workflow

Answer = str | Response | tuple[str, int]


class ActingMixin:
    """Does an act of the noun's workflow; where it was not done, the card comes again with what was typed."""

    noun: Noun
    workflow: ClassVar[Workflow]

    def _card(self, **said: Any) -> str:
        return super()._card(**said)  # type: ignore[misc,no-any-return]  # RecordMixin's

    def _act(self, name: str, revision: int | None = None) -> Answer:
        id_ = request.args.get("id", "")
        try:
            act = perform(actor(), self.workflow, id_, revision, name, request.form)
        except Invalid as error:
            return self._card(wrong=w(next(iter(error.errors.values())))), 400
        except Conflict:
            return self._card(wrong=changed_meanwhile()), 409
        forget_tallies()
        flash(w(act.done), "success")
        return redirect(url_for(f"{self.noun.name}.details_view", id=id_))


def changed_meanwhile() -> str:
    """What the second of two who pressed at once is told."""
    return t(
        "開いているあいだにほかの人が更新しました。いまの内容を確かめて、もう一度行ってください。まだ何も変えていません。",
        "Somebody changed it while it was open. Look at it as it stands now and do it again. Nothing was done yet.",
    )
