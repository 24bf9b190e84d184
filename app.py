"""The application: wiring and nothing else."""

from __future__ import annotations

import mongoengine
from dotenv import load_dotenv
from flask import Flask
from pymongo.uri_parser import parse_uri
from werkzeug.middleware.proxy_fix import ProxyFix

import commands
import views
from engine import start
from gate import hashing
from gate.passwords import Pepper
from gate.role_behaviours import register_behaviours
from settings import environment, keys

load_dotenv(environment.PROJECT / ".env")


def create_app(settings: environment.Settings | None = None) -> Flask:
    """The WSGI application. It connects lazily, so every worker process makes its own connections."""
    found = settings or environment.read()
    app = Flask(
        __name__, template_folder="views/templates", static_folder="views/static", static_url_path="/static"
    )
    app.config.update(
        SETTINGS=found,
        SECRET_KEY=found.secret_key or keys.key(found.var, "secret_key").decode(),
        PEPPER=Pepper.of(keys.key(found.var, "pepper"), keys.later(found.var, "pepper")),
        FACTOR_KEY=bytes.fromhex(keys.key(found.var, "second_factor").decode()),
        MAX_CONTENT_LENGTH=40 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        # The prefix binds it to this host, and browsers take it over TLS alone.
        SESSION_COOKIE_NAME="__Host-shuzoko" if found.cookies_secure else "shuzoko",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=found.cookies_secure,
        # A cataloguer may keep a form open all day: the token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=found.cookies_secure,
    )
    hashing.keep_turns_in(found.var / "turns")
    uri = found.mongodb_uri or start(found.var).uri
    mongoengine.connect(
        parse_uri(uri)["database"] or found.database,
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
    if found.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=found.proxy_hops, x_proto=found.proxy_hops)  # type: ignore[method-assign]
    register_behaviours()
    views.register(app)
    commands.register(app)
    return app
