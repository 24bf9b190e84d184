"""gunicorn's threaded worker, with nobody's slowness at another's cost.

A thread is given to a request once its head, and a small form whole, have arrived; until then the connection waits
beside the others without one, for ten seconds at most. A larger body must keep a pace. Without this, a few dozen
connections that say nothing, or a letter at a time, hold every thread: gunicorn 27 lets them.
"""

from __future__ import annotations

import re
import ssl
import time
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.sock import ssl_wrap_socket
from gunicorn.workers import gthread

from engine import heap

SECONDS = 10.0
"""From the first byte of a request to the end of its head, and of its body where that is small."""
SMALL = 64 * 1024
"""Bytes of a body that are waited for without a thread; a larger head than this is the parser's to refuse."""
GRACE = 3.0
PACE = 32 * 1024
"""A larger body: so many seconds, and one more for each so many bytes."""
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:", re.IGNORECASE | re.MULTILINE)


class Paced(SocketUnreader):
    """Reads a request, and takes a sender that falls behind for one that has gone."""

    def __init__(self, sock: Any) -> None:
        super().__init__(sock)
        self.begin(0)

    def begin(self, got: int) -> None:
        """A request begins, of which so many bytes are there already."""
        self.begun, self.got = time.monotonic(), got

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.begun + GRACE + self.got / PACE - time.monotonic()
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


class Worker(gthread.ThreadWorker):
    """Used by name: `--worker-class engine.waiting.Worker`."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        heap.settle(heap.PAGES)

    def handle(self, conn: Any) -> Any:
        """Serve the request if it is here; otherwise give the thread back."""
        try:
            if not conn.initialized:
                if conn.cfg.is_ssl and not _greeted(conn):
                    return self._later(conn)
                conn.init()
                if conn.is_http2:
                    return super().handle(conn)
                conn.parser.unreader = Paced(conn.sock)
            arrived = _arrived(conn)
        except OSError:  # it has gone, or spoke no TLS
            return False
        if arrived:
            return super().handle(conn)
        return self._later(conn)

    def _later(self, conn: Any) -> Any:
        """Wait beside the others, without a thread, and not for ever."""
        begun = conn.__dict__.setdefault("begun", time.monotonic())
        return gthread._DEFER if time.monotonic() - begun < SECONDS else False


def _greeted(conn: Any) -> bool:
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


def _arrived(conn: Any) -> bool:
    """Take what there is; whether it is enough to begin with."""
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
        return False
    unreader.begin(len(data))
    conn.__dict__.pop("begun", None)
    return True


def enough(data: bytes) -> bool:
    """Whether a request can be begun with: its whole head, and its body where that is small and on its way."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return len(data) > SMALL
    head = data[: end + 2]
    said = LENGTH.search(head)
    length = int(said[1]) if said and not EXPECTS.search(head) else 0
    return length > SMALL or len(data) - end - 4 >= length
