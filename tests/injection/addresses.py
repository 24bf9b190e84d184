"""Every address of the application, and the names that it may read from a form, an address or JSON."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from models.registry import NOUNS

NAMES = (
    "id", "q", "query", "sort", "desc", "after", "before", "institution", "field", "purpose", "reason", "revision", "rowid",
    "action", "login_id", "password", "next", "language", "role", "since", "until", "account", "noun", "subject", "kind",
    "page", "version", "act", "name", "days", "token", "code", "of", "f.title", "f.name", "f.created_by", "f.rank", "f.title.empty",
    "f.accession_number", "_fields", "_next", "title", "value", "current", "fresh", "again", "session", "limit",
)  # fmt: skip
SKIPPED = frozenset({"static", "admin.static", "signin.logout"})


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, address, method) of every rule; places in an address are filled with a noun and a word."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.endpoint in SKIPPED:
            continue
        path = str(rule)
        for argument in rule.arguments:
            filled = "item" if argument == "noun" else "zz"
            for shape in (f"<{argument}>", f"<path:{argument}>", f"<string:{argument}>", f"<int:{argument}>"):
                path = path.replace(shape, filled)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, path, method


def noun_of(path: str) -> str:
    """The noun whose address this is; empty for the others."""
    parts = path.split("/")
    return parts[2] if len(parts) > 3 and parts[2] in NOUNS else ""
