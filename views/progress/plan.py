"""plan: the screens that its declaration gives, and the way to the board that it is measured on."""

from __future__ import annotations

from flask import url_for

from views.records import GuardedView
from words import t


class PlanView(GuardedView):
    """Generated, and one place more."""

    def places(self) -> list[tuple[str, str]]:
        """Where plan and actual stand beside each other."""
        return [(t("計画と実績", "Plan and actual"), url_for("progress_plan.show"))]
