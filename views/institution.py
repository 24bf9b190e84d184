"""institution: the screens that its declaration gives."""

from __future__ import annotations

from models.institution import INSTITUTION
from views.guarded import GuardedView


def view() -> GuardedView:
    """The screens of this noun."""
    return GuardedView(INSTITUTION)
