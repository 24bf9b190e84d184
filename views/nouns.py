"""Registers every noun's screens with Flask-Admin: generated ones (items, media, donors, patrons …), or a noun's own."""

from __future__ import annotations

from flask_admin import Admin

from models.registry import NOUNS
from views.accounts.user import UserView
from views.progress.plan import PlanView
from views.records import GuardedView
from views.records.handler import HandlerView
from views.records.institution import InstitutionView
from views.roles.role import RoleView
from views.workflows.acting import ActedView
from views.workflows.work_request import WorkRequestView
from workflows.engine.registry import workflows_of

OWN_SCREENS: dict[str, type[GuardedView]] = {
    "handler": HandlerView,
    "institution": InstitutionView,
    "plan": PlanView,
    "role": RoleView,
    "user": UserView,
    "work_request": WorkRequestView,
}
"""Nouns with screens beside the generated ones."""


def add_noun_views(admin: Admin) -> None:
    """Add one view for each noun of the registry, in the order of the menu."""
    for noun in NOUNS.values():
        generated = ActedView if any(each.on_card for each in workflows_of(noun.name)) else GuardedView
        admin.add_view(OWN_SCREENS.get(noun.name, generated)(noun))
