"""A store that is empty, keys that are gone, an engine that does not start: what an operator reads then, and what to do."""

from __future__ import annotations

import os
import re
import select
import shutil
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pymongo import MongoClient

from settings import keys
from tests.commands.conftest import FLASK, PROJECT, Site
from tests.serving import beside, free_port

GOVERNMENT = ("--kind", "museum", "--name", "見本館", "--name-en", "", "--code", "mihon", "--display-name", "見本 花子",
              "--login-id", "kanri")  # fmt: skip
LINK = re.compile(r"http://127\.0\.0\.1:8000/(reset|setup)/[a-z2-9]{5}(-[a-z2-9]{5}){4}\n")


@pytest.fixture
def bare(database_uri: str, tmp_path: Path) -> Iterator[Site]:
    """A deployment with nothing in its store, named by MONGODB_URI."""
    uri, _ = beside(database_uri, f"bare_{tmp_path.name[-24:].replace('-', '_')}")
    with MongoClient[dict[str, object]](uri, tz_aware=True) as client:
        yield Site(client.get_default_database(), uri, tmp_path / "var")
        client.drop_database(client.get_default_database().name)


def test_production_begins_with_init_and_goes_on_with_users_create(bare: Site) -> None:
    before = bare.flask("doctor", LC_ALL="en_US.UTF-8")
    assert before.returncode == 1
    assert "There is no institution, role or administrator yet: run flask init" in before.stdout
    assert not keys.place(bare.var).exists()  # doctor looks and makes nothing
    page = bare.flask("init", "--page")
    assert (page.returncode, bool(LINK.fullmatch(page.stdout))) == (0, True), page.stderr
    made = bare.flask("init", *GOVERNMENT)
    assert (made.returncode, bool(LINK.fullmatch(made.stdout))) == (0, True), made.stderr
    assert bare.database["resets"].count_documents({}) == 1
    again = bare.flask("init", *GOVERNMENT, LC_ALL="en_US.UTF-8")
    assert (again.returncode, again.stdout) == (1, "")
    assert "has an administrator already" in again.stderr
    assert bare.flask("init", "--page").returncode == 1
    words = ("users", "create", "gakugei", "--institution", "mihon", "--name", "見本 太郎", "--role")
    wrong = bare.flask(*words, "king", LC_ALL="en_US.UTF-8")
    assert (wrong.returncode, wrong.stderr) == (1, "Error: role: This institution has no such role.\n")
    created = bare.flask(*words, "staff")
    assert (created.returncode, bool(LINK.fullmatch(created.stdout))) == (0, True), created.stderr
    twice = bare.flask(*words, "staff")
    assert (twice.returncode, "Traceback" in twice.stderr) == (1, False)
    listed = bare.flask("users", "list").stdout
    assert [line.split()[1:3] for line in listed.splitlines()[1:]] == [
        ["gakugei", "staff"],
        ["kanri", "administrator"],
    ]
    after = bare.flask("doctor")
    assert after.returncode == 0, after.stdout


