"""Somebody at a socket: signs in as a browser does, and then sends whatever bytes the test has in mind."""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from tests.views.panel import token_of
from tests.world import PASSWORD

BOUNDARY = "----a-boundary-of-the-tests"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Caller:
    """One person's connection to the server on that port; each request is a connection of its own."""

    port: int
    language: str = "ja"
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send one request and read its answer to the end."""
        given = {
            "Accept-Language": self.language,
            **{name.replace("_", "-"): each for name, each in headers.items()},
        }
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.monotonic()
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            with suppress(
                BrokenPipeError, ConnectionResetError
            ):  # it has heard enough, and may have answered
                talk.request(method, path, body or None, given)
            answer = talk.getresponse()
            found = Answer(answer.status, dict(answer.getheaders()), answer.read(), time.monotonic() - began)
            for each in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = each.partition(";")[0].partition("=")
                self.cookies[name] = value
        finally:
            talk.close()
        return found

    def sign_in(self, login_id: str) -> Caller:
        """Through the door; the token is good for every later form."""
        self._read_token(self.ask("GET", "/login"))
        answer = self.post("/login", {"login_id": login_id, "password": PASSWORD})
        assert answer.status == 302, answer.text
        self._read_token(self.ask("GET", "/account/"))
        if self.language != "ja":
            assert self.post("/language", {"language": self.language}).status == 302
        return self

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """A form of the plain kind, with its token."""
        return self.ask(
            "POST", path, urlencode({"csrf_token": self.token, **form}).encode(), Content_Type=FORM
        )

    def upload(self, path: str, form: dict[str, str], file: bytes) -> Answer:
        """A form with a file: `file` is a whole part, headers and all."""
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
            for name, value in {"csrf_token": self.token, **form}.items()
        ]
        return self.ask(
            "POST", path, multipart([*parts, file]), Content_Type=f"multipart/form-data; boundary={BOUNDARY}"
        )

    def _read_token(self, page: Answer) -> None:
        self.token = token_of(page.text)


def multipart(parts: Iterable[bytes]) -> bytes:
    """A multipart body of whole parts."""
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + each + b"\r\n" for each in parts) + mark + b"--\r\n"


def said_to(port: int, data: bytes, seconds: float = 10.0) -> bytes:
    """Raw bytes to a new connection; what came back until it was closed or that time was over."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as talk:
        talk.sendall(data)
        found = b""
        try:
            while chunk := talk.recv(65_536):
                found += chunk
        except (TimeoutError, ConnectionResetError):
            pass
        return found


class Weight(Thread):
    """Watches the memory of a process and all its children: `most` is the highest sum seen, in bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self._over = pid, 0, Event()

    def run(self) -> None:
        while not self._over.wait(0.004):
            self.most = max(self.most, self.now())

    def now(self) -> int:
        """Bytes resident at this moment; what processes share is counted once."""
        return sum(_resident(each) for each in family(self.pid))

    def stop(self) -> None:
        self._over.set()
        self.join()


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(one) for one in (task / "children").read_text().split()]
        except OSError:
            continue  # it has just ended
    return found


def worked(pid: int) -> float:
    """Seconds of processor time that a process, its children and those of them that have ended have had."""
    ticks = 0
    for each in family(pid):
        try:
            said = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(said[at]) for at in (11, 12, 13, 14))
    return ticks / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    """What it shares is divided: a child that was forked a moment ago has all that its parent has."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0  # it has just ended
    return next((int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:")), 0)
