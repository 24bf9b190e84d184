"""What leaves as a file or on paper, and its entry in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from audit.events import note
from gate.store.hourly_limits import spend
from views.requests.current_actor import actor


def take_turn(kind: str, noun: str) -> None:
    """Take the turn of an `export` or a `print`, before anything of it is read.

    Raises:
        TooMany: the hour's are spent.
    """
    spend(actor(), kind, noun)


def left(kind: str, noun: str, detail: str) -> None:
    """Note that something left, by whom and of what: `kind` is exported or printed; `detail` names no value."""
    note(kind, actor=actor().user, institution=actor().institution, noun=noun, detail=detail)


def attached(data: str | bytes | Iterable[str] | Iterable[bytes], mimetype: str, name: str) -> Response:
    """An answer that a browser keeps as a file of that name."""
    answer = Response(data, mimetype=mimetype)
    plain = name if name.isascii() else ""
    answer.headers["Content-Disposition"] = (
        f"attachment; filename={plain}" if plain else f"attachment; filename*=UTF-8''{quote(name)}"
    )
    return answer
