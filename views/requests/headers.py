"""What every answer carries: no script or style but our own files, no framing, no guessing, no keeping."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    # guard: csp-frame
    # guard: csp-object
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)


def _add(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    # guard: nosniff
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # guard: cors
    answer.headers["X-Frame-Options"] = "DENY"
    # guard: referrer
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # guard: hsts
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint == "signin.logout":
        # What a browser keeps of pages goes; the tab's drafts are taken away by their own script.
        # guard: clear-site
        answer.headers["Clear-Site-Data"] = '"cache"'
    if request.endpoint != "static":
        # guard: no-store
        answer.headers["Cache-Control"] = "no-store"
    return answer


def register(app: Flask) -> None:
    """Put the headers on every answer, errors too."""
    app.after_request(_add)