def test_a_start_with_other_keys_is_refused_in_one_sentence_by_every_process(
    bare: Site, tmp_path: Path
) -> None:
    """A second machine with keys of its own: commands, worker and web do nothing, and nothing is signed or written."""
    assert bare.flask("init", *GOVERNMENT).returncode == 0
    assert bare.flask("audit", "seal").returncode == 0
    other = Site(bare.database, bare.uri, tmp_path / "other")
    for name in keys.NAMES:
        keys.make_key(other.var, name)
    chain = bare.database["chain"].count_documents({})
    for words in (("audit", "seal"), ("worker",), ("users", "list"), ("keys", "pepper")):
        done = other.flask(*words, LC_ALL="en_US.UTF-8")
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr
        assert f"the former {keys.place(other.var)} back" in done.stderr
    doctor = other.flask("doctor", LC_ALL="en_US.UTF-8")
    assert doctor.returncode == 1
    assert "pepper: another one" in doctor.stdout
    web = subprocess.run(
        [str(Path(FLASK).parent / "gunicorn"), "app:create_app()", "--bind", f"127.0.0.1:{free_port()}", "--log-level", "critical"],
        cwd=PROJECT, env=other.environ(LC_ALL="en_US.UTF-8"), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert web.returncode == 3
    assert "The keys in" in web.stderr
    assert "Traceback" not in web.stderr
    assert bare.database["chain"].count_documents({}) == chain
    shutil.copytree(keys.place(bare.var), keys.place(other.var), dirs_exist_ok=True)
    assert other.flask("audit", "verify", SHUZOKO_LEDGER_COPY=str(bare.var / "ledger")).returncode == 0


def test_a_lost_key_is_told_and_replaced_only_when_asked_for(bare: Site) -> None:
    assert bare.flask("init", *GOVERNMENT).returncode == 0
    (keys.place(bare.var) / "ledger").unlink()
    refused = bare.flask("upgrade", LC_ALL="en_US.UTF-8")
    assert refused.returncode == 1
    assert "ledger: missing" in refused.stderr
    assert not (keys.place(bare.var) / "ledger").exists()
    kept = bare.flask("keys", "accept", typed="n\n", LC_ALL="en_US.UTF-8")
    assert kept.returncode == 1
    assert "cannot be verified without the former key" in kept.stderr
    assert not (keys.place(bare.var) / "ledger").exists()
    assert bare.flask("keys", "accept", "--yes").returncode == 0
    assert bare.flask("upgrade").returncode == 0
    assert bare.database["ledger"].count_documents({"action": "keys_accepted", "detail": "ledger"}) == 1


def alone(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment that names no store, on a machine where the embedded one can be neither found nor fetched."""
    kept = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
    nowhere = {"PATH": "/nowhere", "SHUZOKO_CACHE": str(tmp_path / "cache"), "LC_ALL": "en_US.UTF-8"}
    return kept | nowhere | {"SHUZOKO_VAR": str(tmp_path / "var"), "PORT": str(free_port()), **more}


def run(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FLASK, *words], cwd=PROJECT, env=environ, capture_output=True, text=True, check=False, timeout=120
    )


def test_help_and_doctor_start_and_make_nothing(tmp_path: Path) -> None:
    for words in (("--help",), ("users", "create", "--help"), ("doctor",)):
        done = run(alone(tmp_path), *words)
        assert done.returncode == (words == ("doctor",)), done.stderr
        assert done.stderr == ""
        assert list(tmp_path.iterdir()) == []
    assert "It does not run; start it with make run." in done.stdout


@pytest.mark.parametrize(
    "words", [("users", "list"), ("worker",), ("seed", "demo"), ("keys", "accept"), ("import", "photographs", ".", "--institution", "x")],
    ids=" ".join,
)  # fmt: skip
def test_a_command_whose_engine_does_not_start_says_so_in_one_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run(alone(tmp_path), *words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "MONGODB_URI" in done.stderr


def test_a_store_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    done = run(alone(tmp_path, MONGODB_URI="mongodb://127.0.0.1:1/nowhere"), "users", "list")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "The store does not answer" in done.stderr


@pytest.mark.parametrize(
    "setting",
    [{"PORT": "eighty"}, {"SHUZOKO_PROXY_HOPS": "-1"}, {"SECRET_KEY": "change-me"}, {"MONGODB_URI": "mongodb://a%hidden@/x"}],
    ids=lambda each: next(iter(each)),
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path: Path, setting: dict[str, str]) -> None:
    done = run(alone(tmp_path, **setting), "users", "list")
    assert (done.returncode != 0, done.stdout, len(done.stderr.splitlines())) == (True, "", 1), done.stderr
    assert next(iter(setting)) in done.stderr
    assert "hidden" not in done.stderr


@contextmanager
def without_authentication(uri: str) -> Iterator[str]:
    """The store of that address on a port of this machine as well, where it asks nobody who comes."""
    behind = unquote(urlsplit(uri).netloc)

    class Through(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as store:
                store.connect(behind)
                ends = {self.request: store, store: self.request}
                while True:
                    for end in select.select(list(ends), [], [])[0]:
                        if not (data := end.recv(1 << 16)):
                            return
                        ends[end].sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Through) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"mongodb://127.0.0.1:{server.server_address[1]}{urlsplit(uri).path}"
        server.shutdown()


def test_doctor_warns_of_a_store_that_asks_nobody_who_comes(bare: Site) -> None:
    if not urlsplit(bare.uri).netloc.endswith(".sock"):
        return  # a store that MONGODB_URI names for the tests: on a port already, and it may well ask
    assert bare.flask("init", *GOVERNMENT).returncode == 0
    with without_authentication(bare.uri) as uri:
        warned = bare.flask("doctor", MONGODB_URI=uri, LC_ALL="en_US.UTF-8")
    assert "! Authentication of the store: It opens without authentication" in warned.stdout
    assert warned.returncode == 0, warned.stdout + warned.stderr
    assert "Authentication of the store" not in bare.flask("doctor", LC_ALL="en_US.UTF-8").stdout
