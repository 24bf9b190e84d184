"""takeout: the screens that its declaration gives."""

from __future__ import annotations

from models.takeout import TAKEOUT
from views.guarded import GuardedView


def view() -> GuardedView:
    """The screens of this noun."""
    return GuardedView(TAKEOUT)
