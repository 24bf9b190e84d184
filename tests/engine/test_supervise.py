"""`make run`'s supervisor, over a small application in the place of ours: what dies comes back, what stops is clean."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine import EngineError, processes, services
from engine.keeping import Pauses
from engine.places import PROJECT, places_for
from engine.processes import Seen, first_of
from tests.server.test_tls import certificate

APPLICATION = """
import os, pathlib, signal
import click
from flask import Flask

def create_app():
    app = Flask(__name__)
    app.get("/healthz")(lambda: "ok")

    @app.cli.command("init")
    @click.option("--at-start", is_flag=True)
    def init(at_start):
        pathlib.Path(os.environ["SHUZOKO_VAR"], "demo-accounts.csv").write_text("login_id,password,role,institution")

    @app.cli.command("worker")
    def worker():
        signal.pause()

    @app.cli.command("sealer")
    def sealer():
        signal.pause()

    return app
"""
NAMES = ("postgres", "gateway", "web", "worker", "sealer")


@dataclass
class Deployment:
    """A copy of the engine with the small application, and every supervisor that was started on it."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / f"supervisor-{len(self.started)}.log"

    @property
    def environ(self) -> dict[str, str]:
        own = {"SHUZOKO_VAR": str(self.folder / "var"), "PORT": str(self.port), **self.settings}
        return {**{name: value for name, value in os.environ.items() if name != "MONGODB_URI"}, **own}

    def command(self, *options: str) -> list[str]:
        return [sys.executable, "-m", "engine.supervise", *options]

    def supervise(self, command: list[str] | None = None) -> subprocess.Popen[bytes]:
        self.log.write_text("")
        with self.log.open("w") as log:
            words = command or self.command()
            child = subprocess.Popen(words, cwd=self.folder, env=self.environ, stdout=log, stderr=log)
        shown = self.log
        self.started.append(child)
        assert processes.wait_until(lambda: "Ctrl-C" in shown.read_text() or child.poll() is not None, 90)
        assert child.poll() is None, shown.read_text()
        return child

    def lock(self, name: str) -> Path:
        return places_for(self.folder / "var", self.environ).lock(name)

    def pids(self) -> dict[str, int | None]:
        return {name: processes.leader(self.lock(name)) for name in NAMES}

    def serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    shutil.copytree(PROJECT / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "app.py").write_text(APPLICATION)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Deployment(tmp_path, port)
    yield made
    for child in made.started:
        child.terminate()
        child.wait(timeout=60)
    for name in NAMES:
        processes.stop(made.lock(name), signal.SIGKILL)


def test_whatever_is_killed_or_stopped_comes_back_and_the_panel_serves(deployment: Deployment) -> None:
    deployment.settings["SHUZOKO_WATCH_SECONDS"] = "6"
    deployment.supervise()
    for name in NAMES:
        before = deployment.pids()[name]
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert processes.wait_until(lambda: deployment.pids()[name] not in {None, before}, 30), name  # noqa: B023 - asked within the loop
        assert processes.wait_until(deployment.serves, 30), name
    stopped = deployment.pids()
    for each in stopped.values():
        assert each is not None
        os.kill(each, signal.SIGSTOP)

    def all_are_others() -> bool:
        return all(pid not in {None, stopped[name]} for name, pid in deployment.pids().items())

    assert processes.wait_until(all_are_others, 60), deployment.log.read_text()
    assert processes.wait_until(deployment.serves, 30)


def test_pauses_between_starts_grow_until_it_has_run_for_a_while() -> None:
    pauses = Pauses()
    assert pauses.over()
    grown = []
    for _ in range(9):
        pauses.begin()
        assert not pauses.over()
        grown.append(pauses.delay)
    assert grown == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    now = time.monotonic()
    assert not Pauses(
        delay=60, began=now - 90, ended=now - 50
    ).over()  # the pause itself is no time of running
    assert Pauses(delay=60, began=now - 31).over()


@pytest.mark.parametrize(
    ("family", "leads"),
    [
        ([Seen(70, "S", 1, 100), Seen(80, "S", 70, 101)], 70),
        # Numbers have begun again from the lowest: a child's is lower than the leader's, and the child is dying.
        ([Seen(3, "S", 0, 900), Seen(70, "S", 1, 100)], 70),
        ([Seen(3, "Z", 1, 50), Seen(70, "S", 1, 100)], 70),
        ([Seen(3, "S", 70, 900), Seen(70, "T", 1, 100)], 70),
        ([], None),
    ],
)
def test_the_leader_is_the_oldest_that_lives(family: list[Seen], leads: int | None) -> None:
    assert first_of(family) == leads


