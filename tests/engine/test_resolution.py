"""Which store is used, and what is said when none can be made ready."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import EngineError, resolve, resolve_uri, start, var_folder
from engine.gateway import host_go
from engine.places import PROJECT, Places, places_for
from engine.setup import is_complete

BARE = {"PATH": "/nonexistent"}


def program(folder: Path, name: str, script: str) -> Path:
    """Puts a program of that name into a folder for a PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return folder


def engine_command(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`python -m engine …` with nothing in its environment but what is given."""
    return subprocess.run(
        [sys.executable, "-m", "engine", *words],
        env={"PYTHONPATH": str(PROJECT), **environ},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def made_sockets(tmp_path: Path) -> Iterator[Places]:
    places = places_for(tmp_path, BARE)
    yield places
    if places.sockets.is_symlink():
        places.sockets.unlink()
    shutil.rmtree(places.sockets, ignore_errors=True)


def test_a_named_store_is_used_and_nothing_is_started(tmp_path: Path) -> None:
    named = {**BARE, "MONGODB_URI": "mongodb://db.example/records?replicaSet=r"}
    assert resolve_uri(tmp_path, named) == "mongodb://db.example/records?replicaSet=r"
    assert list(tmp_path.iterdir()) == []


def test_a_mongod_on_the_path_comes_before_the_embedded_engine(tmp_path: Path) -> None:
    bin_folder = program(tmp_path / "bin", "mongod", "exit 1")
    assert resolve.choose(tmp_path, {"PATH": str(bin_folder)}) == "mongod"
    assert resolve.choose(tmp_path, BARE) == "embedded"


def test_a_mongod_that_appears_later_does_not_hide_the_records_of_the_embedded_engine(tmp_path: Path) -> None:
    bin_folder = program(tmp_path / "bin", "mongod", "exit 1")
    (tmp_path / "engine" / "postgresql").mkdir(parents=True)
    assert resolve.choose(tmp_path, {"PATH": str(bin_folder)}) == "embedded"


def test_records_made_by_a_mongod_are_not_replaced_by_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    with pytest.raises(EngineError, match="MONGODB_URI") as raised:
        start(tmp_path, BARE)
    assert str(tmp_path / "db") in raised.value.ja


def test_a_mongod_that_does_not_start_names_its_log(tmp_path: Path) -> None:
    bin_folder = program(tmp_path / "bin", "mongod", "echo no licence to run; exit 1")
    with pytest.raises(EngineError) as raised:
        start(tmp_path, {"PATH": f"{bin_folder}:{os.environ['PATH']}"})
    log = tmp_path / "engine" / "log" / "mongod.log"
    assert str(log) in raised.value.en
    assert log.read_text() == "no licence to run\n"


def test_var_counts_from_the_project_not_from_where_the_command_was_typed() -> None:
    assert var_folder({}) == PROJECT / "var"
    assert var_folder({"SHUZOKO_VAR": "/srv/shuzoko"}) == Path("/srv/shuzoko")


def test_sockets_fit_their_107_bytes_however_deep_the_checkout(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["収蔵庫の深い場所"] * 8)
    assert len(os.fsencode(places_for(deep, BARE).mongodb_socket)) <= 107


def test_two_deployments_never_share_sockets(tmp_path: Path) -> None:
    assert places_for(tmp_path / "a", BARE).sockets != places_for(tmp_path / "b", BARE).sockets


def test_a_socket_folder_that_others_can_open_is_refused(made_sockets: Places) -> None:
    made_sockets.sockets.mkdir()
    made_sockets.sockets.chmod(0o755)
    with pytest.raises(EngineError, match="open to others"):
        made_sockets.make_sockets()


def test_a_socket_folder_that_is_a_link_is_refused(made_sockets: Places, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    made_sockets.sockets.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EngineError, match="belongs to somebody else"):
        made_sockets.make_sockets()


def test_a_good_socket_folder_is_closed_and_used_again(made_sockets: Places) -> None:
    made_sockets.make_sockets()
    made_sockets.make_sockets()
    assert made_sockets.sockets.stat().st_mode & 0o777 == 0o700


def test_without_apt_one_sentence_names_what_is_missing_and_the_other_ways(tmp_path: Path) -> None:
    done = engine_command(
        "start", PATH=str(tmp_path), SHUZOKO_VAR=f"{tmp_path}/var", SHUZOKO_CACHE=f"{tmp_path}/c"
    )
    assert done.returncode == 1
    assert "Debianのapt" in done.stderr
    assert "needs Debian's apt" in done.stderr
    assert "MONGODB_URI" in done.stderr
    assert "mongod" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_namespaces_are_refused_nothing_is_fetched_first(tmp_path: Path) -> None:
    refusing = program(
        tmp_path / "bin", "unshare", "echo 'unshare failed: Operation not permitted' >&2; exit 1"
    )
    path = f"{refusing}:{os.environ['PATH']}"
    done = engine_command("start", PATH=path, SHUZOKO_VAR=f"{tmp_path}/var", SHUZOKO_CACHE=f"{tmp_path}/c")
    assert done.returncode == 1
    assert "does not allow user namespaces" in done.stderr
    assert "Operation not permitted" in done.stderr
    assert "MONGODB_URI" in done.stderr
    assert not (tmp_path / "c").exists()


def test_namespaces_refused_after_the_set_up_are_named_too(tmp_path: Path) -> None:
    refusing = program(tmp_path / "bin", "bwrap", "echo 'No permissions to create new namespace' >&2; exit 1")
    kept = {
        name: os.environ[name] for name in ("HOME", "SHUZOKO_CACHE", "XDG_CACHE_HOME") if name in os.environ
    }
    path = f"{refusing}:{os.environ['PATH']}"
    done = engine_command("start", **kept, PATH=path, SHUZOKO_VAR=f"{tmp_path}/var")
    assert done.returncode == 1
    assert "does not allow user namespaces" in done.stderr
    assert "No permissions to create new namespace" in done.stderr


@pytest.mark.parametrize(
    ("printed", "good"), [("go1.19.8", False), ("go1.25.0", True), ("go2.0", True), ("", False)]
)
def test_only_a_go_of_1_25_or_newer_builds_on_the_host(tmp_path: Path, printed: str, good: bool) -> None:
    folder = program(tmp_path / "bin", "go", f"echo {printed}")
    assert (host_go({"PATH": str(folder)}) is not None) is good


def test_a_set_up_that_was_cut_off_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    places = places_for(tmp_path, {"SHUZOKO_CACHE": str(tmp_path / "cache")})
    (places.programs / "tree.new" / "usr").mkdir(parents=True)
    (places.programs / "build-x" / "bin").mkdir(parents=True)
    assert not is_complete(places)
    (places.programs / "tree").mkdir()
    assert not is_complete(places)
