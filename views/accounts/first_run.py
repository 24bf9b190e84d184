"""/setup/…: the first-run page of a store without an administrator. Only the token printed at the start opens it."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template, request, session

from gate.refusals import Invalid, NotFound
from roles.first_run import is_open, use_first_run
from roles.setting_up import KINDS, OF_INSTITUTION, OF_USER
from views.accounts.user import link_of
from words import LANGUAGES, day, w

pages = Blueprint("first_run", __name__, url_prefix="/setup")
FIELDS = ("kind", *OF_INSTITUTION, *OF_USER)
Answer = str | tuple[str, int]


@pages.get("/<token>")
def show(token: str) -> Answer:
    """The form. From here on the token travels in it and in no address."""
    g.account = None
    if not is_open(token):
        raise NotFound
    return _form(token, {"kind": next(iter(KINDS)), "login_id": "admin"}, [])


@pages.post("/")
def set_up() -> Answer:
    """Set up what was asked for, and show the administrator's one-time link."""
    g.account = None
    if request.form.get("language") in LANGUAGES:  # the page's own chooser: it brings the token as "next"
        session["language"] = request.form["language"]
        return show(request.form.get("next", ""))
    token, typed = request.form.get("token", ""), {name: request.form.get(name, "") for name in FIELDS}
    try:
        made = use_first_run(token, typed, pepper=current_app.config["PEPPER"])
    except Invalid as error:
        wrong = [(name, w(error.errors[name])) for name in FIELDS if name in error.errors]
        other = [("", w(words)) for name, words in error.errors.items() if name not in FIELDS]
        return _form(token, typed, wrong + other), 400
    return render_template(
        "accounts/first_run_done.html", name=typed["name"], login_id=made.login_id, link=link_of(made.token),
        until=day(made.until),
    )  # fmt: skip


def _form(token: str, typed: dict[str, str], errors: list[tuple[str, str]]) -> str:
    kinds = [(code, w(kind.label)) for code, kind in KINDS.items()]
    return render_template("accounts/first_run.html", token=token, kinds=kinds, typed=typed, errors=errors)
