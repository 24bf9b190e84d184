"""The embedded engine's life: started twice, killed, started again, stopped; nothing acknowledged is lost."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError, OperationFailure

import engine
from engine import processes
from engine.places import PROJECT, Places, places_for

# The embedded engine is what is tried here, whatever store the other tests were given.
ENVIRON = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
WRITERS = 4
ROUND = 40

# One insert after another; a number is written to the file only after the store has acknowledged it.
WRITER = """
import sys
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError, PyMongoError

uri, writer, acknowledged = sys.argv[1], sys.argv[2], open(sys.argv[3], "w", buffering=1)
records = MongoClient(uri, serverSelectionTimeoutMS=60_000).lifecycle.records
for number in range(1_000_000):
    while True:
        try:
            records.insert_one({"_id": f"{writer}-{number}", "text": "資料" * 50})
        except DuplicateKeyError:
            pass  # stored before the store died, acknowledged by nobody: the retry finds it
        except PyMongoError:
            continue
        break
    print(f"{writer}-{number}", file=acknowledged)
"""


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    engine.stop(tmp_path, ENVIRON)


@pytest.fixture
def places(var: Path) -> Places:
    return places_for(var, ENVIRON)


@pytest.fixture
def running(var: Path) -> engine.Engine:
    return engine.start(var, ENVIRON)


def command(var: Path, *words: str) -> subprocess.Popen[str]:
    environ = {**ENVIRON, "SHUZOKO_VAR": str(var)}
    call = [sys.executable, "-m", "engine", *words]
    return subprocess.Popen(
        call, env=environ, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_starts_at_once_and_a_third_later_find_the_same_engine(var: Path) -> None:
    together = [command(var, "start") for _ in range(2)]
    printed = {starting.communicate(timeout=120)[0].strip() for starting in together}
    assert [starting.returncode for starting in together] == [0, 0]
    first = engine.start(var, ENVIRON)
    pids = first.processes()
    assert printed == {first.uri}
    assert None not in pids.values()
    assert engine.start(var, ENVIRON).processes() == pids


def test_status_names_each_process_and_tells_by_its_exit_status(running: engine.Engine, var: Path) -> None:
    asked = command(var, "status")
    printed = asked.communicate(timeout=60)[0]
    assert asked.returncode == 0
    for name, pid in running.processes().items():
        assert f"{name} {pid}\n" in printed
    running.stop()
    asked = command(var, "status")
    assert "postgres -" in asked.communicate(timeout=60)[0]
    assert asked.returncode == 3


def test_a_stop_is_clean_and_the_records_are_there_at_the_next_start(
    running: engine.Engine, var: Path, places: Places
) -> None:
    with MongoClient[dict[str, Any]](running.uri) as client:
        client.lifecycle.records.insert_one({"_id": 1})
    running.stop()
    assert [processes.holders(places.lock(name)) for name in ("postgres", "gateway")] == [[], []]
    assert not places.sockets.exists()
    assert "database system is shut down" in places.log("postgres").read_text()
    with MongoClient[dict[str, Any]](engine.start(var, ENVIRON).uri) as client:
        assert client.lifecycle.records.find_one() == {"_id": 1}


def test_only_the_owner_can_reach_the_sockets_and_the_data(running: engine.Engine, places: Places) -> None:
    for folder in (places.sockets, places.home, places.home / "postgresql"):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_no_value_of_a_record_reaches_a_log(running: engine.Engine, places: Places) -> None:
    with MongoClient[dict[str, Any]](running.uri) as client:
        people = client.lifecycle.people
        people.create_index("telephone", unique=True)
        people.insert_one({"telephone": "03-1234-5678"})
        with pytest.raises(DuplicateKeyError):
            people.insert_one({"telephone": "03-1234-5678"})
        for quoting in ({"$toInt": "$telephone"}, {"$dateFromString": {"dateString": "$telephone"}}):
            with pytest.raises(OperationFailure, match="03-1234-5678"):
                people.aggregate([{"$project": {"value": quoting}}])
    logs = "".join(log.read_text() for log in (places.home / "log").iterdir())
    assert logs
    assert "1234" not in logs


@pytest.mark.parametrize("killed", [("postgres",), ("gateway",), ("postgres", "gateway")])
def test_nothing_acknowledged_is_lost_when_processes_are_killed_under_four_writers(
    running: engine.Engine, var: Path, places: Places, tmp_path: Path, killed: tuple[str, ...]
) -> None:
    files = [tmp_path / f"acknowledged-{number}" for number in range(WRITERS)]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, running.uri, str(number), str(file)])
        for number, file in enumerate(files)
    ]
    try:
        wait_for_more(files, [0] * WRITERS)
        for name in killed:
            pid = running.processes()[name]
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        for name in killed:
            assert processes.wait_until(lambda name=name: not processes.is_running(places.lock(name)), 10)  # type: ignore[misc]
        at_death = [len(lines(file)) for file in files]
        again = engine.start(var, ENVIRON)
        assert again.uri == running.uri
        wait_for_more(files, at_death)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    acknowledged = {name for file in files for name in lines(file)}
    with MongoClient[dict[str, Any]](running.uri) as client:
        stored = {record["_id"] for record in client.lifecycle.records.find({}, {"_id": 1})}
    assert len(acknowledged) >= 2 * WRITERS * ROUND
    assert acknowledged - stored == set()
    said = places.log("postgres").read_text()
    assert not re.search(
        r"cron job \d+ (starting|COMMAND|completed)", said
    )  # two lines every two seconds, for nothing


def test_a_long_log_is_put_aside_while_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LOG_BYTES_KEPT", 10)
    log = tmp_path / "postgres.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"short\n")
        processes.rotate(log)
        writer.write(b"and longer\n")
        processes.rotate(log)
        writer.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "postgres.log.1").read_bytes() == b"short\nand longer\n"
    assert (tmp_path / "postgres.log.1").stat().st_mode & 0o077 == 0


def lines(file: Path) -> list[str]:
    """The whole lines of a file that is being written."""
    return file.read_text().split("\n")[:-1] if file.exists() else []


def wait_for_more(files: list[Path], than: list[int]) -> None:
    """Until every writer had another round acknowledged."""
    assert processes.wait_until(
        lambda: all(len(lines(file)) >= before + ROUND for file, before in zip(files, than, strict=True)), 90
    )
