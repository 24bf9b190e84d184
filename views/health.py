"""/healthz: whether this process answers and reaches its store. It says nothing else to anybody."""

from __future__ import annotations

from flask import Blueprint, Response
from pymongo.errors import PyMongoError

from gate.store import ping

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    """200 `ok`, or 503 when the store does not answer."""
    try:
        ping()
    except PyMongoError:
        return Response("store unreachable\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")
