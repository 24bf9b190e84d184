"""The screens: one short file per noun over views/guarded, and the pages around them."""

from __future__ import annotations

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_wtf import CSRFProtect

from views import (
    account,
    alarm_limits,
    audit,
    busy,
    cells,
    errors,
    first_run,
    frame,
    headers,
    health,
    home,
    hosts,
    icons,
    language,
    limits,
    migration,
    my_sessions,
    packs,
    page_words,
    periods,
    progress,
    progress_check,
    progress_plan,
    progress_report,
    resets,
    second_factor,
    sessions,
    signin,
    signin_code,
    start,
    tokens,
    trying_on,
    work_desk,
)
from views.api import records
from views.api.bearer import guard
from views.api.problems import problem
from views.nouns import VIEWS


def register(app: Flask) -> None:
    """Put every screen on the application, and the guards that stand before all of them."""
    hosts.register(app)
    health.register(app)
    limits.register(app)
    sessions.register(app)
    # The API takes no cookie, so no page elsewhere can make a browser ask it anything.
    CSRFProtect(app).exempt(records.pages)
    page_words.register(app)
    cells.register(app)
    icons.register(app)
    periods.register(app)
    frame.register(app)
    headers.register(app)
    errors.register(app, problem)
    busy.register(app)
    signin.register(app, guard)
    for blueprint in (
        start.pages,
        first_run.pages,
        account.pages,
        audit.pages,
        packs.pages,
        alarm_limits.pages,
        language.pages,
        migration.pages,
        health.pages,
        trying_on.pages,
        tokens.pages,
        work_desk.pages,
        progress.pages,
        progress_check.pages,
        progress_plan.pages,
        progress_report.pages,
        my_sessions.pages,
        second_factor.pages,
        signin_code.pages,
        resets.pages,
        records.pages,
    ):
        app.register_blueprint(blueprint)
    # Flask-Admin keeps the registry and the addresses; its own templates and their theme are never rendered.
    admin = Admin(app, name="収蔵庫", url="/admin", index_view=home.HomeView(), theme=Bootstrap4Theme())
    for view in VIEWS:
        admin.add_view(view())
