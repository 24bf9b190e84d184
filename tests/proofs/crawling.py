"""The crawler of the canaries: every link and every form of every page, as one person, and all that came back."""

from __future__ import annotations

import logging
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from policies.actor import Actor
from tests.proofs.browsing import Form, Page, Visitor, heads_of, same_site, text_of
from tests.proofs.knowing import exit_of, is_personal, known, offered, within_reach
from tests.proofs.planted import tokens_in, tokens_of
from tests.proofs.stage import Place, Stage, as_planted

Step = tuple[str, str, tuple[tuple[str, str], ...]]
CHANGES = (
    "delete",
    "batch",
    "draft",
    "versions",
    "matrix",
    "password",
    "reset",
    "sessions",
    "reveal",
    "view-as",
    "logout",
    "settings",
)
"""What is sent only after all has been read: it changes records, or what may be seen."""


class Log(logging.Handler):
    """Every line that the application writes."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@dataclass
class Crawl:
    """One person's way through the application."""

    app: Flask
    stage: Stage
    actor: Actor
    visitor: Visitor
    limits: dict[str, int]
    """Endpoint's function → how often it is asked for each noun; "" for all that are not named."""
    leaks: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        self._of: dict[str, list[Place]] = {}
        for place in self.stage.places:
            for token in tokens_of(as_planted(place)):
                self._of.setdefault(token, []).append(place)
        self._revealed: set[tuple[str, str]] = set()
        self._seen: set[Step] = set()
        self._queue: deque[Step] = deque([("get", "/admin/", ())])
        self._late: list[Step] = []

    def run(self) -> None:
        """Follow everything, then send what changes things."""
        logging.getLogger().addHandler(self.log)
        try:
            self._drain()
            for step in sorted(self._late, key=lambda each: "logout" in each[1]):
                self._take(step)
            self._drain()
        finally:
            logging.getLogger().removeHandler(self.log)
        for line in self.log.lines:
            self._personal(line, "the log")

    def _drain(self) -> None:
        while self._queue:
            self._take(self._queue.popleft())

    def _take(self, step: Step) -> None:
        method, path, fields = step
        endpoint = self._endpoint(method, path)
        function = endpoint.rpartition(".")[2]
        if self.asked[endpoint] >= self.limits.get(function, self.limits[""]):
            return
        self.asked[endpoint] += 1
        # As a server's access log writes it down.
        self._personal(f"{method} {path}", "an address")
        answer = self.visitor.get(path) if method == "get" else self.visitor.post(path, list(fields))
        if function == "reveal_view" and answer.status_code == 302:
            record = parse_qs(urlsplit(path).query).get("id", [""])[0]
            self._revealed.add((record, dict(fields).get("field", "")))
        if answer.status_code >= 500:
            self.leaks.append(f"{self.actor.login_id} {method} {path}: broke with {answer.status_code}")
        self._look(endpoint, step, answer)
        if answer.status_code in (301, 302, 303):
            self._add("get", urljoin(path, answer.headers["Location"]), ())
        elif answer.mimetype == "text/html":
            self._read(path, Page(answer.get_data(as_text=True)))

    def _endpoint(self, method: str, path: str) -> str:
        try:
            with self.app.test_request_context(path, method=method.upper()) as context:
                return str(context.url_adapter.match()[0]) if context.url_adapter else ""
        except (HTTPException, RequestRedirect):
            return "nothing"

    def _look(self, endpoint: str, step: Step, answer: TestResponse) -> None:
        exit_, page = exit_of(endpoint)
        said = {"body": text_of(answer), "headers": heads_of(answer), "cookie": repr(self.visitor.session)}
        sent = {token for _, value in step[2] for token in tokens_in(value)}
        for where, text in said.items():
            for token in set(tokens_in(text)):
                owners = self._of.get(token, [])
                if any(self._may(place, exit_, page) for place in owners):
                    self.found.add(token)
                elif owners and token not in sent:
                    self.leaks.append(f"{self.actor.login_id} {step[0]} {step[1]} {where}: {owners[0]}")

    def _may(self, place: Place, exit_: str, page: str) -> bool:
        revealed = exit_ in ("detail", "history") and (place.record, place.name) in self._revealed
        return (revealed and not place.past) or known(self.actor, place, exit_, page)

    def _personal(self, text: str, where: str) -> None:
        for token in tokens_in(text):
            for place in self._of.get(token, []):
                if is_personal(place):
                    self.leaks.append(f"{self.actor.login_id} {where}: {text[:200]}: {place}")

    def _read(self, path: str, page: Page) -> None:
        for link in page.links:
            if same_site(link):
                self._add("get", urljoin(path, link), ())
        for form in page.forms:
            self._send(path, form)

    def _send(self, path: str, form: Form) -> None:
        target = urljoin(path, form.action or path)
        fields = tuple((name, value) for name, value in form.fields if name != "csrf_token")
        if form.method == "get":
            query = "&".join(f"{name}={value}" for name, value in fields if value)
            self._add("get", f"{target.partition('?')[0]}?{query}", ())
        else:
            self._add("post", target, fields)

    def _add(self, method: str, path: str, fields: tuple[tuple[str, str], ...]) -> None:
        step = (method, path, fields)
        if step in self._seen:
            return
        self._seen.add(step)
        if method == "post" and any(each in path for each in CHANGES):
            self._late.append(step)
        else:
            self._queue.append(step)

    def missing(self) -> list[Place]:
        """What this person may know in full and has not found anywhere."""
        reading = [
            place
            for place in self.stage.places
            if known(self.actor, place, "history" if place.past else "detail")
            and (within_reach(self.actor, place) or not offered(self.actor, place))
            and (place.field.kind != "image" or (known(self.actor, place, "file") and not place.past))
        ]
        return [p for p in reading if (found := tokens_of(as_planted(p))) and not found & self.found]
