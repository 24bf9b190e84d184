"""The purposes that people choose from, in the reader's language, wherever one is asked for or told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for

from gate.reading.loading import PURPOSES
from models.vocabularies import offered
from views.requests.current_actor import actor
from words import w


def offered_purposes() -> list[tuple[str, str]]:
    """What personal data may be looked at for, and what leaves is used for: code and words."""
    return [(code, w(words)) for code, words in offered(PURPOSES, actor().institution).items()]


def given_purpose() -> str:
    """The purpose that the request names; "" when it names none of the list."""
    asked = request.values.get("purpose", "")
    return asked if asked in offered(PURPOSES, actor().institution) else ""


def purpose_page(noun: Any, back: str, scope: Sequence[str] = ()) -> str:
    """Ask what a print is for, and go on to the same address with the answer. `scope`: what it will hold, in words."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "purpose"]
    return render_template(
        "shared/purpose.html",
        noun=noun,
        action=request.path,
        kept=kept,
        purposes=offered_purposes(),
        scope=scope,
        back_url=url_for(back, id=request.args.get("id")) if request.args.get("id") else url_for(back),
    )
