"""gunicorn's threaded worker, with nobody's slowness at another's cost.

A thread is given to a request once its head, and a small form whole, have arrived; until then the connection waits
beside the others without one, for ten seconds at most. A larger body must keep a pace and end by a deadline, and few are
read at once (engine/large_bodies.py). Without this, a few dozen connections that say nothing, or a letter at a time,
hold every thread: gunicorn 27 lets them.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
import struct
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers import gthread

from engine import garbage
from engine.arriving import Paced, arrived, greeted
from engine.large_bodies import (
    CONNECTIONS,
    SMALL,
    BodySlots,
    address_of,
    announces_large_body,
    sender,
)

SECONDS = 10.0
"""From the first byte of a request to the end of its head, and of its body where that is small."""
QUEUED = 30.0
"""Seconds that a large body waits for its turn."""
LINGER = 2.0
"""Seconds after our last word in which what the other side still sends is thrown away, so that it can read that word."""
UNSENT = 30
"""Seconds after which somebody who takes nothing of an answer has gone."""
RECEPTION = 2
"""Threads beside the others, for when these are all busy."""
HEALTH = (b"GET /healthz ", b"GET /livez ", b"GET /readyz ")
QUEUE = object()
"""What a thread returns for a connection that has to wait for one of the others."""
PARKED = object()
"""What a thread returns for a connection whose large body has to wait for its turn."""
BUSY = (
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 60\r\n"
    "Connection: close\r\n\r\n大きなファイルの送信が混み合っています。1分ほど待って、もう一度お試しください。\n"
    "Too many large files are being sent at this moment. Wait a minute and try again.\n"
).encode()


class Connection(gthread.TConn):
    """A connection, with the address that it counts for and the place that its large body holds."""

    def __init__(
        self, cfg: Any, sock: Any, client: Any, server: Any, open_: Counter[str], address: str
    ) -> None:
        super().__init__(cfg, sock, client, server)
        self.large = False
        """Whether the request under way has a large body, for which a place is taken."""
        self.sender = ""
        self.begun: float | None = None
        """When what has not yet arrived in full began to arrive."""
        self._open, self._address, self._counted = open_, address, True

    def close(self, graceful: bool = False) -> None:  # noqa: ARG002 - upstream's signature
        """Close it at once: Worker._linger gives the client time to read the last answer."""
        if self._counted:
            self._counted = False
            self._open[self._address] -= 1
        super().close(graceful=False)


class Worker(gthread.ThreadWorker):
    """Used by name: `--worker-class engine.waiting.Worker`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hops = os.environ.get("SHUZOKO_PROXY_HOPS", "")
        self.places = BodySlots()
        self.busy = 0
        """Connections that have a thread, or wait for one. Changed by the main thread alone."""
        self.open: Counter[str] = Counter()
        """Address → connections. Changed by the main thread alone."""
        self.parked: deque[Connection] = deque()
        self.lingering: deque[Connection] = deque()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        garbage.limit_collections(garbage.PAGES)

    def accept(self, listener: Any) -> None:
        """Take a new connection, if its address does not have too many already."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        address = address_of(client, self.hops)
        if address and self.open[address] >= CONNECTIONS:
            sock.close()
            return
        self.nr_conns += 1
        self.open[address] += 1
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", UNSENT, 0))
        self.enqueue_req(Connection(self.cfg, sock, client, listener.getsockname(), self.open, address))

    def init_process(self) -> None:
        self.reception = ThreadPoolExecutor(RECEPTION)
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread. Where all are busy, one beside them looks whether somebody asks how we are."""
        free = self.busy < self.cfg.threads
        self._submit(conn, self.tpool if free else self.reception, self.handle if free else self.receive)

    def _submit(self, conn: Any, pool: ThreadPoolExecutor, work: Callable[[Any], Any]) -> None:
        counted = pool is not self.reception
        self.busy += counted

        def over(done: Future[Any]) -> None:
            self.method_queue.defer(self._over, conn, done, counted)

        pool.submit(work, conn).add_done_callback(over)

    def _over(self, conn: Any, done: Future[Any], counted: bool) -> None:
        self.busy -= counted
        self.finish_request(conn, done)

    def receive(self, conn: Any) -> Any:
        """Serve who asks how we are, whatever holds the threads; the others wait for one."""
        head = self._head(conn)
        if not isinstance(head, bytes):
            return head
        return super().handle(conn) if head.startswith(HEALTH) else QUEUE

    def _head(self, conn: Any) -> Any:
        """The head of the request, or what to return where it is not here."""
        try:
            if not conn.initialized:
                if conn.cfg.is_ssl and not greeted(conn):
                    return self._later(conn)
                conn.init()
                conn.parser.unreader = Paced(conn.sock)
            head = arrived(conn)
        except OSError:  # it has gone, or spoke no TLS
            return False
        return self._later(conn) if head is None else head

    def handle(self, conn: Any) -> Any:
        """Serve the request if it is here; otherwise give the thread back."""
        head = self._head(conn)
        if not isinstance(head, bytes):
            return head
        if not conn.large and announces_large_body(head):
            conn.sender = sender(head, conn.client, self.hops)
            if not self.places.take(conn.sender):
                return PARKED
            conn.large = True
        try:
            return super().handle(conn)
        finally:
            if conn.large:
                conn.large = False
                self.places.give_back(conn.sender)
                self.method_queue.defer(self._next_parked)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """A large body is a connection's last: one that was refused unread is not waited for."""
        if conn.large:
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Upstream's, but nothing here waits: this is the thread that accepts every connection."""
        result = False if fs.cancelled() or fs.exception() else fs.result()
        if result is QUEUE:
            self._submit(conn, self.tpool, self.handle)
        elif result is PARKED and self.alive:
            conn.timeout = time.monotonic() + QUEUED
            self.parked.append(conn)
            self._next_parked()  # a place may have become free since it was asked for
        elif not result or result is PARKED:
            self._linger(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Upstream's, and the same for connections that waited for a turn, or lingered, too long."""
        super().murder_pending()
        now = time.monotonic()
        while self.parked and self.parked[0].timeout <= now:
            conn = self.parked.popleft()
            with suppress(OSError):
                conn.sock.setblocking(False)
                conn.sock.send(BUSY)
            self._linger(conn)
        while self.lingering and self.lingering[0].timeout <= now:
            self._gone(self.lingering[0])

    def _next_parked(self) -> None:
        """Let the first go on for whose client there is a place."""
        for conn in list(self.parked):
            if self.places.take(conn.sender):
                conn.large = True
                self.parked.remove(conn)
                self.enqueue_req(conn)

    def _linger(self, conn: Any) -> None:
        """Say that nothing more comes, and let the other side read what was said (RFC 9112, 9.6)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            conn.timeout, conn.drained = time.monotonic() + LINGER, 0
            self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            self.nr_conns -= 1
            conn.close()
            return
        self.lingering.append(conn)

    def _drain(self, conn: Any, sock: Any) -> None:
        try:
            data = sock.recv(SMALL)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError:
            data = b""
        conn.drained += len(data)
        if not data or conn.drained > SMALL:
            self._gone(conn)

    def _gone(self, conn: Any) -> None:
        self.lingering.remove(conn)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _later(self, conn: Any) -> Any:
        """Wait beside the others, without a thread, and not for ever."""
        conn.begun = conn.begun or time.monotonic()
        return gthread._DEFER if time.monotonic() - conn.begun < SECONDS else False
