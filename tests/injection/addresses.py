"""Every address of the application, and the names that it may read from a form, an address or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from models.registry import NOUNS

VIEWS = Path("views")
READ = re.compile(
    r'\b(?:request\.\w+|args|form|asked|values|found|given)(?:\.get(?:list)?\(|\[)\s*"([\w.]+)"'
)
"""What a view reads by name."""
OFFERED = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([\w.]+)"')
"""What a page's form sends."""
MADE = (
    "q", "query", "of", "kind", "limit", "title", "f.title", "f.name", "f.created_by", "f.rank", "f.title.empty", "f.title.any",
    "f.accession_number", "f.begins_at.from", "dimensions.0.id", "period.text", "keep.title", "word.title", "column.1", "note", "comment",
)  # fmt: skip
"""Names that a view puts together, one of each form."""
NAMES = tuple(
    sorted(
        {name for each in VIEWS.rglob("*.py") for name in READ.findall(each.read_text())}
        | {name for each in VIEWS.rglob("*.html") for name in OFFERED.findall(each.read_text())}
        | set(MADE)
    )
)
SKIPPED = frozenset({"static", "signin.logout"})


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
