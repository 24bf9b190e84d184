"""アカウント: its screens, a sheet by which its person chooses a password, and the end of all its sessions."""

from __future__ import annotations

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.loading import load
from gate.refusals import Refused
from gate.resets import start_reset
from gate.second_factor import codes_left
from gate.sessions import end_all, sessions_of
from gate.shown import Row
from models.user import USER
from policies.passwords import SHORTEST, SHORTEST_WITH_CODE
from policies.verdict import may
from views.guarded import GuardedView
from views.second_factor import qr
from views.signin import actor
from views.unlocking import UnlockMixin
from views.words import day, t


class UserView(UnlockMixin, GuardedView):
    """`/reset/` and `/sessions/` beside the generated screens."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found = super()._buttons(row)
        if may(actor(), "user", "edit", row.institution):
            found += [
                (t("パスワードの再設定", "Password reset"), url_for("user.reset_view", id=row.id), "plain"),
                (t("サインイン中の画面", "Sessions"), url_for("user.sessions_view", id=row.id), "plain"),
            ]
        return found

    @expose("/reset/", methods=("GET", "POST"))
    def reset_view(self) -> str:
        """Ask; then make the link and show its sheet once, to print and hand over."""
        row = _editable()
        back, has_factor = url_for("user.details_view", id=row.id), codes_left(row.id) is not None
        if request.method == "GET":
            return render_template("reset_ask.html", noun=USER, row=row, has_factor=has_factor, back_url=back)
        anew = has_factor and bool(request.form.get("factor"))
        token, until = start_reset(
            row.id, by=actor().user, pepper=current_app.config["PEPPER"], without_factor=anew
        )
        link = link_of(token)
        return render_template(
            "reset_slip.html", row=row, link=link, qr=qr(link), until=day(until), factor=anew, back_url=back,
            shortest=SHORTEST_WITH_CODE if has_factor and not anew else SHORTEST,
        )  # fmt: skip

    @expose("/sessions/", methods=("GET", "POST"))
    def sessions_view(self) -> str | Response:
        """Where this account is signed in; a POST ends all of it."""
        row = _editable()
        back = url_for("user.details_view", id=row.id)
        if request.method == "GET":
            limits = g.account.houses[row.institution].limits
            found = sessions_of(row.id, limits)
            return render_template("user_sessions.html", noun=USER, row=row, sessions=found, back_url=back)
        end_all(row.id, by=actor().user, institution=str(row.institution))
        flash(t("すべて終了しました。", "All have ended."), "success")
        return redirect(back)


def _editable() -> Row:
    row = load(actor(), USER, request.args.get("id", ""))
    verdict = may(actor(), "user", "edit", row.institution)
    if not verdict:
        raise Refused(verdict)
    return row


def link_of(token: str) -> str:
    """The address on the sheet: as the deployment says that people type it, else as this browser reached it."""
    declared = current_app.config["SETTINGS"].public_address
    return f"{(declared or request.host_url).rstrip('/')}{url_for('resets.show', token=token)}"


def view() -> UserView:
    """The screens of accounts."""
    return UserView(USER)
