"""アカウント: its screens, and a first password that its person is to change.

An administrator starts a password and never chooses one: it is made here, shown once, and kept only as a hash.
"""

from __future__ import annotations

import secrets

from flask import current_app, render_template, request, url_for
from flask_admin import expose

from gate.loading import load
from gate.passwords import set_password
from gate.refusals import Refused
from gate.shown import Row
from models.user import USER
from policies.verdict import may
from views.guarded import GuardedView
from views.signin import actor
from views.unlocking import UnlockMixin
from views.words import t

# No 0/O, 1/l/I: the slip is read from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class UserView(UnlockMixin, GuardedView):
    """`/password/` beside the generated screens."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found = super()._buttons(row)
        if may(actor(), "user", "edit", row.institution):
            found.append(
                (t("パスワードの再発行", "New password"), url_for("user.password_view", id=row.id), "plain")
            )
        return found

    @expose("/password/", methods=("GET", "POST"))
    def password_view(self) -> str:
        """Ask; then make a new password and show it once, to print and hand over."""
        row = load(actor(), USER, request.args.get("id", ""))
        verdict = may(actor(), "user", "edit", row.institution)
        if not verdict:
            raise Refused(verdict)
        fresh = ""
        if request.method == "POST":
            fresh = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
            set_password(row.id, fresh, pepper=current_app.config["PEPPER"], by=actor().user)
        back = url_for("user.details_view", id=row.id)
        return render_template("password_slip.html", noun=USER, row=row, password=fresh, back_url=back)


def view() -> UserView:
    """The screens of accounts."""
    return UserView(USER)
