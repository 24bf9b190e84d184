"""A masked field shown for a purpose. After a while the person is asked again who they are: a desk may be left open."""

from __future__ import annotations

import time

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from accounts.sign_in.attempt import confirm
from gate.reading.loading import PURPOSES, may_reveal, reveal
from models.data_classes import Words
from models.declaration import Noun
from views.requests.admission import FRESH_AT
from views.requests.current_actor import actor
from words import t, term, w

FRESH_MINUTES = 30
"""For so long after the password was given it is not asked for again."""


class RevealMixin:
    """`/reveal/`."""

    noun: Noun

    @expose("/reveal/", methods=("POST",))
    def reveal_view(self) -> str | Response | tuple[str, int]:
        """Show masked fields of a record for a few minutes; each disclosure is in the ledger before it is on the screen."""
        id_, fields = request.args.get("id", ""), request.form.getlist("field") or [""]
        purpose = request.form.get("purpose", "")
        if not _fresh():
            for field in fields:
                may_reveal(actor(), self.noun, id_, field, purpose)
            if "password" not in request.form:
                return self._ask(id_, fields, purpose, None)
            if error := confirm(actor(), request.form["password"], pepper=current_app.config["PEPPER"]):
                return self._ask(id_, fields, purpose, error), 403
            session[FRESH_AT] = int(time.time())
        for field in fields:
            reveal(actor(), self.noun, id_, field, purpose)
        flash(
            t(
                "目的を記録して表示しました。5分たつと元に戻ります。",
                "Shown; the purpose is on record. It is masked again in 5 minutes.",
            ),
            "notice",
        )
        return redirect(self._back(id_))

    def _back(self, id_: str) -> str:
        """The record's card, or the page of an import's witness that asked."""
        if run := request.args.get("witness", ""):
            return url_for("migration.witness", run=run)
        return url_for(f"{self.noun.name}.details_view", id=id_)

    def _ask(self, id_: str, fields: list[str], purpose: str, error: Words | None) -> str:
        return render_template(
            "records/confirm.html",
            noun=self.noun,
            fields=fields,
            labels=[w(self.noun.fields[field].label) for field in fields],
            purpose=purpose,
            purpose_label=term(PURPOSES, purpose),
            minutes=FRESH_MINUTES,
            error=error,
            action=url_for(
                f"{self.noun.name}.reveal_view", id=id_, witness=request.args.get("witness") or None
            ),
            cancel_url=self._back(id_),
        )


def _fresh() -> bool:
    given = session.get(FRESH_AT)
    return isinstance(given, int) and 0 <= time.time() - given < FRESH_MINUTES * 60
