"""アカウント: its screens, a sheet by which its person chooses a password, and the end of all its sessions."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from accounts.approving import waiting
from accounts.sign_in import unlocking
from accounts.sign_in.resets import awaits_approval, permit_reset, start_reset
from accounts.sign_in.second_factor import codes_left
from gate.reading.loading import load
from gate.reading.shown import Row
from models.user import USER
from policies.passwords import SHORTEST, SHORTEST_WITH_CODE
from policies.verdict import may
from views.accounts.second_factor import qr
from views.accounts.unlocking import UnlockMixin
from views.records import GuardedView
from views.requests.current_actor import actor
from words import day, t


class UserView(UnlockMixin, GuardedView):
    """`/reset/` and `/sessions/` beside the generated screens."""

    detail_template = "accounts/user.html"

    def _more(self, row: Row) -> dict[str, Any]:
        operates = may(actor(), "user", "edit", row.institution)
        return {"without_password": bool(operates) and not unlocking.has_password(actor(), row.id)}

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found = super()._buttons(row)
        if any(each.user == row.id for each in waiting(actor())):
            found.append(
                (t("承認待ち", "Waiting for approval"), url_for("account_approvals.show"), "primary")
            )
        if may(actor(), "user", "edit", row.institution):
            if row.id != actor().user:
                reset = url_for("user.reset_view", id=row.id)
                found.append((t("パスワードの再設定", "Password reset"), reset, "plain"))
            found.append(
                (
                    t("サインインとトークン", "Sessions and tokens"),
                    url_for("user.sessions_view", id=row.id),
                    "plain",
                )
            )
        return found

    @expose("/reset/", methods=("GET", "POST"))
    def reset_view(self) -> str:
        """Ask; then make the link and show its sheet once, to print and hand over."""
        id_ = request.args.get("id", "")
        permit_reset(actor(), id_)
        row = load(actor(), USER, id_)
        back, has_factor = url_for("user.details_view", id=id_), codes_left(id_) is not None
        if request.method != "POST":
            return render_template(
                "accounts/reset_ask.html", noun=USER, row=row, has_factor=has_factor, back_url=back
            )
        anew = has_factor and bool(request.form.get("factor"))
        token, until = start_reset(actor(), id_, pepper=current_app.config["PEPPER"], without_factor=anew)
        link = link_of(token)
        return render_template(
            "accounts/reset_slip.html", row=row, link=link, awaits=awaits_approval(token, pepper=current_app.config["PEPPER"]), qr=qr(link), until=day(until), factor=anew, back_url=back,
            shortest=SHORTEST_WITH_CODE if has_factor and not anew else SHORTEST,
        )  # fmt: skip

    @expose("/sessions/", methods=("GET", "POST"))
    def sessions_view(self) -> str | Response:
        """Where this account is signed in, and its tokens; a POST ends all of it, or the one token that it names."""
        id_ = request.args.get("id", "")
        back = url_for("user.details_view", id=id_)
        if request.method != "POST":
            row = load(actor(), USER, id_)
            found = unlocking.sessions(actor(), id_, g.account.houses[row.institution].limits)
            held = unlocking.tokens(actor(), id_)
            return render_template(
                "accounts/user_sessions.html", noun=USER, row=row, sessions=found, tokens=held, back_url=back
            )
        if token := request.form.get("token", ""):
            unlocking.end_token(actor(), id_, token)
            flash(t("トークンを取り消しました。", "The token is revoked."), "success")
            return redirect(request.full_path)
        unlocking.end_sessions(actor(), id_)
        flash(t("すべて終了しました。", "All have ended."), "success")
        return redirect(back)


def link_of(token: str) -> str:
    """The address on the sheet: as the deployment says that people type it, else where this server listens. What the
    browser sent for a name is not asked."""
    return f"{current_app.config['SETTINGS'].own_address}{url_for('resets.show', token=token)}"
