"""Where to go on to after a detour: only to a page of our own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def safe_next(asked: str, otherwise: str = "/admin/") -> str:
    """The asked address when it is a path of this site, the other one when it is anything else."""
    parts = urlsplit(asked)
    own = (
        asked.startswith("/")
        # guard: next
        and not asked.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
    )
    return asked if own and "\\" not in asked and asked.isprintable() else otherwise


def where_they_were() -> str | None:
    """The page to come back to after signing in: the asked one, or the one whose form was sent."""
    if request.method != "POST":
        return request.full_path.rstrip("?")
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}".rstrip("?")
