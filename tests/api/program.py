"""A program that asks the API with a token, and knows problem details when it gets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from accounts.tokens import make_token
from tests.world import PEPPER, actor


@dataclass
class Program:
    """One token; no cookies."""

    app: Flask
    token: str
    language: str = "ja"

    def get(self, path: str, **more: Any) -> TestResponse:
        """GET below /api/v1."""
        return self._ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """POST a JSON body."""
        return self._ask("POST", path, **({"json": body} if "data" not in more else {}), **more)

    def ask(self, method: str, path: str) -> TestResponse:
        """Any other method."""
        return self._ask(method, path)

    def _ask(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        client = self.app.test_client(use_cookies=False)
        return client.open(f"/api/v1{path}", method=method, headers=headers, buffered=True, **more)


@dataclass
class Programs:
    """A program of each account, its token made once."""

    app: Flask
    _tokens: dict[str, str] = field(default_factory=dict)

    def of(self, login_id: str, language: str = "ja") -> Program:
        """That account's program."""
        if login_id not in self._tokens:
            self._tokens[login_id] = make_token(actor(login_id), "試験", 30, pepper=PEPPER)
        return Program(self.app, self._tokens[login_id], language)


def problem_of(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem details of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.json or {}
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    return body


def records_of(answer: TestResponse) -> list[dict[str, Any]]:
    """The records of a page."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    found: list[dict[str, Any]] = (answer.json or {})["records"]
    return found


def ids_of(answer: TestResponse) -> list[str]:
    """Their ids."""
    return [each["id"] for each in records_of(answer)]


def everything_stored() -> str:
    """Every document of every collection, as text."""
    names = get_db().list_collection_names()
    return "\n".join(str(each) for name in names if "." not in name for each in get_db()[name].find())
