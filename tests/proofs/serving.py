"""Real worker processes of gunicorn over a world of their own, asked over sockets."""

from __future__ import annotations

import http.client
import selectors
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import mongoengine
from pymongo import MongoClient
from pymongo.database import Database

from tests.serving import environment, serving
from tests.views.panel import token_of
from tests.world import PEPPER, connect

Answer = tuple[int, dict[str, str], str]


@dataclass
class Served:
    """Where it listens, its store, and the file that counts its password checks."""

    port: int
    database: Database[dict[str, Any]]
    counted: Path
    _door: tuple[str, str] = field(default=("", ""))

    def hashes(self) -> int:
        """How many password checks were made so far, by all worker processes together."""
        return self.counted.stat().st_size

    def door(self) -> tuple[str, str]:
        """A cookie and the token of the sign-in form that goes with it."""
        if not self._door[0]:
            _, headers, page = self.get("/login")
            self._door = (headers["set-cookie"].partition(";")[0], token_of(page))
        return self._door

    def get(self, path: str, cookie: str = "", address: str = "") -> Answer:
        """Open an address."""
        return self._ask(f"GET {path} HTTP/1.1\r\n", cookie, address)

    def sign_in(self, login_id: str, password: str, address: str = "198.51.100.1") -> Answer:
        """Send the sign-in form."""
        with self._sent(login_id, password, address) as connection:
            return _read(connection)

    def sign_in_at_once(self, tries: Iterable[tuple[str, str, str]]) -> list[Answer]:
        """Send many sign-in forms (login id, password, address) before any answer is read; their answers in order.

        Each connection is closed as soon as it is answered, as a browser does: gunicorn waits for that.
        """
        answers: dict[int, Answer] = {}
        with selectors.DefaultSelector() as waiting:
            for number, each in enumerate(tries):
                waiting.register(self._sent(*each), selectors.EVENT_READ, number)
            while waiting.get_map():
                for key, _ in waiting.select(timeout=120):
                    assert isinstance(key.fileobj, socket.socket)
                    waiting.unregister(key.fileobj)
                    with key.fileobj as answered:
                        answers[key.data] = _read(answered)
        return [answers[number] for number in sorted(answers)]

    def _sent(self, login_id: str, password: str, address: str) -> socket.socket:
        cookie, token = self.door()
        body = urlencode({"login_id": login_id, "password": password, "csrf_token": token})
        head = f"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        connection.sendall(f"{head}{_more(cookie, address)}\r\n{body}".encode())
        return connection

    def _ask(self, head: str, cookie: str, address: str) -> Answer:
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as connection:
            connection.sendall(f"{head}{_more(cookie, address)}\r\n".encode())
            return _read(connection)


def _more(cookie: str, address: str) -> str:
    lines = ["Host: 127.0.0.1", "Connection: close", "Accept-Language: ja"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"X-Forwarded-For: 10.66.66.66, {address}"] if address else []
    return "".join(f"{each}\r\n" for each in lines)


def _read(connection: socket.socket) -> Answer:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


@contextmanager
def another_store(uri: str, name: str) -> Iterator[str]:
    """The gate works with a database of that name, of the address given back; then with whatever it did before."""
    address = urlunsplit(urlsplit(uri)._replace(path=f"/{name}"))
    opened = mongoengine.connection
    states = (opened._connections, opened._connection_settings, opened._dbs)
    kept = [each.pop("default", None) for each in states]
    try:
        connect(address)
        yield address
    finally:
        mongoengine.disconnect()
        for state, before in zip(states, kept, strict=True):
            if before is not None:
                state["default"] = before


@contextmanager
def counting(uri: str, var: Path, *, workers: int, app: str = "counted") -> Iterator[Served]:
    """So many worker processes behind one declared proxy, on the database that the address names.

    `app`: the application of tests.proofs.counted that they serve.
    """
    counted = var / "hashes"
    counted.touch()
    keys = var / "keys"
    keys.mkdir(mode=0o700)
    (keys / "pepper").write_bytes(PEPPER)
    told = {
        "SHUZOKO_PROXY_HOPS": "1",
        "SHUZOKO_HOSTS": "127.0.0.1",
        "HASHES_COUNTED_IN": str(counted),
        "WEB_CONCURRENCY": str(workers),
    }
    with (
        serving({**environment(uri, var), **told}, app=f"tests.proofs.counted:{app}()") as web,
        MongoClient[dict[str, Any]](uri, tz_aware=True) as client,
    ):
        yield Served(web.port, client.get_default_database(), counted)
