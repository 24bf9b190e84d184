"""A row that is kept out stops nothing: whatever its kind, the others come in, are reconciled and signed off (S3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mongoengine.connection import get_db
from pymongo.database import Database

from accounts.console import console
from imports.mapping.mapping import mapping_of
from imports.run import sign_off
from imports.run.decisions import REFUSE, held, record_decisions
from imports.run.outcomes import HELD, MERGED, OUTCOMES
from imports.run.problem_rows import problem_rows
from imports.run.reconciliation import agrees
from imports.run.row_comparison import beside
from imports.store import runs
from imports.work import Work
from jobs import queue
from tests.imports.doing import KEY, begun, done, fates, known
from tests.imports.refused import CASES, FAULT, Case
from tests.world import actor, world

pytestmark = pytest.mark.usefixtures("store")
Document = dict[str, Any]


@pytest.fixture
def run(database: Database[Document], tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch) -> str:
    """The import of a case's file, each row a batch of its own."""
    monkeypatch.setattr("imports.run.batching.SIZE", 1)
    world(database)
    case.before()
    path = tmp_path / "台帳.csv"
    path.write_bytes(case.bytes())
    return begun(path, case.mapping, **case.told)


def each_case() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])


def cut_and_gone_on(run: str) -> Document:
    """Run until the row at fault is judged, stopped there, and gone on with as the page does it."""
    done(run, until=lambda _: runs.done_batches(run, "run") >= FAULT - 1)
    runs.change(run, ["running"], {}, state="stopped", by="console")
    get_db()["jobs"].delete_many({})
    assert runs.change(run, ["stopped", "ran"], {}, state="running", by="console")
    queue.post("run", run)
    work = Work(KEY)
    while work.step():
        pass
    return known(run)


@each_case()
def test_every_kind_of_refused_row_goes_through_to_the_sign_off(case: Case, run: str) -> None:
    """The run stopped behind it and gone on with, reconciled, looked at, given back, decided, and signed."""
    found = cut_and_gone_on(run)
    assert (found["state"], found.get("failure")) == ("reconciled", None)
    assert OUTCOMES[fates(run)[FAULT]] == OUTCOMES[case.fate]
    assert sorted(fates(run)) == [2, 3, 4]
    assert agrees(found["reconciled"], found["counts"])
    for row in (2, FAULT, 4):
        assert beside(console("soseki"), found, "run", [row], KEY)[0].cells
    if case.fate == HELD:
        leave_out(found)
        found = known(run)
        assert agrees(found["reconciled"], found["counts"])
    assert given_back(found) == ([] if case.fate == MERGED else [str(FAULT)])
    witness = actor("manager")
    sign_off.look_at(witness, found, beside(witness, found, "run", found["reconciled"]["sample"], KEY))
    assert sign_off.sign(witness, known(run), {2, 3, 4}, "")
    assert known(run)["state"] == "signed"


@each_case()
def test_every_kind_of_refused_row_is_tried_and_taken_back(case: Case, run: str) -> None:
    tried = done(run, "trial")["trial"]
    counted = done(run)["counts"]
    assert tried["fates"] == counted["fates"]
    found = done(run, "undo")
    assert (found["state"], found["stayed_count"]) == ("undone", 0)
    assert get_db()["items"].count_documents({"imported.run": run, "revision": 1}) == 0


def given_back(found: Document) -> list[str]:
    """The numbers of the rows that a person gets to correct."""
    heads, rows = problem_rows(actor("staff.soseki"), found, "run", KEY, 0, purpose="report")
    given = list(rows)
    assert all(len(row) == len(heads) for row in given)
    return [row[1] for row in given]


def leave_out(found: Document) -> None:
    """Decide of what is held that it is left out, and have that done."""
    run, mapping = str(found["_id"]), mapping_of(found["mapping"]["text"])
    decided = {
        batch["no"]: dict.fromkeys(held(batch), {"as": REFUSE, "by": "console", "reason": "調べた"})
        for batch in runs.batches(run, "run")
    }
    assert record_decisions(console("soseki"), found, mapping, decided, KEY)
    work = Work(KEY)
    while work.step():
        pass
