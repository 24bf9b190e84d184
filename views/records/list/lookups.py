"""照会: a record found by the full value of one field, for a purpose. Posted; no value of it stands in an address."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask_admin import expose

from gate.reading.lookups import HITS, fields_of, look_up
from gate.reading.shown import Row
from gate.refusals import BadQuestion, Refused
from gate.store.hourly_limits import hourly_limits_of
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor
from policies.verdict import may
from views.requests.current_actor import actor
from views.requests.errors import Page
from views.shared.purposes import offered_purposes
from words import w


def may_look_up(who: Actor, noun: Noun) -> bool:
    """Whether the screen would offer anything."""
    return bool(fields_of(who, noun))


class LookupMixin:
    """`/lookup/`."""

    noun: Noun

    @expose("/lookup/", methods=("GET", "POST"))
    def lookup_view(self) -> str | Page | Response:
        """The form, and what it found: at most five, disclosed before they are shown."""
        if not fields_of(actor(), self.noun):
            raise Refused(may(actor(), self.noun.name, "lookup", actor().institution))
        if request.method != "POST":
            return self._lookup_page(None, None)
        try:
            rows = look_up(
                actor(),
                self.noun,
                request.form.get("field", ""),
                request.form.get("value", ""),
                request.form.get("purpose", ""),
            )
        except BadQuestion as error:
            return self._lookup_page(None, error.words), 400
        return self._lookup_page(rows, None)

    def _lookup_page(self, rows: list[Row] | None, wrong: Words | None) -> str:
        noun = self.noun
        return render_template(
            "records/lookup.html",
            noun=noun,
            fields=[(field.name, w(field.label)) for field in fields_of(actor(), noun)],
            purposes=offered_purposes(),
            given={name: request.form.get(name, "") for name in ("field", "value", "purpose")},
            rows=rows,
            columns=[
                field
                for field in noun
                if field.declared.listed and field.name not in ("changed_at", "institution")
            ],
            wrong=wrong,
            at_most=HITS,
            an_hour=hourly_limits_of(actor().institution)["lookup_account"],
            action=url_for(f"{noun.name}.lookup_view"),
            back_url=url_for(f"{noun.name}.index_view"),
        )
