"""The panel's records served by gunicorn as `make run` serves them, on a free port and a database of this folder's own."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import mongoengine
import pytest
from mongoengine.connection import get_db

from app import create_app
from engine import processes, services
from engine.places import PROJECT
from settings import keys
from settings.environment import Settings
from tests.server.caller import Caller
from tests.views.panel import Panel, build
from tests.world import PEPPER


@dataclass
class Server:
    """The panel as the network sees it; `panel` is the same store seen from within."""

    port: int
    pid: int
    panel: Panel
    log: Path

    def person(self, login_id: str, language: str = "ja") -> Caller:
        """Someone signed in."""
        return Caller(self.port, language).sign_in(login_id)


@pytest.fixture(scope="package")
def server(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two processes of four threads."""
    parts = urlsplit(database_uri)
    uri = urlunsplit(parts._replace(path=f"{parts.path}_server"))
    var = tmp_path_factory.mktemp("server")
    (keys.folder(var) / "pepper").write_bytes(PEPPER)
    mongoengine.disconnect()
    app = create_app(
        Settings(var=var, mongodb_uri=uri, database="", secret_key="", host="127.0.0.1", port=0, proxy_hops=0)
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {
        **os.environ,
        "MONGODB_URI": uri,
        "SHUZOKO_VAR": str(var),
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    try:
        panel = build(app)
        with (var / "web.log").open("w") as said:
            web = subprocess.Popen(
                services.web(services.address(environ), environ),
                cwd=PROJECT,
                env=environ,
                stdout=said,
                stderr=said,
            )
        try:
            assert processes.wait_until(lambda: _serves(port), 60), (var / "web.log").read_text()
            yield Server(port, web.pid, panel, var / "web.log")
        finally:
            web.terminate()
            web.wait(timeout=30)
    finally:
        get_db().client.drop_database(f"{parts.path.strip('/')}_server")
        mongoengine.disconnect()


def _serves(port: int) -> bool:
    try:
        return Caller(port).ask("GET", "/healthz").status == 200
    except OSError:
        return False
