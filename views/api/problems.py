"""Every no of the API as problem details (RFC 9457), in the reader's language. Never a page, never a value."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

from models.data_classes import Words
from words import w

UNSIGNED: tuple[Words, Words] = (
    ("トークンが必要です", "A token is needed"),
    (
        "有効なトークンを Authorization: Bearer で送ってください。トークンは「自分の情報」で作れます。",
        "Send a valid token as Authorization: Bearer. Tokens are made under “My account”.",
    ),
)
BUSY: tuple[Words, Words] = (
    ("回数が多すぎます", "Too many requests"),
    ("一分ほど待ってから、間をあけて続けてください。", "Wait a minute, and go on more slowly."),
)


def as_json(body: Any, status: int = 200, mimetype: str = "application/json") -> Response:
    """An answer of the API, in UTF-8 as it is written."""
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype=mimetype)


def problem(status: int, title: Words, detail: Words, **more: str) -> Response:
    """Problem details.

    Args:
        status: the HTTP status.
        title: what kind of no it is.
        detail: what happened and what to do.
        more: further members (rule, field, institution …); empty ones are left out.
    """
    body = {"type": "about:blank", "title": w(title), "status": status, "detail": w(detail)}
    told = {name: value for name, value in more.items() if value}
    return as_json(body | told, status, "application/problem+json")


def unsigned() -> Response:
    """401, the same whether the token is missing, malformed, unknown, revoked, ended or its account disabled."""
    answer = problem(401, *UNSIGNED)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="shuzoko"'
    return answer


def too_many() -> Response:
    """429."""
    answer = problem(429, *BUSY)
    answer.headers["Retry-After"] = "60"
    return answer
