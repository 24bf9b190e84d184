"""View as another role: read-only, logged at both ends, marked on every page, and never showing the viewer more than
the viewer's own role allows: what only the other role would see is marked as such."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from audit.events import note
from gate.reading.loading import load
from gate.refusals import Refused
from models.role import ROLE
from policies.verdict import may
from views.accounts.signin import VIEW_AS
from views.requests.current_actor import actor
from words import t

pages = Blueprint("trying_on", __name__, url_prefix="/view-as")


@pages.post("/")
def begin() -> Response:
    """Look through another role's eyes from the next page on."""
    row = load(actor(), ROLE, request.form.get("role", ""))
    verdict = may(actor(), "role", "edit", actor().institution)
    if not verdict:
        raise Refused(verdict)
    note("view_as_begun", actor=actor().user, institution=actor().institution, noun="role", detail=row.id)
    session[VIEW_AS] = row.id
    return redirect(url_for("admin.index"))


@pages.post("/end")
def end() -> Response:
    """Back to one's own role."""
    if session.pop(VIEW_AS, None):
        note("view_as_ended", actor=actor().user, institution=actor().institution, noun="role")
        flash(t("自分の役割に戻りました。", "You are back in your own role."), "success")
    return redirect(url_for("admin.index"))
