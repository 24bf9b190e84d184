"""institution: the screens that its declaration gives, and the way to the limits of its alarms."""

from __future__ import annotations

from flask import url_for

from gate.alarm_limits import may_set
from gate.shown import Row
from models.institution import INSTITUTION
from views.current_actor import actor
from views.guarded import GuardedView
from views.words import t


class InstitutionView(GuardedView):
    """An institution's record leads to what belongs to it and stands elsewhere."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found = super()._buttons(row)
        if may_set(actor(), row.institution):
            found.append(
                (
                    t("警告の基準と回数の上限", "Alarms and limits"),
                    url_for("alarm_limits.show", institution=row.id),
                    "",
                )
            )
        return found


def view() -> GuardedView:
    """The screens of this noun."""
    return InstitutionView(INSTITUTION)
