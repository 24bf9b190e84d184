"""/account-approvals/: the accounts and reset links that wait for a second person (accounts.approving)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import approving
from gate.reading.names import names_of
from roles import widening
from roles.grant_changes import changes
from views.requests.current_actor import actor
from views.shared.role_changes import change_rows
from words import t

pages = Blueprint("account_approvals", __name__, url_prefix="/account-approvals")


@pages.get("/")
def show() -> str:
    """All that waits where this person may approve, with who asked for it; their own acts without a button."""
    waiting, drafts = approving.waiting(actor()), widening.waiting_drafts(actor())
    names = names_of(actor(), {each for one in waiting for each in one.asked_by} | {one.by for one in drafts})
    changed = {each.role: change_rows(changes(each.before, each.after)) for each in drafts}
    return render_template(
        "accounts/approvals.html",
        waiting=waiting,
        drafts=drafts,
        changed=changed,
        names=names,
        own=actor().user,
    )


@pages.post("/approve")
def approve() -> Response:
    """Approve one account and its link."""
    approving.approve(actor(), request.form.get("id", ""))
    flash(t("承認しました。", "Approved."), "success")
    return redirect(url_for("account_approvals.show"))


@pages.post("/approve-role")
def approve_role() -> Response:
    """Approve the draft of a role that was looked at."""
    widening.approve_draft(actor(), request.form.get("id", ""), request.form.get("draft", ""))
    flash(
        t("承認しました。下書きを作った人が適用できます。", "Approved; who drafted it can apply it."),
        "success",
    )
    return redirect(url_for("account_approvals.show"))
