"""The door's second page: a code, where the account has a second factor. What came before it is a session that opens
nothing else, and for ten minutes."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from accounts.accounts import account
from accounts.sessions import CODE, Session
from accounts.sign_in.second_factor import WRONG, Keys, attempt_code
from views.accounts.devices import device
from views.accounts.signin import let_in, locked_page
from views.requests.sessions import present
from words import w

pages = Blueprint("signin_code", __name__, url_prefix="/login")


def keys() -> Keys:
    """The keys of this deployment's second factors."""
    return Keys(current_app.config["FACTOR_KEY"], current_app.config["PEPPER"])


def _waiting() -> Session | None:
    """The session of who has given the password and not yet the code."""
    here = present()
    _ = here.data
    return here.stored if here.stored and here.stored.stage == CODE else None


@pages.get("/code")
def show() -> str | Response:
    """Ask for the code."""
    return (
        render_template("accounts/signin_code.html", error="")
        if _waiting()
        else redirect(url_for("signin.login"))
    )


@pages.post("/code")
def send() -> str | Response | tuple[str, int]:
    """Try it."""
    waiting = _waiting()
    address = request.remote_addr or ""
    found = account(waiting.user, address=address) if waiting else None
    if waiting is None or found is None or found.stamp != waiting.stamp:
        return redirect(url_for("signin.login"))
    outcome = attempt_code(
        waiting.user, request.form.get("code", ""), keys=keys(), address=address, device=device()
    )
    if outcome.locked:
        present().end()
        return locked_page(outcome)
    if not outcome.user:
        return render_template("accounts/signin_code.html", error=w(WRONG)), 401
    return let_in(found, outcome, session.get("next", ""))
