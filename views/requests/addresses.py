"""Addresses of our own pages that are asked for with every page: Flask works one out in the time of several cells."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from flask import request, url_for

READABLE = "!$'()*,/:;?@"
"""What may stand unescaped in the question part of an address, as Werkzeug has it."""


def address(endpoint: str, asked: Mapping[str, str] | None = None) -> str:
    """The address of a page that needs nothing in its path, and behind it what is asked of it."""
    place = _place(request.script_root, endpoint)
    return f"{place}?{urlencode(asked, safe=READABLE)}" if asked else place


@lru_cache(1_000)
def _place(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def of_api() -> bool:
    """Whether this request is a program's: then every answer is JSON."""
    return request.path == "/api" or request.path.startswith("/api/")
