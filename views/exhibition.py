"""exhibition: the screens that its declaration gives."""

from __future__ import annotations

from models.exhibition import EXHIBITION
from views.guarded import GuardedView


def view() -> GuardedView:
    """The screens of this noun."""
    return GuardedView(EXHIBITION)
