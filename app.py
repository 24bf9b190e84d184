"""The application: wiring and nothing else."""

from __future__ import annotations

import click
import mongoengine
from dotenv import load_dotenv
from flask import Flask
from pymongo.errors import InvalidURI
from pymongo.uri_parser import parse_uri
from werkzeug.middleware.proxy_fix import ProxyFix

import commands
import views
from accounts.sign_in import hashing
from commands import opening
from engine import find
from gate.fields.kinds import check_kinds
from models.registry import NOUNS
from operations.declared_workflows import register_workflows
from roles.behaviours import register_behaviours
from settings import environment

load_dotenv(environment.PROJECT / ".env")


def create_app(settings: environment.Settings | None = None) -> Flask:
    """The WSGI application. It connects lazily, so every worker process makes its own connections.

    Served, it begins with the store and its keys opened; a command opens them when it runs (commands.opening), so that
    `--help` and doctor start nothing.
    """
    check_kinds(NOUNS.values())
    try:
        found = settings or environment.read()
        uri = found.mongodb_uri or find(found.var).uri
        database = parse_uri(uri)["database"] or found.database
    except environment.SettingsError as error:
        opening.refuse(error.words)
    except InvalidURI:
        opening.refuse(environment.NO_ADDRESS)
    app = Flask(__name__, static_folder="views/static", static_url_path="/static")
    app.config.update(
        SETTINGS=found,
        MAX_CONTENT_LENGTH=40 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        # The prefix binds it to this host, and browsers take it over TLS alone.
        # guard: host-cookie
        SESSION_COOKIE_NAME="__Host-shuzoko" if found.cookies_secure else "shuzoko",
        # guard: httponly
        SESSION_COOKIE_HTTPONLY=True,
        # guard: samesite
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=found.cookies_secure,
        # A cataloguer may keep a form open all day: the token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=found.cookies_secure,
    )
    hashing.keep_slots_in(found.var / "turns")
    mongoengine.connect(
        database,
        host=uri,
        alias="default",
        connect=False,
        tz_aware=True,
        uuidRepresentation="standard",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=10_000,
        socketTimeoutMS=found.store_seconds * 1_000,
        waitQueueTimeoutMS=5_000,
    )
    # guard: proxy
    if found.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=found.proxy_hops, x_proto=found.proxy_hops)  # type: ignore[method-assign]
    register_behaviours()
    register_workflows()
    views.register(app)
    commands.register(app)
    if click.get_current_context(silent=True) is None:
        opening.open_to_serve(app)
    else:
        opening.open_at_first_request(app)  # flask run; any other command opens before it begins
    return app


if __name__ == "__main__":
    # `python -m app` serves as `make run` does.
    from engine.supervise import main

    main()
