"""Choosing the language of the screens."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from views.requests.safe_next import safe_next
from words import LANGUAGES

pages = Blueprint("language", __name__)


# guard: get-removes
@pages.post("/language")
def choose() -> Response:
    """Keep the chosen language for this session and go back to where the person was."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(safe_next(request.form.get("next", "")))
