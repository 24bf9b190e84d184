"""A masked field shown for a purpose. After a while the person is asked again who they are: a desk may be left open."""

from __future__ import annotations

import time

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from accounts.sign_in.attempt import confirm
from gate.reading.loading import REVEALED_FOR, may_reveal, reveal
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
        """Show one masked field for a few minutes; the disclosure is in the ledger before it is on the screen."""
        id_, field = request.args.get("id", ""), request.form.get("field", "")
        purpose = request.form.get("purpose", "")
        if not _fresh():
            may_reveal(actor(), self.noun, id_, field, purpose)
            if "password" not in request.form:
                return self._ask(id_, field, purpose, None)
            if error := confirm(actor(), request.form["password"], pepper=current_app.config["PEPPER"]):
                return self._ask(id_, field, purpose, error), 403
            session[FRESH_AT] = int(time.time())
        reveal(actor(), self.noun, id_, field, purpose)
        flash(
            t(
                "目的を記録して表示しました。5分たつと元に戻ります。",
                "Shown; the purpose is on record. It is masked again in 5 minutes.",
            ),
            "notice",
        )
        return redirect(url_for(f"{self.noun.name}.details_view", id=id_))

    def _ask(self, id_: str, field: str, purpose: str, error: Words | None) -> str:
        return render_template(
            "records/confirm.html",
            noun=self.noun,
            field=field,
            field_label=w(self.noun.fields[field].label),
            purpose=purpose,
            purpose_label=term(REVEALED_FOR, purpose),
            minutes=FRESH_MINUTES,
            error=error,
            action=url_for(f"{self.noun.name}.reveal_view", id=id_),
            cancel_url=url_for(f"{self.noun.name}.details_view", id=id_),
        )


def _fresh() -> bool:
    given = session.get(FRESH_AT)
    return isinstance(given, int) and 0 <= time.time() - given < FRESH_MINUTES * 60
