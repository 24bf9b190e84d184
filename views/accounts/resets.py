"""/reset/…: the page that a reset's sheet leads to. Whose link it is, the link says; nobody needs to have signed in."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.sign_in.resets import Reset, awaits_approval, find_reset, use_reset
from gate.refusals import Invalid
from policies.passwords import SHORTEST, SHORTEST_WITH_CODE
from views.requests.sessions import present
from words import t, w

pages = Blueprint("resets", __name__, url_prefix="/reset")
Answer = str | Response | tuple[str, int]


@pages.get("/<token>")
def show(token: str) -> Answer:
    """Ask for a password, or say that the link opens nothing."""
    g.account = None  # whoever's panel is open in this browser, this page is the link's
    reset = find_reset(token, pepper=current_app.config["PEPPER"])
    return _page(reset, []) if reset else _nothing(token)


@pages.post("/<token>")
def use(token: str) -> Answer:
    """Set the password; on to the door."""
    g.account, pepper = None, current_app.config["PEPPER"]
    reset = find_reset(token, pepper=pepper)
    if reset is None:
        return _nothing(token)
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page(reset, [("again", t("二つのパスワードが違います。", "The two passwords differ."))]), 400
    try:
        if not use_reset(token, new, pepper=pepper):
            return _nothing(token)
    except Invalid as error:
        return _page(reset, [("new", w(error.errors["password"]))]), 400
    present().end()
    flash(
        t("パスワードを決めました。サインインしてください。", "Your password is set. Please sign in."),
        "success",
    )
    return redirect(url_for("signin.login"))


def _page(reset: Reset, errors: list[tuple[str, str]]) -> str:
    with_code = reset.has_factor and not reset.without_factor
    return render_template(
        "accounts/reset.html",
        reset=reset,
        errors=errors,
        shortest=SHORTEST_WITH_CODE if with_code else SHORTEST,
    )


def _nothing(token: str) -> tuple[str, int]:
    """What a link answers that opens nothing, or nothing yet."""
    if awaits_approval(token, pepper=current_app.config["PEPPER"]):
        return _not_yet(), 403
    return _void(), 404


def _not_yet() -> str:
    return render_template(
        "shared/message.html",
        status=403,
        title=t("承認を待っています", "Waiting for approval"),
        what=t("このアカウントは個人情報を扱えるため、リンクを作った人とは別の人の承認が必要です。", "This account can reach personal data, so another person than the one who made the link must approve it."),
        todo=t("館のシステム管理者か管理者の承認のあとで、このページを開き直してください。この紙はそのまま使えます。", "Open this page again once an administrator or a manager has approved it. The sheet stays good."),
        buttons=[],
    )  # fmt: skip


def _void() -> str:
    """The same for a link that never was, was used, was replaced, is out of date or has lost its ground."""
    return render_template(
        "shared/message.html",
        status=404,
        title=t("このリンクは使えません", "This link cannot be used"),
        what=t("期限(24時間)が過ぎたか、すでに使われたか、新しい紙が作られたか、作ったあとでアカウントや担当者の権限が変わっています。", "Its 24 hours are over, it was used already, a newer sheet was made, or the account or the rights of who made it have changed since."),
        todo=t(
            "パスワードを決めたあとなら、そのままサインインできます。まだのときは、館のシステム管理者に新しい紙を頼んでください。アドレスを手で入力したときは、もう一度確かめてください。",
            "If you have already chosen a password, just sign in. If not, ask your institution's administrator for a new "
            "sheet. If you typed the address, please check it once more.",
        ),
        buttons=[(t("サインインの画面へ", "To the sign-in page"), url_for("signin.login"))],
    )  # fmt: skip
