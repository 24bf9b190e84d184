"""Slow, broken and contradictory requests on the real server: they cost those who send them (issue C, time limits)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from engine.arriving import enough
from engine.large_bodies import SMALL
from tests.server.caller import Caller, said_to
from tests.server.conftest import Server

FORM = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
SLOW = {
    "nothing": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half a small form": FORM % 1_000 + b"login_id=",
    "half a head without an end": b"GET /" + b"a" * 3_000,
    "a large form that does not come": FORM % 1_000_000 + b"x=",
    "a body that waits to be asked for": (FORM % 1_000).replace(b"Host", b"Expect: 100-continue\r\nHost"),
    "an answer that nobody takes": b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
}


@contextmanager
def held(port: int, data: bytes, number: int) -> Iterator[list[socket.socket]]:
    """That many connections that have said this and nothing more."""
    with ExitStack() as open_:
        found = [open_.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(number)]
        for each in found:
            each.sendall(data)
        yield found


@pytest.mark.parametrize("what", SLOW)
def test_a_hundred_slow_connections_keep_nobody_waiting(server: Server, what: str) -> None:
    with held(server.port, SLOW[what], 100):
        for _ in range(10):
            answer = Caller(server.port).ask("GET", "/healthz")
            assert answer.status == 200
            assert answer.seconds < 2


@pytest.mark.proof
def test_a_letter_a_second_is_cut_off(server: Server) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        slow.settimeout(1.0)
        while time.monotonic() - began < 30:
            try:
                slow.sendall(b"a")
                if slow.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    assert 8 < time.monotonic() - began < 20


def test_who_sends_in_pieces_is_understood(server: Server) -> None:
    person = Caller(server.port)
    page = person.ask("GET", "/login")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    body = b"login_id=nobody&password=" + "長い合言葉".encode() * 3
    head = FORM % len(body)
    said = (
        head.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\nCookie: " + cookie.encode() + b"\r\n")
        + body
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as talk:
        for at in range(0, len(said), 40):
            talk.sendall(said[at : at + 40])
            time.sleep(0.01)
        assert b"HTTP/1.1 400" in talk.recv(65_536)  # the form is whole, and its token is missing


def test_two_requests_on_one_connection_are_answered_in_turn(server: Server) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = one.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n")
    assert said_to(server.port, one + one + last).count(b"HTTP/1.1 200 OK") == 3


BROKEN = {
    "two lengths": (b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nx=1&y", b"400"),
    "a length and chunks": (
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    "an unknown coding": (b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", b"501"),
    "a length below zero": (b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", b"400"),
    "a space before the colon": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n", b"400"),
    "a folded header": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n", b"400"),
    "a header of 10 kB": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 10_000 + b"\r\n\r\n", b"431"),
    "two hundred headers": (b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-A: 1\r\n" * 200 + b"\r\n", b"431"),
    "an address of 9 kB": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
    "100 kB without an end": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"a" * 100_000, b"431"),
    "nothing of HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200 + b"\r\n\r\n", b"400"),
    "TRACE": (b"TRACE /healthz HTTP/1.1\r\nHost: localhost\r\nX-Secret: s\r\nConnection: close\r\n\r\n", b"302"),
    "another place of the application": (b"GET /login HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: /login\r\n\r\n", b"400"),
    "another path": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nPATH_INFO: /login\r\n\r\n", b"400"),
    "an unknown host": (b"GET /login HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"400"),
    "an unknown host with our port": (b"GET / HTTP/1.1\r\nHost: evil.example:8000\r\n\r\n", b"400"),
    "a host that only begins as ours": (b"GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", b"400"),
    "a host with a name before it": (b"GET / HTTP/1.1\r\nHost: evil.example@localhost\r\n\r\n", b"400"),
    "no host": (b"GET /login HTTP/1.0\r\n\r\n", b"400"),
    "an empty host": (b"GET /login HTTP/1.1\r\nHost: \r\n\r\n", b"400"),
    "an unknown host, to a program": (b"GET /api/v1/item/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"400"),
    "45 MB announced": (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 45000000\r\nConnection: close\r\n\r\n", b"413"),
    "a chunk of no size, a form": (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nabc\r\n", b"400"),
    "a chunk of no size, a form of parts": (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nabc\r\n", b"400"),
    "a chunk of no size, to a program": (
        b"POST /api/v1/item/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nabc\r\n", b"401"),
    "a chunk longer than it says": (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n", b"400"),
    "a bare CR in a chunk's extension": (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;a=\rb\r\nabc\r\n0\r\n\r\n", b"400"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_can_be_read_in_two_ways_is_refused(server: Server, what: str) -> None:
    said, status = BROKEN[what]
    answer = said_to(server.port, said)
    # Where it closes on what it has not read, the answer may be lost on the way.
    assert answer.partition(b" ")[2].startswith(status) or (len(said) > 50_000 and not answer), answer[:200]
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"X-Secret" not in answer
    assert b"Traceback" not in answer
    assert "unforeseen" not in server.log.read_text()


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (FORM % 3 + b"ab", False),
        (FORM % 3 + b"abc", True),
        (FORM % (SMALL + 1), True),
        ((FORM % 3).replace(b"Host", b"Expect: 100-continue\r\nHost"), True),
        (b"a" * (SMALL + 1), True),
    ],
)
def test_a_request_is_begun_with_when_its_head_and_a_small_body_are_there(data: bytes, whole: bool) -> None:
    assert enough(data) is whole
