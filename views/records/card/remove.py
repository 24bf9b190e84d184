"""Removing a record: asked again, with a reason, against the revision that was seen."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.reading.loading import load
from gate.refusals import Conflict, Invalid, Refused
from gate.writing.writing import remove
from models.declaration import Noun
from policies.verdict import may
from views.records.card.uses import used_by
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w


class RemoveMixin:
    """`/delete/`."""

    noun: Noun

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> str | Response | tuple[str, int]:
        """Ask; then remove."""
        id_ = request.args.get("id", "")
        if request.method != "POST":
            return self._confirm(id_, [])
        try:
            remove(actor(), self.noun, id_, revision_from(request.form), request.form.get("reason", ""))
        except Invalid as error:
            said = [
                (name, t("理由", "Reason") if name else "", w(words)) for name, words in error.errors.items()
            ]
            return self._confirm(id_, said), 400
        except Conflict:
            said = [("", "", t(
                "ほかの人が更新しました。いまの内容を確かめて、もう一度お試しください。",
                "Somebody else has changed it. Check it as it now stands, and try again.",
            ))]  # fmt: skip
            return self._confirm(id_, said), 409
        forget_tallies()
        flash(t("削除しました。", "It has been removed."), "success")
        return redirect(url_for(f"{self.noun.name}.index_view"))

    def _confirm(self, id_: str, errors: list[tuple[str, str, str]]) -> str:
        row = load(actor(), self.noun, id_)
        verdict = may(actor(), self.noun.name, "remove", row.institution)
        if not verdict:
            raise Refused(verdict)
        return render_template(
            "records/remove.html",
            noun=self.noun,
            row=row,
            uses=used_by(actor(), self.noun, row),
            revision=row.revision,
            reason=request.form.get("reason", ""),
            error_summary=errors,
            action=url_for(f"{self.noun.name}.delete_view", id=id_),
            cancel_url=url_for(f"{self.noun.name}.details_view", id=id_),
        )
