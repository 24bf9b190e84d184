"""Uploads are shown to a virus scanner, where one is named. The scanner here is a small server of the test's own that speaks
clamd's protocol; no signature database is reachable, so it knows one pattern, that of the EICAR test file."""

from __future__ import annotations

import io
import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gate.fields.pictures import checked_picture
from gate.fields.scanning import answers, use_scanner
from gate.refusals import Invalid
from settings import environment

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
LIMIT = 1_000_000


class Clamd(socketserver.StreamRequestHandler):
    """INSTREAM and PING, as clamd answers them."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        seen = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            seen += self.rfile.read(size)
            if len(seen) > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in seen else b"stream: OK\0")


@pytest.fixture(params=["unix", "tcp"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A scanner's address, which pictures are shown to."""
    server: Any
    if request.param == "unix":
        path = tmp_path / "clamd.ctl"
        server, address = socketserver.ThreadingUnixStreamServer(str(path), Clamd), f"unix:{path}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        address = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    use_scanner(address)
    yield address
    use_scanner("")
    server.shutdown()
    server.server_close()


def jpeg() -> bytes:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(kept, "JPEG")
    return kept.getvalue()


def said(raw: bytes) -> str:
    """What is said of an upload in English; "" where it is taken."""
    try:
        checked_picture(io.BytesIO(raw), "a.jpg")
    except Invalid as error:
        return error.errors["file"][1]
    return ""


def test_what_the_scanner_finds_is_refused_and_all_else_is_taken(scanner: str) -> None:
    assert answers(scanner)
    assert said(jpeg()) == ""
    assert "Eicar-Test-Signature" in said(jpeg() + EICAR)
    assert "size limit exceeded" in said(jpeg() + bytes(2 * LIMIT))  # nothing is taken that was not looked at


def test_while_the_scanner_is_away_nothing_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    use_scanner(address)
    try:
        assert not answers(address)
        assert "cannot look at this file" in said(jpeg())
    finally:
        use_scanner("")
    assert said(jpeg() + EICAR) == ""  # without one named, none is asked


@pytest.mark.parametrize("address", ["192.0.2.1:3310", "unix:clamd", "clamd", "localhost:x"])
def test_a_scanner_elsewhere_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(environment.SettingsError, match="SHUZOKO_CLAMD"):
        environment.read({"SHUZOKO_CLAMD": address})
