"""The browser's end of a session (decision 0011).

Who has signed in holds a random id and nothing else; what the session holds lies in the store (accounts.sessions). Who has
not holds a small signed cookie with a form's token and the language, so that no passer-by makes the store write.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from accounts.identity import Identity
from accounts.sessions import (
    Limits,
    Session,
    begin_session,
    end_session,
    find_session,
    keep_session,
    new_session_id,
)
from views.requests.admission import FRESH_AT

PREFIX = "s."
"""Begins the cookie of who has signed in; a signed one of a passer-by begins otherwise."""
PASSERS_BY = ("csrf_token", "language", "_flashes")
"""All that a signed cookie may say. It never says who somebody is: a captured one could be replayed for ever."""
WITHOUT = ("/static/", "/api/", "/healthz", "/livez", "/readyz")
"""What is asked for here needs no session, so none is read."""
_FAMILIES = (
    ("Edge", r"Edg(?:A|iOS)?/"), ("Firefox", r"(?:Firefox|FxiOS)/"), ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("macOS", "Mac OS X"),
    ("ChromeOS", "CrOS"), ("Linux", "Linux"),
)  # fmt: skip


class BrowserSession(SessionMixin):
    """What Flask calls the session. It is read from the store when it is first looked into, and not before."""

    def __init__(
        self, read: Callable[[], tuple[Session | None, Identity | None, dict[str, Any], bool]]
    ) -> None:
        self._read = read
        self._data: dict[str, Any] | None = None
        self._before: dict[str, Any] = {}
        self.stored: Session | None = None
        self.identity: Identity | None = None
        """Its account, where that was read with it; whoever lets it in takes it away, for nobody else to see."""
        self.lost = False
        """Whether the cookie named a session that is not there any more."""
        self.cookie: str | None = None
        """What to put into the cookie: a new id, or empty to take it away."""
        self.limits: Limits | None = None
        """Known when somebody was let in by it; only then it counts as used."""
        self.unread = False
        """Whether the store did not answer: then nothing is written, and the browser keeps its cookie."""
        self.modified = False
        self.accessed = False

    @property
    def data(self) -> dict[str, Any]:
        """Name → value."""
        if self._data is None:
            self._data, self.unread = {}, True  # the error's own page looks into it too
            self.stored, self.identity, self._data, self.lost = self._read()
            # With what is inside: Flask adds a second message to the very list of the first.
            self._before, self.unread = deepcopy(self._data), False
        return self._data

    def forgo(self) -> None:
        """The store does not answer: it is asked for nothing more, and the browser keeps its cookie."""
        self._data, self.unread = self._data or {}, True

    @property
    def changes(self) -> tuple[dict[str, Any], list[str]]:
        """What was set and what was dropped since it was read."""
        now = self.data
        changed = {
            name: each for name, each in now.items() if name not in self._before or self._before[name] != each
        }
        return changed, [name for name in self._before if name not in now]

    def begin(self, user: str, stamp: str, limits: Limits, *, stage: str = "") -> None:
        """A new session in an account's name: a new id, and nothing of before but the language."""
        kept = {"language": self.data["language"]} if "language" in self.data else {}
        if self.stored:
            end_session(self.stored)
        # guard: session-anew
        id_ = new_session_id()
        self._data = kept | ({} if stage else {FRESH_AT: int(time.time())})
        self.stored = begin_session(
            id_, user, stamp, dict(self._data), limits, pepper=current_app.config["PEPPER"], stage=stage,
            address=request.remote_addr or "", browser=family(request.headers.get("User-Agent", "")),
        )  # fmt: skip
        self._before = dict(self._data)
        self.cookie, self.modified = PREFIX + id_, True

    def end(self) -> None:
        """Nobody is signed in any more, here and for whoever has a copy of the cookie."""
        if self.data is not None and self.stored:
            end_session(self.stored)
        self.stored, self._data, self._before = None, {}, {}
        self.cookie, self.modified = "", True

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.data[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self.data[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


class Sessions(SecureCookieSessionInterface):
    """Flask's way in and out of the session."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:  # type: ignore[override]
        """The session of a request, not yet read."""
        cookie = (
            "" if request.path.startswith(WITHOUT) else request.cookies.get(self.get_cookie_name(app), "")
        )

        def read() -> tuple[Session | None, Identity | None, dict[str, Any], bool]:
            if not cookie.startswith(PREFIX):
                return None, None, self._signed(app, request) if cookie else {}, False
            found, identity = find_session(cookie.removeprefix(PREFIX), pepper=app.config["PEPPER"])
            return found, identity, dict(found.data) if found else {}, found is None

        return BrowserSession(read)

    def _signed(self, app: Flask, request: Request) -> dict[str, Any]:
        found: Mapping[str, Any] = super().open_session(app, request) or {}
        # guard: signed-cookie
        # guard: signed-cookie-names
        return {name: found[name] for name in PASSERS_BY if name in found}

    def save_session(self, app: Flask, session: BrowserSession, response: Response) -> None:  # type: ignore[override]
        """Write what changed, and the cookie where it is another one."""
        # guard: session-unread
        if session._data is None or session.unread:
            return
        response.vary.add("Cookie")
        if session.stored:
            _keep(session, session.stored)
            if session.cookie:
                self._set(app, response, session.cookie)
        elif session.modified and session.data:
            serializer = self.get_signing_serializer(app)
            if serializer is None:
                raise RuntimeError("no SECRET_KEY")
            self._set(app, response, str(serializer.dumps(dict(session.data))))
        elif session.modified and self.get_cookie_name(app) in request.cookies:
            response.delete_cookie(self.get_cookie_name(app), **self._attributes(app))

    def _set(self, app: Flask, response: Response, value: str) -> None:
        # Without a date: the browser forgets it when it is closed, the store ends it long before.
        response.set_cookie(self.get_cookie_name(app), value, **self._attributes(app))

    def _attributes(self, app: Flask) -> dict[str, Any]:
        return {
            "domain": self.get_cookie_domain(app), "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app), "httponly": self.get_cookie_httponly(app),
            "samesite": self.get_cookie_samesite(app),
        }  # fmt: skip


def _keep(session: BrowserSession, stored: Session) -> None:
    changed, dropped = session.changes
    used = session.limits is not None and stored.is_due
    if changed or dropped or used:
        keep_session(stored, changed, dropped, session.limits or Limits())


def present() -> BrowserSession:
    """The session of this request, as what it is."""
    found: BrowserSession = session._get_current_object()  # type: ignore[attr-defined]
    return found


def family(agent: str) -> str:
    """A browser as its owner knows it, `Chrome · Windows`; what is kept of a User-Agent is no more than that."""
    browser = next((name for name, pattern in _FAMILIES if re.search(pattern, agent)), "")
    system = next((name for name, word in _SYSTEMS if word in agent), "")
    return " · ".join(each for each in (browser, system) if each)


def register(app: Flask) -> None:
    """Keep the application's sessions this way."""
    app.session_interface = Sessions()
