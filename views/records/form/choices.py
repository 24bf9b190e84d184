"""Type-ahead: records to refer to, found and named by what this person may search and see."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask_admin import expose

from gate.reading.reference_matches import LONGEST, choices
from models.declaration import Noun
from views.records.form.references import as_offered
from views.requests.current_actor import actor


class ChoiceMixin:
    """`/choices/`: POST, because the words may name a person."""

    noun: Noun

    @expose("/choices/", methods=("POST",))
    def choices_view(self) -> Response:
        """At most twenty: [{id, label, house, near}], those of `institution` (whose record will refer) first.

        `house` names the institution of another's record and is empty for one's own.
        """
        home = request.form.get("institution") or actor().institution
        found = choices(actor(), self.noun, request.form.get("q", "")[:LONGEST], home)
        return jsonify([as_offered(each, home) for each in found])
