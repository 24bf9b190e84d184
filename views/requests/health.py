"""/healthz: whether this process answers and reaches its store. It says nothing else to anybody.

When a request has found the store away, later ones ask for a sign of life first: they would hold every thread, each for
as long as a call may take, and nobody would be told anything.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from pymongo.errors import ConnectionFailure, PyMongoError

from gate.store.collections import ping

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    """200 `ok`, or 503 when the store does not answer."""
    try:
        ping()
    except PyMongoError:
        return Response("store unreachable\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


class _Store:
    """What this process last knew of its store."""

    away = False


def found_away(error: Exception) -> None:
    """A request could not go on without the store."""
    if isinstance(error, ConnectionFailure):
        _Store.away = True


def _look_first() -> None:
    if _Store.away and request.endpoint not in ("static", "health.healthz"):
        ping()
        _Store.away = False


def register(app: Flask) -> None:
    """Before whatever asks the store."""
    app.before_request(_look_first)
