"""What every page is written with: words in the reader's language, the form's token, addresses of our own assets."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from flask import Flask, current_app, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from gate.refusals import BadQuestion
from policies.work import JAPAN, MINUTE
from views.requests import assets
from words import SPEAKING, day, kept_for_request, language, said, t, term, w


def moment(text: str) -> datetime | None:
    """A minute of Japan as the forms give it; None where nothing was given."""
    if not text:
        return None
    try:
        return datetime.strptime(text, MINUTE).replace(tzinfo=JAPAN).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadQuestion((
            "日時は「2026-04-01T09:00」の形で入力してください。", "Write times as 2026-04-01T09:00.",
        )) from error  # fmt: skip


def csrf() -> Markup:
    """The hidden input that every form carries."""
    kept = kept_for_request()
    if "csrf_input" not in kept:
        secret = session.get("csrf_token")
        token = _signed(secret) if secret else generate_csrf()
        kept["csrf_input"] = Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)
    found: Markup = kept["csrf_input"]
    return found


@lru_cache(1_000)
def _signed(_secret: str) -> str:
    """A session's token holds as long as the session: it is signed once, not for every page."""
    return str(generate_csrf())


def static_url(path: str) -> str:
    """The address of one of our own assets."""
    kept = kept_for_request()
    if "static" not in kept:
        stamp = current_app.config[assets.KEY]
        kept["static"] = f"{request.script_root}{current_app.static_url_path}/{stamp}"
    return f"{kept['static']}{path}"


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals.update(t=t, w=w, said=said, term=term, day=day, csrf=csrf, static_url=static_url)
    app.context_processor(lambda: SPEAKING[language()])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
