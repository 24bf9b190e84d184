"""A mail server and a webhook of the tests' own: they keep what they were sent."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


class _Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        kept: list[str] = self.server.kept  # type: ignore[attr-defined]
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper().startswith("RCPT"):
                kept.append(line)
            if line.upper() == "DATA":
                self._say("354 go on")
                while (each := self.rfile.readline().decode()).strip() != ".":
                    kept.append(each.rstrip("\r\n"))
            self._say("221 bye" if line.upper() == "QUIT" else "250 ok")
            if line.upper() == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        kept: list[str] = self.server.kept  # type: ignore[attr-defined]
        kept.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/hook")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.kept.append("followed")  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@contextmanager
def receiving(what: str) -> Iterator[tuple[int, list[str]]]:
    """The port of a `mail` server or a `hook`, and what it got."""
    server = (
        socketserver.TCPServer(("127.0.0.1", 0), _Mail)
        if what == "mail"
        else HTTPServer(("127.0.0.1", 0), _Hook)
    )
    kept: list[str] = []
    vars(server)["kept"] = kept
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1], kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
