"""Styles and scripts under addresses that hold the hash of them all: a browser keeps them and asks again for none.

A page asks for some thirty; asked whether each is still the same, they took longer than the page. A page that stayed open
over an upgrade still finds its scripts, under their old address and not to be kept.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response

STAMP = re.compile(r"v[0-9a-f]{12}")
YEAR = 365 * 24 * 60 * 60
KEY = "ASSETS_STAMP"


def register(app: Flask) -> None:
    """Serve assets by stamped addresses; a developer's own browser asks each time."""
    stamp = "" if app.debug else _stamp(Path(app.static_folder or ""))
    app.config[KEY] = f"{stamp}/" if stamp else ""
    plain = app.send_static_file

    def send_static_file(filename: str) -> Response:
        first, _, rest = filename.partition("/")
        if not STAMP.fullmatch(first):
            return plain(filename)
        answer = plain(rest)
        if first == stamp:
            answer.cache_control.no_cache = None
            answer.cache_control.public, answer.cache_control.immutable = True, True
            answer.cache_control.max_age = YEAR
        return answer

    app.send_static_file = send_static_file  # type: ignore[method-assign] # Flask's rule calls it by name


def _stamp(folder: Path) -> str:
    """A hash of all assets, their names among it."""
    found = blake2b(digest_size=6)
    for each in sorted(folder.rglob("*")):
        if each.is_file():
            found.update(f"{each.relative_to(folder)}\0".encode() + each.read_bytes())
    return f"v{found.hexdigest()}"
