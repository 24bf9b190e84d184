"""The screens, in rooms that mirror the floors below them: wiring of pages, and the guards that stand before all of them."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader, PrefixLoader

from views import imports
from views.accounts import (
    account,
    approvals,
    first_run,
    language,
    locked,
    my_sessions,
    resets,
    second_factor,
    signin,
    signin_code,
    tokens,
    view_as,
)
from views.api import records as api_records
from views.api.bearer import guard
from views.api.problems import problem
from views.help import pages as guide
from views.home import home, security_txt, start
from views.nouns import add_noun_views
from views.oversight import alarm_limits, audit, packs
from views.progress import board, plan_board, report
from views.records.form import form_fields, kept_files
from views.requests import assets, busy, errors, headers, health, hosts, limits, sessions
from views.settings import PAGES as SETTINGS
from views.shared import cells, frame, icons, page_words
from views.workflows import content_check, work_board

ROOMS = Path(__file__).parent


def rooms() -> list[str]:
    """The rooms that have templates: `list.html` of `records` is rendered as `records/list.html`."""
    return sorted(each.parent.name for each in ROOMS.glob("*/templates"))


def register(app: Flask) -> None:
    """Put every screen on the application, and the guards that stand before all of them."""
    hosts.register(app)
    health.register(app)
    app.jinja_loader = PrefixLoader({room: FileSystemLoader(ROOMS / room / "templates") for room in rooms()})
    assets.register(app)
    limits.register(app)
    sessions.register(app)
    # The API takes no cookie, so no page elsewhere can make a browser ask it anything.
    # guard: csrf-protect
    CSRFProtect(app).exempt(api_records.pages)
    page_words.register(app)
    cells.register(app)
    icons.register(app)
    frame.register(app)
    headers.register(app)
    errors.register(app, problem)
    busy.register(app)
    signin.register(app, guard)
    for blueprint in (
        start.pages,
        security_txt.pages,
        first_run.pages,
        account.pages,
        approvals.pages,
        locked.pages,
        audit.pages,
        packs.pages,
        alarm_limits.pages,
        language.pages,
        imports.pages,
        health.pages,
        view_as.pages,
        tokens.pages,
        work_board.pages,
        board.pages,
        content_check.pages,
        plan_board.pages,
        report.pages,
        my_sessions.pages,
        second_factor.pages,
        signin_code.pages,
        resets.pages,
        guide.pages,
        *SETTINGS,
        api_records.pages,
    ):
        app.register_blueprint(blueprint)
    # Flask-Admin keeps the registry and the addresses; its own templates and their theme are never rendered.
    admin = Admin(app, name="収蔵庫", url="/admin", index_view=home.HomeView(), theme=Bootstrap4Theme())
    add_noun_views(admin)
    kept_files.register(app)
    form_fields.check_controls(app)  # last: a template read once keeps the globals of that time
