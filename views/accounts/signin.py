"""Coming in and going out. Every page but a short list needs a person who has signed in (default deny)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from accounts.accounts import Account, account
from accounts.lockout import Lock, minutes_until
from accounts.networks import open_to
from accounts.sessions import CODE
from accounts.sign_in.arrivals import count_arrival
from accounts.sign_in.attempt import Outcome, attempt
from audit.events import note
from gate.store.rates import REFUSALS_NOTED, within_rate
from models import vocabularies
from policies.work import JAPAN
from views.accounts.devices import device, remember_device
from views.requests.addresses import of_api
from views.requests.admission import FACTOR, NETWORK, OPEN_TO_ALL, barred
from views.requests.current_actor import actor
from views.requests.safe_next import safe_next, where_they_were
from views.requests.sessions import present
from vocabularies.present import use_terms
from words import t

pages = Blueprint("signin", __name__)
VIEW_AS = "view_as"
API_GUARD = "shuzoko_api_guard"


class SignedIn(UserMixin):
    """Flask-Login's view of an account that has signed in."""

    def __init__(self, found: Account) -> None:
        self.account = found
        self.id = found.actor.user


@pages.route("/login", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    """The sign-in page, and an attempt to sign in."""
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(url_for("admin.index"))
        if not open_to(request.remote_addr or ""):
            return render_template("accounts/elsewhere.html"), 403
        return render_template(
            "accounts/signin.html",
            login_id="",
            error="",
            next=request.args.get("next", ""),
            lost=present().lost,
        )
    login_id, password = request.form.get("login_id", ""), request.form.get("password", "")
    outcome = attempt(
        login_id,
        password,
        pepper=current_app.config["PEPPER"],
        address=request.remote_addr or "",
        device=device(),
    )
    if not current_app.config["SETTINGS"].proxy_hops:
        count_arrival(request.headers.keys())
    if outcome.elsewhere:
        return render_template("accounts/elsewhere.html"), 403
    if outcome.locked:
        return locked_page(outcome)
    found = account(outcome.user, address=request.remote_addr or "") if outcome.user else None
    if found is None:
        said = t(
            "ログインIDかパスワードが違うか、いまこの場所からは使えないアカウントです。確かめて、もう一度入力してください。"
            "正しいはずなのに続くときは、館のシステム管理者へお尋ねください。",
            "The login id or password is not right, or the account may not be used from this place now. Check them and try "
            "again; if you are sure that they are right, ask your institution's administrator.",
        )
        page = render_template(
            "accounts/signin.html", login_id=login_id[:80], error=said, next=request.form.get("next", "")
        )
        return page, 401
    if outcome.code_wanted:
        present().begin(outcome.user, outcome.stamp, found.house.limits, stage=CODE)
        session["next"] = safe_next(request.form.get("next", ""), "")[:2000]
        return redirect(url_for("signin_code.show"))
    return let_in(found, outcome, request.form.get("next", ""))


def let_in(found: Account, outcome: Outcome, asked: str) -> Response:
    """All that was asked for was right: a session of the account begins, and its person goes on to where they were."""
    present().begin(outcome.user, outcome.stamp, found.house.limits)
    remember_device(outcome.user, outcome.stamp)
    if found.work:
        note(
            "work_begun",
            actor=found.actor.user,
            institution=found.actor.institution,
            noun="work_request",
            detail=found.work,
        )
    login_user(SignedIn(found))
    if outcome.last_lock:
        flash(_lockout_notice(outcome.last_lock), "notice")
    return redirect(safe_next(asked, url_for("admin.index")))


def locked_page(outcome: Outcome) -> tuple[str, int]:
    """What somebody is told whose attempts are spent."""
    return render_template("accounts/locked.html", minutes=minutes_until(outcome.until)), 429


def go_on() -> None:
    """All sessions of this account have ended, by its own person's act: this browser goes on, under a new id."""
    found = account(actor().user, address=request.remote_addr or "")
    if found:
        present().begin(found.actor.user, found.stamp, found.house.limits)
        remember_device(found.actor.user, found.stamp)
        login_user(SignedIn(found))


@pages.post("/logout")
def logout() -> Response:
    """Sign out and forget the session."""
    if g.get("account") is not None:
        note("signed_out", actor=actor().user, institution=actor().institution)
    logout_user()
    present().end()
    flash(t("サインアウトしました。", "You have signed out."), "success")
    return redirect(url_for("signin.login"))


def _load(user: str) -> SignedIn | None:
    here = present()
    # guard: code-stage
    # guard: session-stage
    if here.stored is None or here.stored.stage or here.stored.user != user:
        return None
    identity, here.identity = here.identity, None
    found = account(user, session.get(VIEW_AS, ""), request.remote_addr or "", identity)
    # guard: session-over
    # guard: session-stamp
    if found is None or found.stamp != here.stored.stamp or here.stored.over(found.house.limits):
        here.lost = True
        return None
    here.limits = found.house.limits
    return SignedIn(found)


def _lockout_notice(lock: Lock) -> str:
    """Tell the person, at the next sign-in, when and why their account was locked."""
    at = lock.at.astimezone(JAPAN)
    return t(
        f"このアカウントは{at:%Y年%m月%d日 %H:%M}に、{lock.wrong}回の誤った入力のためロックされました。"
        "お心当たりがないときは、システム管理者へ知らせてください。",
        f"This account was locked on {at:%Y-%m-%d at %H:%M} after {lock.wrong} wrong attempts. If they were not yours, "
        "tell your administrator.",
    )


def _admitted(found: Account) -> Any:
    """Let an account act for this request, if nothing bars it."""
    address, bar = request.remote_addr or "", barred(found)
    if bar != NETWORK:
        g.account = found.coming_from(address, device(), session.get("language", ""))
        use_terms(found.houses, found.house.code)
        return redirect(url_for("second_factor.show")) if bar == FACTOR else None
    if within_rate(f"network_refused {found.actor.user}", REFUSALS_NOTED):
        note("network_refused", actor=found.actor.user, institution=found.actor.institution, detail=address)
    logout_user()
    present().end()
    return render_template("accounts/elsewhere.html"), 403


def _guard() -> Any:
    """Before every request: who is it? Nobody gets no further than the sign-in page."""
    g.account = None
    vocabularies.use(None)  # whoever this thread served before
    if request.endpoint == "static" or request.blueprint == "health":
        return None
    if of_api():
        # A token is asked for; a session's cookie counts for nothing.
        # guard: api-bearer
        return current_app.extensions[API_GUARD]()
    if current_user.is_authenticated:
        return _admitted(current_user.account)
    if request.endpoint in OPEN_TO_ALL:
        return None
    # guard: door
    return redirect(url_for("signin.login", next=where_they_were()))


def register(app: Flask, api_guard: Callable[[], Response | None]) -> None:
    """Flask-Login, and the guard before every request. `api_guard` stands before those of the API."""
    app.extensions[API_GUARD] = api_guard
    manager = LoginManager(app)
    manager.session_protection = (
        None  # the store knows the session; an address may change in the middle of it
    )
    manager.user_loader(_load)
    app.before_request(_guard)
    app.register_blueprint(pages)
