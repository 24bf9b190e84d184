"""/account/tokens/: the tokens of my programs. A new one is shown once, to whoever knows my password."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.sign_in.attempt import confirm
from accounts.tokens import NAME_AT_MOST, TERMS, connectable, make_token, revoke_token, tokens_of
from gate.refusals import Invalid
from views.requests.current_actor import actor
from words import t, w

pages = Blueprint("tokens", __name__, url_prefix="/account/tokens")
Errors = list[tuple[str, str]]


@pages.get("/")
def show() -> str:
    """My tokens: name, made, last used, good until."""
    return _page()


@pages.post("/")
def make() -> str | tuple[str, int]:
    """Make a token and show it this once; it stands in no address, no message and no log."""
    name, days = request.form.get("name", ""), request.form.get("days", "")
    pepper = current_app.config["PEPPER"]
    if wrong := confirm(actor(), request.form.get("present", ""), pepper=pepper):
        return _page(name=name, errors=[("present", w(wrong))]), 400
    try:
        term = int(days) if days in map(str, TERMS) else 0
        token = make_token(actor(), name, term, pepper=pepper, stamp=g.account.stamp)
    except Invalid as error:
        return _page(name=name, errors=[(field, w(words)) for field, words in error.errors.items()]), 400
    return _page(token=token)


@pages.post("/revoke")
def revoke() -> Response:
    """Forget a token."""
    revoke_token(actor(), request.form.get("token", ""))
    flash(
        t(
            "トークンを取り消しました。そのプログラムはもう接続できません。",
            "The token is revoked; its program can no longer connect.",
        ),
        "success",
    )
    return redirect(url_for("tokens.show"))


def _page(*, token: str = "", name: str = "", errors: Errors | None = None) -> str:
    return render_template(
        "accounts/tokens.html",
        token=token,
        tokens=tokens_of(actor().user),
        open=connectable(actor()),
        name=name,
        name_at_most=NAME_AT_MOST,
        terms=TERMS,
        errors=errors or [],
        login_id=actor().login_id,
    )
