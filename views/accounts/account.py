"""/account/: who I am here, my language, my password."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.sign_in.attempt import confirm
from accounts.sign_in.passwords import set_password
from accounts.tokens import connectable
from gate.refusals import Invalid
from policies.passwords import SHORTEST, SHORTEST_WITH_CODE
from views.accounts.signin import go_on
from views.requests.current_actor import actor
from words import t, w

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("/")
def show() -> str:
    """My page."""
    return _page([])


@pages.post("/password")
def password() -> str | Response | tuple[str, int]:
    """Change my password, having shown that I know the present one."""
    pepper = current_app.config["PEPPER"]
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page(
            [("again", t("二つの新しいパスワードが違います。", "The two new passwords differ."))]
        ), 400
    # guard: present-password
    if wrong := confirm(actor(), request.form.get("present", ""), pepper=pepper):
        return _page([("present", w(wrong))]), 400
    try:
        # guard: change-password
        set_password(actor().user, new, pepper=pepper, second_factor=g.account.has_factor)
    except Invalid as error:
        return _page([("new", w(error.errors["password"]))]), 400
    go_on()
    flash(
        t(
            "パスワードを変えました。ほかの画面でのサインインとトークンは終了しました。",
            "Your password has been changed. Sessions elsewhere and tokens have ended.",
        ),
        "success",
    )
    return redirect(url_for("account.show"))


def _page(errors: list[tuple[str, str]]) -> str:
    return render_template(
        "accounts/account.html", account=g.account, errors=errors, shortest=SHORTEST_WITH_CODE if g.account.has_factor else SHORTEST, tokens_url=url_for("tokens.show") if connectable(actor()) else ""
    )  # fmt: skip
