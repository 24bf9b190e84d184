"""On an account's record: that it is locked, until when, and the button that lifts the lock."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.loading import load
from gate.lockout import minutes_until
from gate.shown import Row
from gate.unlocking import lock_of, unlock
from models.user import USER
from policies.verdict import may
from views.current_actor import actor
from views.words import t


class UnlockMixin:
    """`/unlock/` beside an account's generated screens."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = super()._buttons(row)  # type: ignore[misc]  # GuardedView's
        if may(actor(), "user", "edit", row.institution) and lock_of(actor(), row.id, pepper=_pepper()):
            found.append((t("ロックを解く", "Unlock"), url_for("user.unlock_view", id=row.id), "primary"))
        return found

    @expose("/unlock/", methods=("GET", "POST"))
    def unlock_view(self) -> str | Response:
        """Say how things stand, and ask; then lift the lock."""
        id_ = request.args.get("id", "")
        until = lock_of(actor(), id_, pepper=_pepper())
        back = url_for("user.details_view", id=id_)
        if request.method == "GET":
            row = load(actor(), USER, id_)
            minutes = minutes_until(until) if until else 0
            return render_template("unlock.html", row=row, minutes=minutes, back_url=back)
        unlock(actor(), id_, pepper=_pepper())
        flash(
            t("ロックを解きました。すぐにサインインできます。", "Unlocked; they can sign in at once."),
            "success",
        )
        return redirect(back)


def _pepper() -> Any:
    return current_app.config["PEPPER"]
