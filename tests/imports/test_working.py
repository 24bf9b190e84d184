"""The worker's side of an import: whatever goes wrong is said on its page, and no other job has to wait for it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pymongo.database import Database
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError, WriteError

from gate.refusals import NotFound
from imports.mapping.source import GONE
from imports.run.batching import Batching
from imports.run.row_comparison import batch_of
from imports.store import runs
from imports.work import GIVEN_UP, REFUSALS, UNFORESEEN, Work
from jobs import queue
from operations.store_indexes import ensure_indexes
from tests.imports.doing import KEY, begun, done, file, known

PLAIN = "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\n"


@pytest.fixture
def run(database: Database[dict[str, Any]], tmp_path: Path) -> str:
    """An import of one row, uploaded."""
    ensure_indexes()
    path = tmp_path / "rows.csv"
    path.write_text("no,title\n1,壺\n", encoding="utf-8-sig")
    return begun(path, PLAIN)


def test_what_nobody_foresaw_fails_its_import_and_tells_no_value(
    run: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Batching, "judge", Mock(side_effect=TypeError("山田花子")))
    with caplog.at_level(logging.ERROR):
        found = done(run)
    assert (found["state"], tuple(found["failure"])) == ("failed", UNFORESEEN)
    assert "TypeError" in caplog.text
    assert "花子" not in caplog.text
    assert not Work(KEY).step()


def test_a_store_that_is_away_fails_nothing(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Batching, "judge", Mock(side_effect=AutoReconnect))
    with pytest.raises(AutoReconnect):
        done(run)
    assert known(run)["state"] == "running"


@pytest.mark.parametrize("error", [OperationFailure("山田花子", 10334), WriteError("山田花子", 121)])
def test_a_store_that_answers_and_refuses_again_and_again_fails_the_import(
    run: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """And does not hold the worker, who also seals, back twenty times; where it was is logged."""
    monkeypatch.setattr(Batching, "judge", Mock(side_effect=error))
    assert runs.change(run, ["uploaded"], {}, state="running", by="console")
    queue.post("run", run)
    work = Work(KEY)
    refused = 0
    with caplog.at_level(logging.ERROR):
        while known(run)["state"] == "running":
            queue.jobs().update_many({}, {"$set": {"until": datetime.now(UTC)}})
            try:
                work.step()
            except PyMongoError:
                refused += 1
    assert (refused, known(run)["state"]) == (REFUSALS, "failed")
    assert tuple(known(run)["failure"]) == UNFORESEEN
    assert type(error).__name__ in caplog.text
    assert "花子" not in caplog.text


def test_stopped_and_gone_on_with_before_the_worker_looked_up_it_goes_on(
    database: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old job is put away: left open, it would be taken again and again, and fail the run in the end."""
    ensure_indexes()
    monkeypatch.setattr("imports.run.batching.SIZE", 1)
    run = begun(file(tmp_path, "no,title\n1,壺\n2,皿\n3,鉢\n"), PLAIN)
    assert runs.change(run, ["uploaded"], {}, state="running", by="console")
    queue.post("run", run)
    work = Work(KEY)
    assert work.step()
    old = (queue.latest(run) or {})["_id"]
    assert runs.change(run, ["running"], {}, state="stopped", by="console")
    queue.ask_to_stop(run)
    assert runs.change(run, ["stopped"], {}, state="running", by="console")
    queue.post("run", run)
    assert work.step()
    assert (queue.jobs().find_one({"_id": old}) or {})["state"] == "stopped"
    assert known(run)["state"] == "running"
    while work.step():
        pass
    assert known(run)["state"] == "reconciled"
    assert database["items"].count_documents({}) == 3
    assert database["jobs"].count_documents({"state": {"$in": list(queue.OPEN)}}) == 0


def test_a_job_that_kills_whoever_takes_it_fails_its_import_in_the_end(run: str) -> None:
    queue.post("run", run)
    assert runs.change(run, ["uploaded"], {}, state="running", by="console")
    for at in range(queue.TRIES):
        taken = queue.claim(f"worker {at}", ("run",))
        assert taken is not None
        assert not taken.given_up
        queue.jobs().update_one({"_id": taken.id}, {"$set": {"until": datetime.now(UTC) - timedelta(1)}})
    work = Work(KEY)
    assert work.step()
    found = known(run)
    assert (found["state"], tuple(found["failure"])) == ("failed", GIVEN_UP)
    assert (queue.latest(run) or {})["state"] == "failed"
    assert not work.step()


def test_a_source_that_another_key_sealed_is_said_to_be_gone(
    run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restore from a backup, which holds no keys."""
    done(run)
    monkeypatch.setattr("tests.imports.doing.KEY", b"another key")
    found = done(run, "reconcile")
    assert (found["state"], tuple(found["failure"])) == ("failed", GONE)


def test_a_row_is_found_without_reading_every_batch(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for no in range(100):
        runs.keep_batch(run, "run", no, {"rows": [no * 10 + 2, no * 10 + 5]})
    read: list[int] = []
    batch = runs.batch

    def noted(run_: str, phase: str, no: int, **more: Any) -> Any:
        read.append(no)
        return batch(run_, phase, no, **more)

    monkeypatch.setattr(runs, "batch", noted)
    for row, no in ((1, 0), (2, 0), (5, 0), (6, 1), (505, 50), (990, 99), (995, 99), (996, 100)):
        assert runs.first_reaching(run, "run", row) == no
    assert len(read) <= 8 * 7
    read.clear()
    monkeypatch.setattr(runs, "batches", None)
    assert batch_of({"_id": run}, "run", 502)["no"] == 50
    for missing in (1, 503, 996):
        with pytest.raises(NotFound):
            batch_of({"_id": run}, "run", missing)
