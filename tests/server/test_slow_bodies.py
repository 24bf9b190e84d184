"""Large bodies that come slowly take the server from nobody (2A, section 2 point 2)."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from engine.large_bodies import CONNECTIONS, EACH, MOST, BodySlots, announces_large_body, sender
from engine.processes import wait_until
from tests.server.caller import BOUNDARY, Caller, multipart, said_to
from tests.server.conftest import Server
from tests.server.hostile.pieces import image
from tests.serving import beside, environment, serving

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary="
    + BOUNDARY
    + "\r\n"
    "{more}\r\n"
)
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="x"; filename="x.png"\r\n\r\n'.encode()
A_SECOND = 40_000
"""Bytes: above the pace that a large body must keep."""


@contextmanager
def dripping(port: int, number: int, path: str, more: str) -> Iterator[list[socket.socket]]:
    """So many connections that announce a large body and bring 40 kB of it a second."""
    over = Event()
    with ExitStack() as open_:
        talks = [open_.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(number)]
        for each in talks:
            each.sendall(HEAD.format(path=path, more=more).encode() + PART)

        def drip() -> None:
            while not over.wait(0.1):
                for each in talks:
                    with suppress(OSError):
                        each.send(b"a" * (A_SECOND // 10), socket.MSG_DONTWAIT)

        thread = Thread(target=drip)
        thread.start()
        try:
            yield talks
        finally:
            over.set()
            thread.join()


LENGTH = "Content-Length: 39000000\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize("more", [LENGTH, CHUNKED], ids=["announced", "chunked"])
@pytest.mark.parametrize("path", ["/login", "/admin/media/new/", "/nowhere", "/api/v1/item/search"])
def test_slow_large_bodies_of_strangers_keep_nobody_waiting(server: Server, path: str, more: str) -> None:
    with dripping(server.port, 32, path, more):
        _answers_at_once(server)


def test_slow_large_bodies_of_somebody_who_may_send_them_keep_nobody_waiting(server: Server) -> None:
    person = server.person("staff.soseki")
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    with dripping(server.port, 32, "/admin/media/new/", f"{LENGTH}Cookie: {cookies}\r\n"):
        _answers_at_once(server)


def _answers_at_once(server: Server) -> None:
    for _ in range(10):
        answer = Caller(server.port).ask("GET", "/healthz")
        assert answer.status == 200
        assert answer.seconds < 2
        Event().wait(0.2)


@pytest.mark.parametrize(("path", "status"), [
    ("/login", b"413"), ("/language", b"413"), ("/reset/x", b"413"), ("/api/v1/item/search", b"413"),
    ("/admin/media/new/", b"302"), ("/nowhere", b"302"),  # to the sign-in page: their session may have ended meanwhile
])  # fmt: skip
def test_a_stranger_is_answered_before_a_large_body_is_sent(server: Server, path: str, status: bytes) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as talk:
        talk.sendall(HEAD.format(path=path, more=LENGTH).encode() + PART)
        assert talk.recv(65_536).startswith(b"HTTP/1.1 " + status)
    assert time.monotonic() - began < 3


def test_a_picture_is_taken_from_who_may_send_it_and_nowhere_else(server: Server) -> None:
    picture = (
        b'Content-Disposition: form-data; name="file"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
        + image()
    )
    person = server.person("staff.soseki")
    sent = person.upload("/admin/media/new/", {"title": "甲", "institution": "soseki"}, picture)
    assert sent.status == 302
    large = multipart([picture + b"\0" * 6_000_000])
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    elsewhere = person.ask("POST", "/admin/item/new/", large, Content_Type=kind, X_CSRFToken=person.token)
    assert elsewhere.status == 413
    assert "4MB" in elsewhere.text


@pytest.mark.parametrize(("head", "large"), [
    (b"Content-Length: 65536\r\n", False), (b"Content-Length: 65537\r\n", True), (b"content-length:99999999999\r\n", True),
    (b"Transfer-Encoding: chunked\r\n", True), (b"X-Content-Length: 65537\r\n", False), (b"", False),
])  # fmt: skip
def test_a_body_is_large_by_what_its_head_announces(head: bytes, large: bool) -> None:
    assert announces_large_body(b"POST / HTTP/1.1\r\nHost: x\r\n" + head) is large


@pytest.mark.parametrize(("forwarded", "hops", "peer", "found"), [
    ([], "", "203.0.113.9", "203.0.113.9"),
    ([], "", "127.0.0.1", ""),  # a proxy that nobody declared would be everybody
    ([], "", "::1", ""),
    ([], "0", "127.0.0.1", "127.0.0.1"),  # said to be none
    (["198.51.100.7"], "", "203.0.113.9", "203.0.113.9"),  # anybody can say that
    (["198.51.100.7"], "1", "10.0.0.2", "198.51.100.7"),
    (["192.0.2.1, 198.51.100.7"], "1", "10.0.0.2", "198.51.100.7"),
    (["192.0.2.1", "198.51.100.7"], "2", "10.0.0.2", "192.0.2.1"),
    ([], "1", "10.0.0.2", "10.0.0.2"),
])  # fmt: skip
def test_a_sender_is_the_clients_address_as_declared(
    forwarded: list[str], hops: str, peer: str, found: str
) -> None:
    lines = "".join(f"X-Forwarded-For: {each}\r\n" for each in forwarded)
    assert sender(f"POST / HTTP/1.1\r\nHost: x\r\n{lines}".encode(), (peer, 1), hops) == found


def test_connections_from_one_address_are_bounded(server: Server, database_uri: str, tmp_path: Path) -> None:
    """Where it is said that no proxy stands before, this machine's own address counts like any other."""
    shutil.copytree(server.var / "keys", tmp_path / "keys")
    environ = {**environment(beside(database_uri, "server")[0], tmp_path), "SHUZOKO_PROXY_HOPS": "0"}
    environ["WEB_CONCURRENCY"] = "1"
    with serving(environ) as web, ExitStack() as open_:
        talks = [
            open_.enter_context(socket.create_connection(("127.0.0.1", web.port), timeout=20))
            for _ in range(CONNECTIONS + 20)
        ]
        assert [each.recv(1) for each in talks[-10:]] == [b""] * 10
        elsewhere = open_.enter_context(
            socket.create_connection(("127.0.0.1", web.port), source_address=("127.0.0.2", 0), timeout=20)
        )
        elsewhere.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert elsewhere.recv(1_000).startswith(b"HTTP/1.1 200")
        for each in talks:
            each.close()
        assert wait_until(lambda: _open_again(web.port), 10)


def _open_again(port: int) -> bool:
    """Whether this address gets an answer."""
    return b" 200 OK" in said_to(port, b"GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n", 3)


def test_one_sender_leaves_a_place_to_others() -> None:
    places = BodySlots()
    assert [places.take("198.51.100.7") for _ in range(EACH + 1)] == [True] * EACH + [False]
    assert places.take("203.0.113.9")
    assert [places.take(f"192.0.2.{each}") for each in range(MOST)] == [True] * (MOST - EACH - 1) + [
        False
    ] * (EACH + 1)
    places.give_back("198.51.100.7")
    assert places.take("192.0.2.1")


def test_who_is_everybody_may_take_every_place() -> None:
    places = BodySlots()
    assert [places.take("") for _ in range(MOST + 1)] == [True] * MOST + [False]