def test_a_key_of_another_certificate_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for name in ("ours", "other"):
        (tmp_path / name).mkdir()
    key = certificate(tmp_path / "other").partition(":")[2]
    pair = f"{certificate(tmp_path / 'ours').partition(':')[0]}:{key}"
    environ = {**os.environ, "SHUZOKO_VAR": str(tmp_path / "var"), "SHUZOKO_TLS": pair}
    done = subprocess.run(
        [sys.executable, "-m", "engine.supervise"], env=environ, cwd=PROJECT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 1
    assert f"{key} is not the key of" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists()


def test_a_term_signal_stops_everything_and_exits_well(deployment: Deployment) -> None:
    supervisor = deployment.supervise()
    assert (
        f"http://127.0.0.1:{deployment.port}/" in deployment.folder.joinpath("supervisor-0.log").read_text()
    )
    assert "demo-accounts.csv" in deployment.folder.joinpath("supervisor-0.log").read_text()
    supervisor.terminate()
    assert supervisor.wait(timeout=60) == 0
    assert set(deployment.pids().values()) == {None}
    assert not deployment.serves()


def test_after_the_supervisor_itself_was_killed_the_next_one_takes_over(deployment: Deployment) -> None:
    killed = deployment.supervise()
    before = deployment.pids()
    killed.kill()
    killed.wait()
    deployment.supervise()
    after = deployment.pids()
    assert deployment.serves()
    assert (after["postgres"], after["gateway"]) == (before["postgres"], before["gateway"])
    assert after["web"] not in {None, before["web"]}


def test_everything_stops_when_the_make_that_started_it_is_killed(deployment: Deployment) -> None:
    wrapped = f"{' '.join(deployment.command('--until-parent-ends'))}; true"
    parent = deployment.supervise(["/bin/sh", "-c", wrapped])
    parent.kill()
    parent.wait()
    assert processes.wait_until(lambda: not processes.is_running(deployment.lock("supervise")), 60)
    assert set(deployment.pids().values()) == {None}


def test_a_second_one_is_refused_and_disturbs_nothing(deployment: Deployment) -> None:
    deployment.supervise()
    before = deployment.pids()
    second = subprocess.run(
        deployment.command(),
        cwd=deployment.folder,
        env=deployment.environ,
        capture_output=True,
        check=False,
        text=True,
    )
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert deployment.pids() == before


def test_a_taken_port_is_said_in_a_sentence(deployment: Deployment) -> None:
    with socket.create_server(("127.0.0.1", deployment.port)):
        done = subprocess.run(
            deployment.command(),
            cwd=deployment.folder,
            env=deployment.environ,
            capture_output=True,
            check=False,
            text=True,
        )
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{deployment.port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_alone_needs_no_encryption(host: str) -> None:
    assert services.address({"HOST": host}).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "museum.example"])  # noqa: S104 - what must be refused
def test_others_are_not_served_without_encryption(host: str) -> None:
    with pytest.raises(EngineError, match="SHUZOKO_PROXY_HOPS"):
        services.address({"HOST": host})
    with pytest.raises(EngineError, match="SHUZOKO_PROXY_HOPS"):
        services.address({"HOST": host, "SHUZOKO_PROXY_HOPS": "0"})
    behind = {"HOST": host, "SHUZOKO_PROXY_HOPS": "1"}
    assert services.address(behind | {"SHUZOKO_ADDRESS": "https://shuzoko.example.jp"}).host == host
    with pytest.raises(EngineError, match="SHUZOKO_ADDRESS"):
        services.address(behind)


def test_a_certificate_is_served_and_a_missing_one_refused(tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    certificate.touch()
    environ = {"HOST": "museum.example", "SHUZOKO_TLS": f"{certificate}:{key}"}
    with pytest.raises(EngineError, match="SHUZOKO_TLS"):
        services.address(environ)
    key.touch()
    where = services.address(environ)
    assert where.url == "https://museum.example:8000/"
    assert ["--certfile", str(certificate), "--keyfile", str(key)] == services.web(where, {})[-4:]


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(EngineError, match="PORT"):
        services.address({"PORT": port})
