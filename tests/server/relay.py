"""A way to the store that can be held up: connections stay open and nothing comes through, as with a stopped process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import unquote, urlsplit, urlunsplit


class Relay:
    """Passes on what comes to its port, while `flowing` is set."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._store = unquote(parts.netloc)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.uri = urlunsplit(parts._replace(netloc=f"127.0.0.1:{self._listening.getsockname()[1]}"))
        self.flowing = Event()
        self.flowing.set()
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._start(self._accept)

    def close(self) -> None:
        """End every connection, and wait for the threads."""
        self.flowing.set()
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *self._open):
            each.close()

    def _start(self, work: Callable[..., None], *given: socket.socket) -> None:
        thread = Thread(target=work, args=given)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                store = self._to_store()
                self._open += [client, store]
                for source, target in ((client, store), (store, client)):
                    self._start(self._pass_on, source, target)

    def _to_store(self) -> socket.socket:
        if not self._store.startswith("/"):
            host, _, port = self._store.rpartition(":")
            return socket.create_connection((host, int(port)))
        store = socket.socket(socket.AF_UNIX)
        store.connect(self._store)
        return store

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self.flowing.wait()
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(uri: str) -> Iterator[Relay]:
    """A relay before the store of that address."""
    relay = Relay(uri)
    try:
        yield relay
    finally:
        relay.close()
