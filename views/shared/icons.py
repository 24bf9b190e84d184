"""Our own signs, from the one sprite file; decorative, the word always stands beside it."""

from __future__ import annotations

from html import escape

from flask import Flask
from markupsafe import Markup

from views.shared.page_words import static_url


def icon(name: str) -> Markup:
    """The sign of that name."""
    return _sign(static_url("icons.svg"), name)


def _sign(sprite: str, name: str) -> Markup:
    use = f'<use href="{escape(sprite)}#{escape(name)}"/>'
    return Markup(f'<svg class="icon" aria-hidden="true" focusable="false">{use}</svg>')  # noqa: S704 - escaped above


def register(app: Flask) -> None:
    """Give the templates these signs."""
    app.jinja_env.globals.update(icon=icon)
