"""training: the screens that its declaration gives."""

from __future__ import annotations

from models.training import TRAINING
from views.guarded import GuardedView


def view() -> GuardedView:
    """The screens of this noun."""
    return GuardedView(TRAINING)
