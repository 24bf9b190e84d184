"""TLS where the server speaks it itself: versions, and that the waiting worker serves it whole (K4)."""

from __future__ import annotations

import datetime
import http.client
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engine import processes, services
from engine.places import PROJECT


def certificate(folder: Path, *, begins: int = -1, ends: int = 1, host: str = "localhost") -> str:
    """A certificate and its key, as SHUZOKO_TLS names them; good between so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return f"{folder / 'c.pem'}:{folder / 'k.pem'}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """gunicorn as `make run` calls it, but for the application: (port, certificate)."""
    folder = tmp_path_factory.mktemp("tls")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "SHUZOKO_TLS": certificate(folder)}
    command = services.web(services.address(environ), environ)
    command[command.index("app:create_app()")] = "tests.server.plain:app"
    with (folder / "log").open("w") as said:
        web = subprocess.Popen([sys.executable, *command], cwd=PROJECT, stdout=said, stderr=said)
    try:
        assert processes.wait_until(lambda: _listens(port), 30), (folder / "log").read_text()
        yield port, folder / "c.pem"
    finally:
        web.terminate()
        web.wait(timeout=30)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_requests_large_and_small_arrive_whole(served: tuple[int, Path]) -> None:
    port, trusted = served
    talk = http.client.HTTPSConnection(
        "localhost", port, timeout=60, context=ssl.create_default_context(cafile=str(trusted))
    )
    for size in (0, 10, 40_000, 70_000, 5_000_000):  # one connection, kept
        talk.request("POST", "/", b"x" * size)
        assert talk.getresponse().read() == str(size).encode()
    talk.close()


def test_who_opens_a_connection_and_says_nothing_holds_nobody_up(served: tuple[int, Path]) -> None:
    port, trusted = served
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
    for each in held[::2]:
        each.sendall(b"\x16\x03\x01\x02\x00\x01")  # the beginning of a greeting
    test_requests_large_and_small_arrive_whole((port, trusted))
    for each in held:
        each.close()


@pytest.mark.parametrize(
    ("version", "spoken"),
    [("TLSv1", False), ("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_only_tls_1_2_and_1_3_are_spoken(served: tuple[int, Path], version: str, spoken: bool) -> None:
    port, trusted = served
    asking = ssl.create_default_context(cafile=str(trusted))
    asking.set_ciphers("DEFAULT:@SECLEVEL=0")
    asking.minimum_version = asking.maximum_version = ssl.TLSVersion[version]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as talk:
        if not spoken:
            with pytest.raises((ssl.SSLError, ConnectionResetError)):
                asking.wrap_socket(talk, server_hostname="localhost")
            return
        with asking.wrap_socket(talk, server_hostname="localhost") as safe:
            cipher = safe.cipher()
            assert cipher is not None
            assert any(each in cipher[0] for each in ("GCM", "CHACHA20"))


def test_who_speaks_no_tls_hears_nothing(served: tuple[int, Path]) -> None:
    with socket.create_connection(("127.0.0.1", served[0]), timeout=30) as talk:
        talk.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" not in talk.recv(1_000)
