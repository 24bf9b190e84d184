"""How the panel is, for monitoring: `/livez`, `/readyz` and `/healthz`.

`/livez`: this process answers. `/readyz`: all that the panel needs is well (operations.status); who asks from this machine
reads what is wrong and what to do, anybody else only its name. `/healthz`: the store answers.

When a request has found the store away, later ones ask for a sign of life first: they would hold every thread, each for
as long as a call may take, and nobody would be told anything.
"""

from __future__ import annotations

import ipaddress
import threading

from flask import Blueprint, Flask, Response, current_app, request
from pymongo.errors import ConnectionFailure, PyMongoError

from accounts.sign_in.arrivals import HEADERS
from gate.store.collections import ping
from gate.store.memory import Memory
from operations.status import READINESS, Told, examine
from settings.environment import Settings

pages = Blueprint("health", __name__)
SECONDS = 5.0
"""For all checks of readiness together."""
KEPT, KEPT_ELSEWHERE = 1.0, 10.0
"""So long an answer is given again, to who asks from this machine and to others: asking without end costs no more."""


@pages.get("/healthz")
def healthz() -> Response:
    """200 `ok`, or 503 when the store does not answer."""
    try:
        ping()
    except PyMongoError:
        return Response("store unreachable\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@pages.get("/livez")
def livez() -> Response:
    """200 `ok`: nothing is asked."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
def readyz() -> Response:
    """200 when nothing is to be done now, else 503; a line for each thing that is to be done or known."""
    here = _from_this_machine()
    told = _told(current_app.config["SETTINGS"], here=here)
    lines = [
        f"{finding.sign} {each.check.name}: {finding.words[0]} / {finding.words[1]}"
        if here
        else f"{finding.sign} {each.check.name}"
        for each in told
        for finding in each.findings
        if finding.warns or not finding.well
    ]
    ready = all(each.well for each in told)
    first = "ok" if ready else "not ready"
    return Response("\n".join([first, *lines, ""]), 200 if ready else 503, mimetype="text/plain")


def _from_this_machine() -> bool:
    """Whether somebody here asks, and no proxy does for somebody elsewhere."""
    try:
        here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return here and HEADERS.isdisjoint(name.lower() for name, _ in request.headers)


_turn = threading.Lock()
_here: Memory[str, tuple[Told, ...]] = Memory(most=1, seconds=KEPT)
_elsewhere: Memory[str, tuple[Told, ...]] = Memory(most=1, seconds=KEPT_ELSEWHERE)


def _told(settings: Settings, *, here: bool) -> tuple[Told, ...]:
    """What this process last found. One request looks at a time; the others get what it finds."""
    with _turn:
        return (_here if here else _elsewhere).kept(
            "readiness", lambda: tuple(examine(settings, READINESS, seconds=SECONDS))
        )


class _Store:
    """What this process last knew of its store."""

    away = False


def found_away(error: Exception) -> None:
    """A request could not go on without the store."""
    if isinstance(error, ConnectionFailure):
        _Store.away = True


def _look_first() -> None:
    if _Store.away and request.endpoint != "static" and request.blueprint != "health":
        ping()
        _Store.away = False


def register(app: Flask) -> None:
    """Before whatever asks the store."""
    app.before_request(_look_first)
