"""/.well-known/security.txt (RFC 9116): where a weakness is reported, as the operator declared it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import NotFound

from settings.environment import Settings

pages = Blueprint("security_txt", __name__)
GOOD_FOR = timedelta(days=180)
"""RFC 9116 recommends less than a year; made at each request, it never lies there expired."""


@pages.get("/.well-known/security.txt")
def show() -> Response:
    """The contact; not found where the operator declared none."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.security_contact:
        raise NotFound
    lines = {
        "Contact": settings.security_contact,
        "Expires": (datetime.now(UTC) + GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": "ja, en",
        "Canonical": f"{settings.own_address}/.well-known/security.txt",
    }
    return Response("".join(f"{name}: {value}\n" for name, value in lines.items()), mimetype="text/plain")
