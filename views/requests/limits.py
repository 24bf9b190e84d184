"""How much a request may bring, said before anything of it is read: little from who has not signed in, a form's worth
from who has, and more only where a route takes files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response

from gate.fields.stored_pictures import settings_of
from imports.photographs import run
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach
from views.requests.addresses import of_api
from views.requests.admission import OPEN_TO_ALL, barred
from views.requests.safe_next import where_they_were

STRANGER = 64 * 1024
"""Bytes from who has not signed in, and from a program: a sign-in form, a search."""
FILE = 40 * 1024 * 1024
PHOTOGRAPHS = 400 * 1024 * 1024


def _table(actor: Actor) -> int:
    return FILE if any(reach(actor, noun, "import") for noun in NOUNS) else 0


def _photographs(actor: Actor) -> int:
    return PHOTOGRAPHS if run.may_bring(actor) else 0


def _with_picture(noun: str, actor: Actor) -> int:
    """The largest picture that this actor may store anywhere, as each institution sets it, and the form's fields."""
    institutions = {*reach(actor, noun, "create"), *reach(actor, noun, "edit")}
    fields: int = current_app.config["MAX_FORM_MEMORY_SIZE"]
    return fields + max((settings_of(each)[0] for each in institutions), default=0) * 1024 * 1024


Allowed = Callable[[Actor], int]
_tables: dict[str, Allowed] = {"migration.upload": _table, "migration.bring_photographs": _photographs}
_pictures: dict[str, Allowed] = {
    f"{noun.name}.{view}": partial(_with_picture, noun.name)
    for noun in NOUNS.values()
    if any(field.is_picture for field in noun.editable())
    for view in ("create_view", "edit_view")
}
LARGER = _tables | _pictures
"""Endpoint → how many bytes an actor may send there: a table, a picture, a zip of photographs."""


def _limit() -> Response | None:
    # Only whose request brings a body is looked up: the others cost the store nothing here.
    announced = request.content_length
    if not announced and "Transfer-Encoding" not in request.headers:
        return None
    request.max_content_length = _allowed()
    if announced and announced > request.max_content_length:
        if not (of_api() or current_user.is_authenticated or request.endpoint in OPEN_TO_ALL):
            # Their session has ended meanwhile: what they typed waits in the browser (js/drafts.js).
            return redirect(url_for("signin.login", next=where_they_were()))
        raise RequestEntityTooLarge
    # Werkzeug takes a part that has no name for a field called None, and code that reads names then fails.
    if request.mimetype == "multipart/form-data" and (None in request.form or None in request.files):
        raise BadRequest
    return None


def _allowed() -> int:
    """Bytes that this request may bring."""
    if of_api() or not current_user.is_authenticated or barred(current_user.account):
        return STRANGER
    form: int = current_app.config["MAX_FORM_MEMORY_SIZE"]
    # Werkzeug bounds the fields of a multipart form; a form of the other kind it would read whole.
    if request.endpoint not in LARGER or request.mimetype != "multipart/form-data":
        return form
    return max(
        form, LARGER[request.endpoint](current_user.account.coming_from(request.remote_addr or "").actor)
    )


def register(app: Flask) -> None:
    """Bound every request; to be registered before whatever reads its form."""
    app.before_request(_limit)
