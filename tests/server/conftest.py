"""The panel's records served by gunicorn as `make run` serves them, on a free port and a database of this folder's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mongoengine
import pytest
from mongoengine.connection import get_db

from app import create_app
from settings import keys
from settings.environment import Settings
from tests.server.caller import Caller
from tests.serving import beside, environment, serving
from tests.views.panel import Panel, build
from tests.world import PEPPER


@dataclass
class Server:
    """The panel as the network sees it; `panel` is the same store seen from within."""

    port: int
    pid: int
    panel: Panel
    log: Path
    var: Path

    def person(self, login_id: str, language: str = "ja") -> Caller:
        """Someone signed in."""
        return Caller(self.port, language).sign_in(login_id)


@pytest.fixture(scope="package")
def server(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two processes of four threads."""
    uri, name = beside(database_uri, "server")
    var = tmp_path_factory.mktemp("server")
    (keys.folder(var) / "pepper").write_bytes(PEPPER)
    mongoengine.disconnect()
    app = create_app(
        Settings(var=var, mongodb_uri=uri, database="", secret_key="", host="127.0.0.1", port=0, proxy_hops=0)
    )
    try:
        panel = build(app)
        with serving(environment(uri, var)) as web:
            yield Server(web.port, web.pid, panel, web.log, var)
    finally:
        get_db().client.drop_database(name)
        mongoengine.disconnect()
