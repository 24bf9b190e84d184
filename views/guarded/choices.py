"""Type-ahead: records to refer to, found and named by what this person may search and see."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask_admin import expose

from gate.loading import choices
from models.declaration import Noun
from views.current_actor import actor


class ChoiceMixin:
    """`/choices/`: POST, because the words may name a person."""

    noun: Noun

    @expose("/choices/", methods=("POST",))
    def choices_view(self) -> Response:
        """At most twenty: [{id, label}]."""
        found = choices(actor(), self.noun, request.form.get("q", "")[:100])
        return jsonify([{"id": each.id, "label": each.label} for each in found])
