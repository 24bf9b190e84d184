"""/account-approvals/: the accounts and reset links that wait for a second person (accounts.approving)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import approving
from gate.reading.names import names_of
from views.requests.current_actor import actor
from words import t

pages = Blueprint("account_approvals", __name__, url_prefix="/account-approvals")


@pages.get("/")
def show() -> str:
    """All that waits where this person may approve, with who asked for it; their own acts without a button."""
    waiting = approving.waiting(actor())
    names = names_of(actor(), {each for one in waiting for each in one.asked_by})
    return render_template("accounts/approvals.html", waiting=waiting, names=names, own=actor().user)


@pages.post("/approve")
def approve() -> Response:
    """Approve one account and its link."""
    approving.approve(actor(), request.form.get("id", ""))
    flash(t("承認しました。", "Approved."), "success")
    return redirect(url_for("account_approvals.show"))
