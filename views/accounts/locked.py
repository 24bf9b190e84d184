"""/locked-accounts/: who cannot sign in for having mistyped, for the manager who may lift it (accounts.sign_in.lifting_locks)."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.lockout import minutes_until
from accounts.sign_in.lifting_locks import allowing, locked_accounts, unlock_as_manager
from gate.reading.names import names_of
from views.requests.current_actor import actor
from words import t

pages = Blueprint("locked_accounts", __name__, url_prefix="/locked-accounts")


@pages.get("/")
def show() -> str:
    """The locked accounts of the institutions that let their managers unlock."""
    found = locked_accounts(actor(), pepper=current_app.config["PEPPER"])
    names = names_of(actor(), {each.user for each in found})
    return render_template(
        "accounts/locked_accounts.html", may=bool(allowing(actor())), names=names,
        locked=[(each, minutes_until(each.until)) for each in found],
    )  # fmt: skip


@pages.post("/unlock")
def unlock() -> Response:
    """Lift the lock of one."""
    unlock_as_manager(actor(), request.form.get("id", ""), pepper=current_app.config["PEPPER"])
    flash(
        t("ロックを解きました。すぐにサインインできます。", "Unlocked; they can sign in at once."), "success"
    )
    return redirect(url_for("locked_accounts.show"))
