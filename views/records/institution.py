"""institution: the screens that its declaration gives, its cards, the limits of its alarms, and the repair of its supervision."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.reading.shown import Row
from gate.refusals import Conflict, NotFound, Refused
from models.institution import INSTITUTION
from oversight.alarm_limits import may_set
from policies.verdict import may
from roles.reattaching import reattach
from roles.supervision import Detached, detached, top_for
from views.records import GuardedView
from views.records.form.card_settings import CardSettingsMixin
from views.requests.current_actor import actor
from words import t, w


class InstitutionView(CardSettingsMixin, GuardedView):
    """An institution's record leads to what belongs to it and stands elsewhere."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found = super()._buttons(row)
        if may(actor(), INSTITUTION.name, "edit", row.institution):
            said = t("入力カードの項目", "Fields of the entry cards")
            found.append((said, url_for("institution.card_view", id=row.id), ""))
        if may_set(actor(), row.institution):
            found.append(
                (
                    t("警告の基準と回数の上限", "Alarms and limits"),
                    url_for("alarm_limits.show", institution=row.id),
                    "",
                )
            )
        return found

    def places(self) -> list[tuple[str, str]]:
        """The way to the repair, where there is something to repair."""
        count = len(detached(actor()))
        said = t(f"監督する課が正しくない館: {count}件", f"Wrongly supervised institutions: {count}")
        return [(said, url_for("institution.repair"))] if count else []

    def begun(self, defaults: dict[str, Any]) -> dict[str, Any]:
        """A new institution stands under the supervisor of the government that makes it."""
        return {**defaults, "supervisor": top_for(actor())} if "supervisor" in defaults else defaults

    @expose("/repair/", methods=("GET", "POST"))
    def repair(self) -> str | Response | tuple[str, int]:
        """The institutions that are wrongly supervised, each with a button that sets it right."""
        if not (verdict := may(actor(), INSTITUTION.name, "edit", actor().institution)):
            raise Refused(verdict)
        if request.method != "POST":
            return _repairs("")
        try:
            reattach(actor(), request.form.get("code", ""))
        except (Conflict, NotFound):
            said = t(
                "ほかの人が先に保存しました。いまの内容を確かめてください。",
                "Somebody saved first; see what stands now.",
            )
            return _repairs(said), 409
        flash(t("監督する課を直しました。", "The supervisor is corrected."), "success")
        return redirect(url_for("institution.repair"))


def _repairs(error: str) -> str:
    found = detached(actor())
    names = {each.code: w(each.name) for each in found}
    return render_template(
        "records/institution_repair.html",
        error=error,
        faults=[(each.code, w(each.name), _fault(each), _remedy(each, names)) for each in found],
        back_url=url_for("institution.index_view"),
    )


def _fault(each: Detached) -> str:
    if each.now == each.code:
        return t("自分自身の下にあります", "It supervises itself")
    if not each.now:
        return t("どの課の下にもなく、だれも閲覧できません", "It has no supervisor, and nobody can see it")
    return t(f"監督する課が「{each.now}」になっています", f"Its supervisor is “{each.now}”")


def _remedy(each: Detached, names: dict[str, str]) -> str:
    if not each.wanted:
        return t("監督する課を空にする", "Clear its supervisor")
    top = names.get(each.wanted) or each.wanted
    return t(f"「{top}」の下に置く", f"Place it under “{top}”")
