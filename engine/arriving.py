"""A request on its way in: what of it has arrived, and how fast the rest must come."""

from __future__ import annotations

import ssl
import time
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.sock import ssl_wrap_socket

from engine.large_bodies import SMALL, announced_length, announces_large_body

GRACE = 3.0
PACE = 32 * 1024
"""A larger body: so many seconds, and one more for each so many bytes."""
DEADLINE = 20 * 60.0
"""Seconds for a whole body, however large: 400 MB (a zip of photographs) at 350 kB a second."""


class Paced(SocketUnreader):
    """Reads a request, and takes a sender that falls behind for one that has gone."""

    def __init__(self, sock: Any) -> None:
        super().__init__(sock)
        self.begin(0)

    def begin(self, got: int) -> None:
        """A request begins, of which so many bytes are there already."""
        self.begun, self.got = time.monotonic(), got

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.begun + min(GRACE + self.got / PACE, DEADLINE) - time.monotonic()
        if left <= 0:
            return b""
        self.sock.settimeout(left)
        try:
            data: bytes = super().chunk(size_hint)
        except TimeoutError:
            return b""
        finally:
            self.sock.settimeout(None)
        self.got += len(data)
        return data


def greeted(conn: Any) -> bool:
    """Whether TLS is agreed on: gunicorn would wait for the other side's greeting with a thread in hand, and for ever."""
    if not isinstance(conn.sock, ssl.SSLSocket):
        conn.sock = ssl_wrap_socket(conn.sock, conn.cfg)
    conn.sock.setblocking(False)
    try:
        conn.sock.do_handshake()
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return False
    conn.parser = get_parser(conn.cfg, conn.sock, conn.client)  # where there is one, gunicorn greets no more
    return True


def arrived(conn: Any) -> bytes | None:
    """Take what there is; the head of a request if that is enough to begin with."""
    unreader = conn.parser.unreader
    data = unreader.take_buffered()
    conn.sock.setblocking(False)
    over = False
    while not (over or enough(data)):
        try:
            chunk = conn.sock.recv(SMALL)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            break
        data, over = data + chunk, not chunk
    unreader.unread(data)
    if not (over or enough(data)):
        return None
    unreader.begin(len(data))
    conn.begun = None
    head: bytes = data.partition(b"\r\n\r\n")[0]
    return head


def enough(data: bytes) -> bool:
    """Whether a request can be begun with: its whole head, and its body where that is small and on its way."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return len(data) > SMALL
    head = data[: end + 2]
    return announces_large_body(head) or len(data) - end - 4 >= announced_length(head)
