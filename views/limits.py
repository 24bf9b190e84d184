"""How much a request may bring, said before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from migration import photograph_run
from policies.actor import Actor
from views.admission import barred

LARGER: dict[str, tuple[int, Callable[[Actor], bool]]] = {
    "migration.bring_photographs": (400 * 1024 * 1024, photograph_run.may_bring)
}
"""Endpoint → what somebody may send there whom this lets pass: a zip of photographs."""


def _limit() -> None:
    if request.endpoint in LARGER:
        larger, may_there = LARGER[request.endpoint]
        if _passes(may_there):
            request.max_content_length = larger
    # Werkzeug bounds the fields of a multipart form; a form of the other kind it would read whole, from anybody.
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    # Werkzeug takes a part that has no name for a field called None, and whoever reads names then stumbles.
    elif None in request.form or None in request.files:
        raise BadRequest


def _passes(may_there: Callable[[Actor], bool]) -> bool:
    """Whether who asks may come in at all, and do there what it is for."""
    if not current_user.is_authenticated or barred(current_user.account):
        return False
    return may_there(current_user.account.coming_from(request.remote_addr or "").actor)


def register(app: Flask) -> None:
    """Bound every request; to be registered before whatever reads its form."""
    app.before_request(_limit)
