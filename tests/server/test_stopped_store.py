"""A store that stops answering holds nobody up for ever (2A, section 5 point 1)."""

from __future__ import annotations

import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.processes import wait_until
from engine.services import FLASK
from tests.server.caller import Caller
from tests.server.conftest import Server
from tests.server.relay import relayed
from tests.serving import beside, environment, serving


@pytest.fixture
def var(tmp_path: Path, server: Server) -> Path:
    """A folder of a second machine with the same keys."""
    shutil.copytree(server.var / "keys", tmp_path / "keys")
    return tmp_path


@pytest.mark.usefixtures("server")
def test_health_and_pages_are_answered_while_the_store_stands_still(database_uri: str, var: Path) -> None:
    with relayed(beside(database_uri, "server")[0]) as relay, serving(environment(relay.uri, var)) as web:
        person = Caller(web.port).sign_in("staff.soseki")
        relay.flowing.clear()
        with ThreadPoolExecutor(40) as pool:
            pages = [pool.submit(person.ask, "GET", "/admin/item/") for _ in range(30)]
            health = [pool.submit(Caller(web.port).ask, "GET", "/healthz") for _ in range(5)]
            answers = [each.result() for each in health]
            assert {each.status for each in answers} == {503}
            assert max(each.seconds for each in answers) < 10  # two seconds each, two at a time
            assert {each.result().status for each in pages} == {503}
        assert Caller(web.port).ask("GET", "/livez").status == 200
        ready = Caller(web.port).ask("GET", "/readyz")
        assert (ready.status, ready.seconds < 8) == (503, True)
        assert "look at make run or MONGODB_URI" in ready.text
        again = Caller(web.port).ask("GET", "/healthz")
        assert (again.status, again.seconds < 4) == (503, True)
        assert "データベースに接続できません" in person.ask("GET", "/admin/item/").text
        relay.flowing.set()
        assert wait_until(lambda: Caller(web.port).ask("GET", "/healthz").status == 200, 20)
        assert person.ask("GET", "/admin/item/").status == 200


def test_doctor_says_so_within_ten_seconds(server: Server, database_uri: str, var: Path) -> None:
    assert server.panel
    with relayed(beside(database_uri, "server")[0]) as relay:
        relay.flowing.clear()
        environ = environment(relay.uri, var)

        def run(*words: str) -> tuple[subprocess.CompletedProcess[str], float]:
            began = time.monotonic()
            done = subprocess.run([FLASK, *words], check=False, env=environ, capture_output=True, text=True)
            return done, time.monotonic() - began

        _, beginning = run("doctor", "--help")
        done, taken = run("doctor")
    assert done.returncode == 1
    assert "MONGODB_URI" in done.stdout
    assert "Traceback" not in done.stderr
    assert taken - beginning < 10  # Python's own start may take long on a busy machine
