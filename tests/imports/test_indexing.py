"""What an import takes away for its time is owed in the store, and built again whoever died and whatever broke off (S3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from gate.store.bulk_indexes import filling, owing
from imports.mapping.mapping import read_mapping
from imports.run import indexing
from imports.run.batching import Batching, Judged
from imports.store import runs
from imports.work import Work
from jobs import queue
from operations.store_indexes import ensure_indexes, missing_indexes
from tests.imports.carnegie import MAPPING, rows, written
from tests.imports.doing import KEY, begun, done, known

DROPPED = {"items.keys.grams_1", "items.institution_1_sort_keys.title_1__id_1"}
Cut = Callable[[type[BaseException]], None]


@pytest.fixture
def run(store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An import of three batches that takes indexes away. The store estimates how many records there are, and for a while
    counts those that an earlier test deleted: only a new collection is surely empty to it."""
    store.drop_collection("items")
    ensure_indexes()
    monkeypatch.setattr("gate.store.bulk_indexes.MANY", 100)
    monkeypatch.setattr("gate.store.bulk_indexes.VERY_MANY", 100)
    monkeypatch.setattr("imports.run.batching.SIZE", 100)
    return begun(written(tmp_path / "rows.csv", rows(300)), read_mapping(MAPPING))


@pytest.fixture
def cut(run: str, store: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Cut:
    """Break the run off in its second batch, and let its job be taken again."""

    def broken_off(error: type[BaseException]) -> None:
        store_batch = Batching.store

        def breaking(self: Batching, judged: Judged) -> None:
            if judged.no == 1:
                assert set(missing_indexes()) >= DROPPED
                raise error
            store_batch(self, judged)

        with monkeypatch.context() as patched:
            patched.setattr(Batching, "store", breaking)
            with pytest.raises(error):
                done(run)
        store["jobs"].update_many({}, {"$set": {"until": known(run)["made_at"]}})

    return broken_off


def worked(work: Work) -> None:
    """All that waits."""
    while work.step():
        pass


@pytest.mark.parametrize("error", [AutoReconnect, SystemExit])
def test_every_index_is_there_again_after_a_run_that_broke_off_and_was_gone_on_with(
    run: str, cut: Cut, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Though the rows that are left would not have been reason enough to take them away."""
    cut(error)
    assert owing()
    monkeypatch.setattr("gate.store.bulk_indexes.IN_PLACE", 0)
    worked(Work(KEY))
    assert known(run)["state"] == "reconciled"
    assert (missing_indexes(), owing()) == ([], {})


def test_every_index_is_there_again_though_the_run_never_goes_on(run: str, cut: Cut) -> None:
    """Failed before its first batch by whoever took it next, who knew nothing of what was taken away."""
    cut(SystemExit)
    assert runs.change(run, ["running"], {}, state="failed", by="console")
    assert set(missing_indexes()) >= DROPPED
    worked(Work(KEY))
    assert (missing_indexes(), owing()) == ([], {})


def test_while_an_import_is_at_work_nobody_builds_what_it_owes(run: str, cut: Cut) -> None:
    cut(SystemExit)
    queue.jobs().update_many({}, {"$set": {"until": known(run)["made_at"].replace(year=2999)}})
    assert Work(KEY).step() == 0
    assert set(missing_indexes()) >= DROPPED


def test_stopped_it_is_put_away_first_and_its_indexes_are_built_after(
    run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has other work than to wait for them, and the lease of a job that blocks it runs out."""
    lacking = []
    monkeypatch.setattr(indexing, "STEP", 0.0)
    assert runs.change(run, ["uploaded"], {}, state="running", by="console")
    queue.post("run", run)
    work = Work(KEY)
    assert work.step()
    queue.ask_to_stop(run)
    assert work.step()
    assert (known(run)["state"], (queue.latest(run) or {})["state"]) == ("stopped", "stopped")
    assert set(missing_indexes()) >= DROPPED
    while work.step():
        lacking.append(missing_indexes())
    assert lacking
    assert (missing_indexes(), owing()) == ([], {})


def test_a_worker_that_begins_in_the_midst_of_a_filling_leaves_it_alone(
    store: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.store.bulk_indexes.MANY", 0)
    with filling(1):
        worked(Work(KEY, unsure=True))
        assert "items.keys.grams_1" in missing_indexes()
    assert (missing_indexes(), owing()) == ([], {})


def test_a_worker_that_begins_builds_what_lacks(store: Database[dict[str, Any]]) -> None:
    """As after an upgrade that declares another one."""
    store["items"].drop_index("keys.grams_1")
    worked(Work(KEY))
    assert missing_indexes() == ["items.keys.grams_1"]
    worked(Work(KEY, unsure=True))
    assert missing_indexes() == []
