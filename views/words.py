"""Two languages side by side: each text stands with its translation, so neither can be missing."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from gate.refusals import BadQuestion
from models.data_classes import Words
from models.vocabularies import terms
from policies.work import JAPAN, MINUTE

LANGUAGES = ("ja", "en")


def language() -> str:
    """The reader's language: chosen, or the account's, or what the browser prefers, Japanese first."""
    if not has_request_context():
        return "ja"
    kept = kept_for_request()
    if "language" not in kept:
        kept["language"] = _language()
    found: str = kept["language"]
    return found


def kept_for_request() -> dict[str, Any]:
    """What `g` holds. Asked for with every word of a page, it is handed over without the detour by Flask's stand-in."""
    found: dict[str, Any] = vars(g._get_current_object())
    return found


def _language() -> str:
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    account = g.get("account")
    if account is not None and account.language in LANGUAGES:
        return str(account.language)
    return request.accept_languages.best_match(LANGUAGES) or "ja"


def w(words: Words) -> str:
    """A text in the reader's language."""
    return words[1] if language() == "en" else words[0]


def t(ja: str, en: str) -> str:
    """A text written in place, in the reader's language."""
    return en if language() == "en" else ja


def said(words: Words | str | None) -> str:
    """A label in the reader's language, whether it arrives as (ja, en) or already said."""
    found: str = _SPEAKING[language()]["said"](words)
    return found


def term(vocabulary: str, code: Any) -> str:
    """A vocabulary's term for people; the code itself where the vocabulary no longer has it."""
    found = terms(vocabulary).get(str(code))
    return w(found) if found else str(code)


def day(moment: Any) -> str:
    """A moment as a local date and time; empty when there is none."""
    return moment.astimezone(JAPAN).isoformat(" ", "minutes")[:16] if isinstance(moment, datetime) else ""


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


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


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
        kept["static"] = f"{request.script_root}{current_app.static_url_path}/"
    return f"{kept['static']}{path}"


def _in_english(words: Words | str | None) -> str:
    return words if isinstance(words, str) else words[1] if words else ""


def _in_japanese(words: Words | str | None) -> str:
    return words if isinstance(words, str) else words[0] if words else ""


_SPEAKING: dict[str, dict[str, Any]] = {
    "en": {"lang": "en", "t": lambda _ja, en: en, "w": _in_english, "said": _in_english},
    "ja": {"lang": "ja", "t": lambda ja, _en: ja, "w": _in_japanese, "said": _in_japanese},
}
"""What a page says its hundreds of words with: whose language it is written in is asked once."""


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals.update(t=t, w=w, said=said, term=term, day=day, csrf=csrf, static_url=static_url)
    app.context_processor(lambda: _SPEAKING[language()])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
