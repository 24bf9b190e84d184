"""A browser without a screen: one kept-alive connection, cookies, and the forms of a page filled as they stand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.servers import Server

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back, and the seconds from the first byte sent to the last one read."""

    status: int
    body: bytes
    location: str
    timing: dict[str, float]
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Browser:
    """One client of one server."""

    def __init__(self, server: Server) -> None:
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=600)
        self.cookies: SimpleCookie = SimpleCookie()
        self.headers: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form."""
        return self._ask(
            "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def _ask(self, method: str, path: str, body: str | None, more: dict[str, str]) -> Answer:
        sent = {**self.headers, **more}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        try:
            began = time.perf_counter()
            self.connection.request(method, path, body, sent)
            got = self.connection.getresponse()
        except (
            RemoteDisconnected
        ):  # it was idle for so long that the server closed it: as a browser does, open another
            self.connection.close()
            began = time.perf_counter()
            self.connection.request(method, path, body, sent)
            got = self.connection.getresponse()
        content = got.read()
        seconds = time.perf_counter() - began
        for line in got.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return Answer(got.status, content, got.headers.get("Location", ""), _timing(got), seconds)

    def sign_in(
        self,
        login_id: str,
        password: str,
        path: str = "/login",
        names: tuple[str, str] = ("login_id", "password"),
    ) -> None:
        """Sign in where there is a sign-in, its two fields so named."""
        form = fields_of(self.get(path).text, path, holding=names[0])
        typed = dict(zip(names, (login_id, password), strict=True))
        answer = self.post(path, [(name, typed.get(name, value)) for name, value in form])
        if answer.status != 302:
            raise RuntimeError(f"sign-in was refused with {answer.status}")


def _timing(got: HTTPResponse) -> dict[str, float]:
    """Server-Timing: name → milliseconds."""
    said = got.headers.get("Server-Timing", "")
    return {name: float(spent) for name, spent in (each.split(";dur=") for each in said.split(", ") if each)}


class _Forms(HTMLParser):
    """Collects each form's action and its fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self._select = self._textarea = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element of a form."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found.get("action", ""), []))
        elif tag == "input" and found.get("type") not in ("submit", "file", "button"):
            ticked = found.get("type") not in ("checkbox", "radio") or "checked" in found
            if ticked and "name" in found:
                self._add(found["name"], found.get("value", ""))
        elif tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and self._select and "selected" in found:
            self._add(self._select, found.get("value", ""))
        elif tag == "textarea":
            self._textarea, self._text = found.get("name", ""), []

    def handle_data(self, data: str) -> None:
        """Text matters inside a text area only."""
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """The end of a field."""
        if tag == "textarea" and self._textarea:
            self._add(self._textarea, "".join(self._text).removeprefix("\n"))
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1][1].append((name, value))


def fields_of(page: str, action: str, holding: str = "") -> Fields:
    """The fields of the page's form with that action (an empty one posts to the page itself), as they stand."""
    parser = _Forms()
    parser.feed(page.replace("<template>", "<!--").replace("</template>", "-->"))
    for target, fields in parser.forms:
        if target in (action, "") and (not holding or any(name == holding for name, _ in fields)):
            return fields
    raise RuntimeError(f"no form for {action} on the page")
