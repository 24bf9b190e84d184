"""/account/second-factor/: setting up the codes of one's telephone, moving them, turning them off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import segno
from cryptography.exceptions import InvalidTag
from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from accounts.sign_in import second_factor as factor
from accounts.sign_in.attempt import confirm
from gate.refusals import BadQuestion, Invalid
from policies.passwords import SHORTEST
from views.accounts.signin import go_on
from views.accounts.signin_code import keys
from views.requests.current_actor import actor
from words import day, t, w

pages = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")
PENDING = "factor"
"""In the session: the sealed secret that is on the screen and not yet in use."""
Answer = str | Response | tuple[str, int]
Errors = list[tuple[str, str]]


@pages.get("/")
def show() -> str:
    """What is set up, or the picture to scan."""
    return _page([])


@pages.post("/")
def set_up() -> Answer:
    """Use the secret on the screen from now on; shows the recovery codes, this once."""
    secret, code = _pending(), request.form.get("code", "")
    if not factor.fits(secret, code):
        return _page([("code", w(factor.WRONG))], again=True), 400
    if errors := _not_myself():
        return _page(errors, again=True), 400
    try:
        codes = factor.set_up(actor(), secret, code, keys=keys())
    except Invalid as error:
        return _page([("code", w(error.errors["code"]))], again=True), 400
    login_id = actor().login_id
    go_on()
    g.account = None  # what is shown now is for paper: the frame comes back with the next page
    return render_template(
        "accounts/recovery_codes.html", codes=codes, login_id=login_id, today=day(datetime.now(UTC))
    )


@pages.post("/off")
def off() -> Answer:
    """Ask for the password alone from now on."""
    if g.account.wants_factor:
        raise BadQuestion(
            ("役割で必須のため、解除できません。", "Your role requires it; it cannot be turned off.")
        )
    if errors := _not_myself():
        return _page(errors), 400
    if len(request.form.get("present", "")) < SHORTEST:
        said = t(
            f"確認コードなしでは、パスワードが{SHORTEST}文字以上必要です。先にパスワードを変えてください。",
            f"Without a code the password needs {SHORTEST} characters. Change your password first.",
        )
        return _page([("present", said)]), 400
    factor.turn_off(actor().user, by=actor().user)
    go_on()
    flash(t("確認コードを解除しました。", "The second factor is turned off."), "success")
    return redirect(url_for("account.show"))


def _not_myself() -> Errors:
    """What is missing of showing once more who I am: the password, and a code where there is one already."""
    # guard: present-for-factor
    if wrong := confirm(actor(), request.form.get("present", ""), pepper=current_app.config["PEPPER"]):
        return [("present", w(wrong))]
    wrong = factor.confirm_code(actor(), request.form.get("old", ""), keys=keys())
    return [("old", w(wrong))] if wrong else []


def _pending() -> str:
    """The secret on the screen; a new one where there is none."""
    try:
        return factor.opened(session.get(PENDING, ""), actor().user, keys())
    except (InvalidTag, ValueError):
        secret = factor.new_secret()
        session[PENDING] = factor.sealed(secret, actor().user, keys())
        return secret


def _page(errors: Errors, *, again: bool = False) -> str:
    left = factor.codes_left(actor().user)
    again = again or "again" in request.args
    shown: dict[str, Any] = {}
    if left is None or again:
        secret = _pending()
        address = factor.address_of(secret, actor().login_id)
        shown = {
            "qr": qr(address),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        }
    return render_template(
        "accounts/second_factor.html", errors=errors, left=left, again=again, login_id=actor().login_id, required=g.account.wants_factor,
        must=g.account.wants_factor and left is None, **shown,
    )  # fmt: skip


def qr(text: str) -> str:
    """A QR code as an image's data address; black on white, whatever the colours of the page."""
    code = segno.make_qr(text, error="m")
    return str(code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff", xmldecl=False))
