"""/: the address that the start prints and that people type; it leads to the first page."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

pages = Blueprint("start", __name__)


@pages.get("/")
def start() -> Response:
    """On to the first page; who has not signed in was led to the sign-in page before this."""
    return redirect(url_for("admin.index"))
