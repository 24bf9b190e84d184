"""The screens of every noun, in the order of the menu. Made anew for each application."""

from __future__ import annotations

from collections.abc import Callable

from views import (
    book,
    donor,
    exhibition,
    handler,
    institution,
    item,
    loan,
    media,
    patron,
    plan,
    role,
    takeout,
    training,
    user,
    work_request,
)
from views.guarded import GuardedView

VIEWS: tuple[Callable[[], GuardedView], ...] = tuple(
    each.view
    for each in (
        item,
        media,
        donor,
        loan,
        exhibition,
        patron,
        book,
        handler,
        training,
        takeout,
        work_request,
        plan,
        user,
        role,
        institution,
    )
)
