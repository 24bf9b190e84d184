"""/account/sessions/: where I am signed in, and how to end it; and the sign that a person at a form is at work."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import sessions
from accounts.credentials import end_access
from accounts.tokens import tokens_of
from views.accounts.signin import go_on
from views.requests.current_actor import actor
from views.requests.sessions import present
from words import t

pages = Blueprint("my_sessions", __name__, url_prefix="/account/sessions")


@pages.get("/")
def show() -> str:
    """My open sessions, this one marked."""
    limits, here = g.account.house.limits, present().stored
    return render_template(
        "accounts/my_sessions.html",
        sessions=sessions.sessions_of(actor().user, limits),
        tokens=[each for each in tokens_of(actor().user) if not each.ended],
        here=here.handle if here else "",
        idle=int(limits.idle.total_seconds() // 60),
        whole=int(limits.whole.total_seconds() // 3600),
    )


@pages.post("/end")
def end() -> Response:
    """End one."""
    sessions.end_mine(actor(), request.form.get("session", ""))
    flash(t("終了しました。", "It has ended."), "success")
    return redirect(url_for("my_sessions.show"))


@pages.post("/end-others")
def end_others() -> Response:
    """End all but this one, tokens too; this browser goes on."""
    count = max(0, end_access(actor().user, by=actor().user, institution=actor().institution) - 1)
    go_on()
    flash(
        t(
            f"ほかの{count}件と、プログラムのトークンを終了しました。",
            f"{count} others and all tokens have ended.",
        ),
        "success",
    )
    return redirect(url_for("my_sessions.show"))


@pages.get("/awake")
def awake() -> Response:
    """A person typing in a form is at work: being asked this is being used (js/drafts.js)."""
    return Response("ok\n", mimetype="text/plain")
