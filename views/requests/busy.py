"""Too many sign-ins at once: when to come back. The page is written once for each language, because where it is needed
most it must cost next to nothing."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, current_app, g, make_response, render_template

from gate.refusals import Busy
from words import language


@cache
def _page(tongue: str, seconds: int) -> str:
    # A request and a `g` of its own (a request of the same application would go on with the visitor's): nothing of
    # who met it first can come onto a page that others will get.
    with current_app.app_context(), current_app.test_request_context("/login"):
        g.language = tongue
        return render_template("shared/busy.html", seconds=seconds)


def _busy(error: Busy) -> Response:
    answer = make_response(_page(language(), error.seconds), 429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def register(app: Flask) -> None:
    """Answer who finds no place."""
    app.register_error_handler(Busy, _busy)
