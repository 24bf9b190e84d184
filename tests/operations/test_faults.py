"""Each fault of a deployment is planted for real, and named by `/readyz` and by doctor in a sentence with what to do.

One deployment for all rows: the supervisor of `make run` with its web and its worker, its second place on a small disk.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mongoengine
import pytest
from flask import Flask
from mongoengine.connection import get_db

from app import create_app
from audit.events import note
from engine import processes
from engine.places import PROJECT, places_for
from operations.store_indexes import ensure_indexes
from roles.setting_up import set_up_government
from settings import keys
from settings.environment import Settings
from tests.server.test_tls import certificate
from tests.serving import beside, environment
from tests.small_disk import fill, small_disk

GOVERNMENT = {"kind": "museum", "code": "mihon", "name": "見本館", "name_en": "", "login_id": "kanri", "display_name": "見本 花子"}  # fmt: skip
Planting = AbstractContextManager[None]


@dataclass
class Stage:
    """The deployment, and the same application in this process, by which it is asked."""

    app: Flask
    settings: Settings
    supervisor: subprocess.Popen[bytes]
    engine_uri: str

    @property
    def entries(self) -> Path:
        """The copy of the institution's chain."""
        return self.settings.second_place / "mihon" / "entries.jsonl"

    def lock(self, name: str) -> Path:
        return places_for(self.settings.var, os.environ).lock(name)

    def readyz(self, **headers: str) -> tuple[int, str]:
        answer = self.app.test_client().get("/readyz", headers=headers)
        return answer.status_code, answer.text

    def doctor(self) -> tuple[int, str]:
        done = self.app.test_cli_runner().invoke(args=["doctor"])
        return done.exit_code, done.output

    @contextmanager
    def set_to(self, **changed: object) -> Iterator[None]:
        """Other settings for this process."""
        self.app.config["SETTINGS"] = replace(self.settings, **changed)  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.app.config["SETTINGS"] = self.settings


@pytest.fixture(scope="module")
def stage(database_uri: str, engine_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    uri, name = beside(database_uri, "faults")
    var = tmp_path_factory.mktemp("faults")
    mongoengine.disconnect()
    with small_disk(var.with_name("second"), 8) as second:
        settings = Settings(
            var=var, mongodb_uri=uri, database="", secret_key="", host="127.0.0.1", port=0, proxy_hops=0, ledger_copy=second
        )  # fmt: skip
        app = create_app(settings)
        ensure_indexes()
        set_up_government(GOVERNMENT, pepper=app.config["PEPPER"])
        environ = {
            **environment(uri, var),
            "SHUZOKO_LEDGER_COPY": str(second),
            "SHUZOKO_WATCH_SECONDS": "120",
        }
        with (var.with_name("supervisor.log")).open("w") as log:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "engine.supervise"], cwd=PROJECT, env=environ, stdout=log, stderr=log
            )
        stage = Stage(app, settings, supervisor, engine_uri)
        try:
            assert processes.wait_until(lambda: stage.readyz() == (200, "ok\n"), 120), stage.readyz()
            assert processes.wait_until(stage.entries.exists, 60)
            yield stage
        finally:
            supervisor.terminate()
            supervisor.wait(timeout=60)
            for each in ("web", "worker", "sealer"):
                processes.stop(stage.lock(each), signal.SIGTERM)
            get_db().client.drop_database(name)
            mongoengine.disconnect()


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


