"""How much a request may bring, said before anything of it is read."""

from __future__ import annotations

from flask import Flask, current_app, request, session
from werkzeug.exceptions import BadRequest

LARGER = {"migration.bring_photographs": 400 * 1024 * 1024}
"""Endpoint → what somebody who is signed in may send there: a zip of photographs."""


def _limit() -> None:
    if request.endpoint in LARGER and "_user_id" in session:
        request.max_content_length = LARGER[request.endpoint]
    # Werkzeug bounds the fields of a multipart form; a form of the other kind it would read whole, from anybody.
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    # Werkzeug takes a part that has no name for a field called None, and whoever reads names then stumbles.
    elif None in request.form or None in request.files:
        raise BadRequest


def register(app: Flask) -> None:
    """Bound every request; to be registered before whatever reads its form."""
    app.before_request(_limit)
