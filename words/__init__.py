"""Two languages side by side: each text stands with its translation, so neither can be missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, has_request_context, request, session

from models.data_classes import Words
from models.starting_terms import FORMER_PURPOSES
from models.vocabularies import terms
from policies.work import JAPAN

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
    found: str = SPEAKING[language()]["said"](words)
    return found


def term(vocabulary: str, code: Any) -> str:
    """A vocabulary's term for people; the code itself where the vocabulary no longer has it."""
    found = terms(vocabulary).get(str(code))
    return w(found) if found else str(code)


def purpose_words(code: str) -> str:
    """What a purpose of a disclosure, an export or a print is called; the code itself where it is no longer known."""
    known = {**FORMER_PURPOSES, **terms("use_purpose")}
    return w(known[code]) if code in known else code


def day(moment: Any) -> str:
    """A moment as a local date and time; empty when there is none."""
    return moment.astimezone(JAPAN).isoformat(" ", "minutes")[:16] if isinstance(moment, datetime) else ""


def _in_english(words: Words | str | None) -> str:
    return words if isinstance(words, str) else words[1] if words else ""


def _in_japanese(words: Words | str | None) -> str:
    return words if isinstance(words, str) else words[0] if words else ""


SPEAKING: dict[str, dict[str, Any]] = {
    "en": {"lang": "en", "t": lambda _ja, en: en, "w": _in_english, "said": _in_english},
    "ja": {"lang": "ja", "t": lambda ja, _en: ja, "w": _in_japanese, "said": _in_japanese},
}
"""What a page says its hundreds of words with: whose language it is written in is asked once."""
