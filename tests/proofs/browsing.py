"""A browser without scripts: it keeps cookies, reads every link and form of a page, and sends forms as they stand."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

import pyzipper
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from accounts.sessions import find_session
from tests.world import PASSWORD

PASSPHRASE = "sunrise-over-7-hills"
"""Under which a visitor takes personal data out."""
Attributes = dict[str, str | None]


@dataclass
class Form:
    """A form as a browser would send it."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The links, the sources and the forms of a page; inputs outside of their form are joined to it by its id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._loose: list[tuple[str, str, str]] = []
        self._now: Form | None = None
        self._select: tuple[str, str | None, bool] | None = None
        self._area: list[str] | None = None
        self.feed(text)
        for name, value, of in self._loose:
            if of in self._by_id:
                self._by_id[of].fields.append((name, value))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("href", "src"):
            if given.get(name):
                self.links.append(str(given[name]))
        if tag == "form":
            self._now = Form((given.get("method") or "get").lower(), given.get("action") or "")
            self.forms.append(self._now)
            self._by_id[given.get("id") or ""] = self._now
        elif tag == "input":
            self._input(given)
        elif tag == "button" and given.get("name"):
            self._put(given, str(given["name"]), given.get("value") or "")
        elif tag == "select":
            self._select = (given.get("name") or "", given.get("form"), False)
        elif tag == "option" and self._select:
            self._option(given)
        elif tag == "textarea":
            self._area = [given.get("name") or "", ""]

    def _input(self, given: Attributes) -> None:
        kind, name = given.get("type") or "text", given.get("name")
        if not name or kind in ("file", "submit"):
            return
        # A tick that is not set is not sent, but for the choice of records, which is there to be used.
        if kind in ("checkbox", "radio") and "checked" not in given and name != "rowid":
            return
        value = given.get("value") or ""
        if not value and "required" in given:
            value = "点検"
        self._put(given, name, value)

    def _option(self, given: Attributes) -> None:
        assert self._select
        name, of, taken = self._select
        if name and ("selected" in given or (not taken and given.get("value"))):
            self._put({"form": of}, name, given.get("value") or "", replace=taken)
            self._select = (name, of, True)

    def _put(self, given: Attributes, name: str, value: str, *, replace: bool = False) -> None:
        form = self._now
        if given.get("form"):
            self._loose.append((name, value, str(given["form"])))
        elif form is not None:
            if replace:
                form.fields = [each for each in form.fields if each[0] != name]
            form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            self._put({}, self._area[0], self._area[1].removeprefix("\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1] += data


class Visitor:
    """Somebody signed in, from a browser of their own."""

    def __init__(self, app: Flask, login_id: str, cookie: str = "") -> None:
        self.app, self.login_id = app, login_id
        self.client: FlaskClient = app.test_client()
        if cookie:
            self.client.set_cookie("shuzoko", cookie)
        else:
            self.sign_in()

    def sign_in(self) -> None:
        """Through the sign-in page, as anybody."""
        self.client.get("/login")
        answer = self.post("/login", [("login_id", self.login_id), ("password", PASSWORD)])
        assert answer.status_code == 302, (self.login_id, answer.status_code)

    @property
    def cookie(self) -> str:
        """The session as it travels."""
        found = self.client.get_cookie("shuzoko")
        return found.value if found else ""

    @property
    def session(self) -> dict[str, Any]:
        """What the session holds, in the store or, of who has not signed in, in the cookie."""
        if self.cookie.startswith("s."):
            found, _ = find_session(self.cookie.removeprefix("s."), pepper=self.app.config["PEPPER"])
            return found.data if found else {}
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return dict(serializer.loads(self.cookie)) if self.cookie else {}

    def get(self, path: str) -> TestResponse:
        """Open an address."""
        return self.client.get(path, buffered=True)

    def post(self, path: str, fields: list[tuple[str, Any]]) -> TestResponse:
        """Send a form with this session's token."""
        kept = [each for each in fields if each[0] != "csrf_token"]
        return self.client.post(path, data=MultiDict([*kept, ("csrf_token", self.token)]), buffered=True)

    @property
    def token(self) -> str:
        """A token of this session, signed as the application signs it."""
        from flask_wtf.csrf import generate_csrf

        if "csrf_token" not in self.session:
            self.client.get("/account/")
        raw = self.session.get("csrf_token")
        with self.app.test_request_context():
            from flask import session

            session["csrf_token"] = raw
            return str(generate_csrf())


def text_of(answer: TestResponse) -> str:
    """All that an answer's body says: a workbook unpacked, a sealed file opened with PASSPHRASE."""
    return _said(answer.get_data())


def _said(data: bytes) -> str:
    if not data.startswith(b"PK\x03\x04"):
        return data.decode("utf-8", "replace")
    with pyzipper.AESZipFile(io.BytesIO(data)) as file:
        return "\n".join(_said(file.read(name, pwd=PASSPHRASE.encode())) for name in file.namelist())


def heads_of(answer: TestResponse) -> str:
    """Its headers, cookies set and redirects among them, as they are sent and as they are read."""
    sent = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return f"{sent}\n{unquote(sent)}"


def same_site(link: str) -> bool:
    """Whether a link stays within the application."""
    parts = urlsplit(link)
    return not parts.scheme and not parts.netloc and not link.startswith("#")
