"""On an account's record: that it is locked, until when, and the button that lifts the lock."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from accounts.lockout import minutes_until
from accounts.sign_in.unlocking import held_up, lock_of, release, unlock
from gate.reading.loading import load
from gate.reading.shown import Row
from gate.refusals import Invalid
from models.user import USER
from policies.verdict import may
from views.requests.current_actor import actor
from words import t, w


class UnlockMixin:
    """`/unlock/` beside an account's generated screens."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = super()._buttons(row)  # type: ignore[misc]  # GuardedView's
        if may(actor(), "user", "edit", row.institution):
            address = url_for("user.unlock_view", id=row.id)
            if lock_of(actor(), row.id, pepper=_pepper()):
                found.append((t("ロックを解く", "Unlock"), address, "primary"))
            else:
                weight = "primary" if held_up(actor(), row.id, pepper=_pepper()) else "plain"
                found.append((t("接続元のロック", "Address lock"), address, weight))
        return found

    @expose("/unlock/", methods=("GET", "POST"))
    def unlock_view(self) -> str | Response | tuple[str, int]:
        """Say how things stand, and ask; then lift the lock of the account, or of the address that was typed."""
        id_ = request.args.get("id", "")
        until = lock_of(actor(), id_, pepper=_pepper())
        back = url_for("user.details_view", id=id_)
        typed = request.form.get("address")

        def page(error: str = "") -> str:
            minutes = minutes_until(until) if until else 0
            row, address = load(actor(), USER, id_), actor().address if typed is None else typed[:60]
            return render_template(
                "accounts/unlock.html", row=row, minutes=minutes, back_url=back, address=address, error=error,
                held=held_up(actor(), id_, pepper=_pepper()),
            )  # fmt: skip

        if request.method != "POST":
            return page()
        if typed is not None:
            try:
                held = release(actor(), id_, typed, pepper=_pepper())
            except Invalid as error:
                return page(w(error.errors["address"])), 400
            flash(_released(typed, held), "success")
            return redirect(back)
        unlock(actor(), id_, pepper=_pepper())
        flash(
            t("ロックを解きました。すぐにサインインできます。", "Unlocked; they can sign in at once."),
            "success",
        )
        return redirect(back)


def _released(address: str, held: bool) -> str:
    if held:
        return t(f"{address} からのサインインを再開しました。", f"{address} may sign in again.")
    return t(f"{address} は止められていません。", f"{address} was not locked.")


def _pepper() -> Any:
    return current_app.config["PEPPER"]
