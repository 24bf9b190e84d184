"""How much a request may bring, said before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from gate.stored_pictures import settings_of
from migration import photograph_run
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach
from views.admission import barred

LARGER: dict[str, tuple[int, Callable[[Actor], bool]]] = {
    "migration.bring_photographs": (400 * 1024 * 1024, photograph_run.may_bring)
}
"""Endpoint → what somebody may send there whom this lets pass: a zip of photographs."""
PICTURE_FORMS = {
    f"{noun.name}.{view}": noun.name
    for noun in NOUNS.values()
    if any(field.kind == "image" for field in noun.editable())
    for view in ("create_view", "edit_view")
}
"""Endpoint of a form that takes a picture → its noun; how large the picture may be is the institution's to set."""


def _limit() -> None:
    if request.endpoint in LARGER:
        larger, may_there = LARGER[request.endpoint]
        who = _who()
        if who is not None and may_there(who):
            request.max_content_length = larger
    elif request.endpoint in PICTURE_FORMS:
        request.max_content_length = _with_picture(PICTURE_FORMS[request.endpoint])
    # Werkzeug bounds the fields of a multipart form; a form of the other kind it would read whole, from anybody.
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    # Werkzeug takes a part that has no name for a field called None, and whoever reads names then stumbles.
    elif None in request.form or None in request.files:
        raise BadRequest


def _who() -> Actor | None:
    """Who asks, if they may come in at all."""
    if not current_user.is_authenticated or barred(current_user.account):
        return None
    found: Actor = current_user.account.coming_from(request.remote_addr or "").actor
    return found


def _with_picture(noun: str) -> int:
    """The largest picture that who asks may store anywhere, and the form's fields; for all others only these."""
    who = _who()
    fields: int = current_app.config["MAX_FORM_MEMORY_SIZE"]
    houses = (
        {*reach(who, noun, "create"), *reach(who, noun, "edit")} if who and request.method == "POST" else ()
    )
    return fields + max((settings_of(each)[0] for each in houses), default=0) * 1024 * 1024


def register(app: Flask) -> None:
    """Bound every request; to be registered before whatever reads its form."""
    app.before_request(_limit)
