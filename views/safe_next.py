"""Where to go on to after a detour: only to a page of our own."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_next(asked: str, otherwise: str = "/admin/") -> str:
    """The asked address when it is a path of this site, the other one when it is anything else."""
    parts = urlsplit(asked)
    own = (
        asked.startswith("/")
        and not asked.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
    )
    return asked if own and "\\" not in asked and asked.isprintable() else otherwise