@contextmanager
def content(path: Path, data: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    for each in pids:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in pids:
            os.kill(each, signal.SIGCONT)


def of_store(stage: Stage, *names: str) -> list[int]:
    """The processes of this session's embedded store; its folder stands in its gateway's command line."""
    socket = stage.engine_uri.partition("://")[2].partition("/?")[0].replace("%2F", "/")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if f"--listen-unix={socket}" in words:
            home = Path(next(each for each in words if each.startswith("--state-dir="))[12:]).parent
            return [pid for name in names for pid in processes.holders(home / f"{name}.lock")]
    return []


@contextmanager
def cut_copy(stage: Stage) -> Iterator[None]:
    os.truncate(stage.entries, 0)
    try:
        yield
    finally:
        get_db()["copies"].update_many({}, {"$unset": {"lost": ""}})


@contextmanager
def altered_copy(stage: Stage) -> Iterator[None]:
    with content(stage.entries, stage.entries.read_bytes().replace(b'"actor":"', b'"actor":"x', 1)):
        yield


@contextmanager
def cut_chain(stage: Stage) -> Iterator[None]:
    last = get_db()["chain"].find_one({"institution": "mihon"}, sort=[("_id", -1)])
    assert last is not None
    get_db()["chain"].delete_one({"_id": last["_id"]})
    try:
        yield
    finally:
        get_db()["chain"].insert_one(last)


@contextmanager
def full_second_place(stage: Stage) -> Iterator[None]:
    filler = fill(stage.settings.second_place)
    for _ in range(40):  # more than what the last block of the copy has room for
        note("signed_in", institution="mihon")
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def no_accounts(_stage: Stage) -> Iterator[None]:
    users = list(get_db()["users"].find())
    get_db()["users"].delete_many({})
    try:
        yield
    finally:
        get_db()["users"].insert_many(users)


@contextmanager
def tls(stage: Stage, files: str, address: str = "") -> Iterator[None]:
    with stage.set_to(tls_files=files, address=address):
        yield


def folder(stage: Stage) -> Path:
    made = stage.settings.var.with_name(f"tls-{time.monotonic_ns()}")
    made.mkdir()
    return made


def anothers_key(stage: Stage) -> str:
    ours, other = certificate(folder(stage)), certificate(folder(stage))
    return f"{ours.partition(':')[0]}:{other.partition(':')[2]}"


@contextmanager
def waiting(_stage: Stage) -> Iterator[None]:
    old = {
        "at": datetime.now(UTC) - timedelta(hours=1),
        "action": "signed_in",
        "actor": "",
        "institution": "mihon",
    }
    done = get_db()["ledger"].insert_one(old)
    try:
        yield
    finally:
        get_db()["ledger"].delete_one({"_id": done.inserted_id})


@contextmanager
def killed(stage: Stage) -> Iterator[None]:
    """The supervisor, and its worker with it: nothing starts them again. They stay dead for the rows after this one."""
    stage.supervisor.kill()
    stage.supervisor.wait()
    for each in (*processes.holders(stage.lock("worker")), *processes.holders(stage.lock("sealer"))):
        os.kill(each, signal.SIGKILL)
    yield


@contextmanager
def nothing_more(_stage: Stage) -> Iterator[None]:
    yield


FAULTS: dict[str, tuple[Callable[[Stage], Planting], str, str]] = {
    "the store is stopped": (
        lambda stage: stopped(of_store(stage, "postgres", "gateway")), "store", "It does not answer",
    ),
    "PostgreSQL is stopped": (
        lambda stage: stopped(of_store(stage, "postgres")), "store", "look at make run or MONGODB_URI",
    ),
    "the sealer is stopped": (
        lambda stage: stopped([processes.leader(stage.lock("sealer")) or 0]), "processes", "the sealer was stopped (SIGSTOP): its supervisor will soon restart it",
    ),
    "the worker is stopped": (
        lambda stage: stopped([processes.leader(stage.lock("worker")) or 0]), "processes", "the worker was stopped (SIGSTOP): its supervisor will soon restart it",
    ),
    "the web is stopped": (
        lambda stage: stopped([processes.leader(stage.lock("web")) or 0]), "processes", "the web application was stopped (SIGSTOP)",
    ),
    "the supervisor is stopped": (
        lambda stage: stopped([stage.supervisor.pid]), "processes", "wake it with kill -CONT",
    ),
    "the second place is cut": (cut_copy, "second_place", "had gone from the copy of mihon and were written again"),
    "the second place is altered": (altered_copy, "second_place", "entry 1 in the copy of mihon is damaged or was altered; find out who"),
    "the chain and its copy diverge": (cut_chain, "second_place", "look with flask audit verify, and after a restore run flask audit new-segment"),
    "the second place's disk is full": (full_second_place, "disk", "is full (0 MB left); remove what is not needed, or add space"),
    "the copy finds no room": (full_second_place, "second_place", "cannot be written, because the disk of"),
    "accounts are gone": (no_accounts, "accounts", "have gone from the store (mihon); restore it from a backup"),
    "a key is replaced": (
        lambda stage: content(keys.place(stage.settings.var) / "pepper", b"a" * 64), "keys", "pepper: another one): put the former",
    ),
    "var is open to all": (lambda stage: mode(stage.settings.var, 0o777), "modes", "(mode 777); close it with chmod go-w"),
    "keys can be read by others": (
        lambda stage: mode(keys.place(stage.settings.var), 0o755), "modes", "close with chmod go=",
    ),
    "the key is another certificate's": (lambda stage: tls(stage, anothers_key(stage)), "certificate", "is not the key of"),
    "the certificate has expired": (
        lambda stage: tls(stage, certificate(folder(stage), begins=-9, ends=-1)), "certificate", "get a new certificate and start make run again",
    ),
    "the certificate expires soon": (
        lambda stage: tls(stage, certificate(folder(stage), ends=5)), "certificate", "get a new certificate before that",
    ),
    "the certificate is for another name": (
        lambda stage: tls(stage, certificate(folder(stage), ends=90), "https://museum.example"), "certificate", "is not for museum.example (it names localhost)",
    ),
    "the supervisor is killed": (killed, "processes", "what ends is not started again; start make run again"),
    "entries wait for the ledger": (waiting, "sealing", "1 entries have waited for over 10 minutes; see that flask worker runs"),
    "the worker is dead": (nothing_more, "worker", "so histories do not reach the ledger; start make run (or flask worker) again"),
}  # fmt: skip
"""Fault → how it is planted, which check names it, and part of its sentence."""
WARNINGS = {"the second place is cut", "the certificate expires soon"}
"""Those of which there is nothing to be done at once."""
LASTING = {"the supervisor is killed", "the worker is dead"}
"""Those that are left as they are."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_what_to_do(stage: Stage, fault: str) -> None:
    plant, check, words = FAULTS[fault]
    if "SQL" in fault + "store is" and not of_store(stage, "gateway"):
        return  # a store that MONGODB_URI names for the tests: not ours to stop

    def names() -> bool:
        return any(f" {check}: " in line and words in line for line in stage.readyz()[1].splitlines())

    # What the row before has planted may still be on its way out.
    assert processes.wait_until(lambda: not names(), 40)
    with plant(stage):
        assert processes.wait_until(names, 40), stage.readyz()
        began = time.monotonic()
        status, told = stage.doctor()
        assert time.monotonic() - began < 10
        assert words in told
        if fault not in WARNINGS:
            assert (stage.readyz()[0], status) == (503, 1)
    assert fault in LASTING or processes.wait_until(lambda: not names(), 40), stage.readyz()


def test_strangers_and_who_comes_through_a_proxy_read_names_alone(stage: Stage) -> None:
    with mode(stage.settings.var, 0o777):
        assert processes.wait_until(lambda: "chmod" in stage.readyz()[1], 10)
        for headers in ({"X-Forwarded-For": "127.0.0.1"}, {"Via": "1.1 proxy"}):
            status, told = stage.readyz(**headers)
            assert status == 503
            assert "✗ modes\n" in told
            assert str(stage.settings.var) not in told
        elsewhere = stage.app.test_client().get("/readyz", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        assert str(stage.settings.var) not in elsewhere.text
