"""A legacy ledger with planted faults: every one found and named, every good row in, file and store reconciled (S3)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from accounts.console import console
from gate.writing.writing import create
from imports.mapping.mapping import read_mapping
from imports.run.outcomes import IMPORTED, REFUSED
from imports.run.reconciliation import agrees
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from tests.imports.doing import begun, done, fates, problems
from tests.imports.legacy import KINDS, MAPPING, ledger
from tests.imports.sites import COUNT, UNREAD, lost_and_listed, sites
from tests.imports.sites import MAPPING as SITES


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    ensure_indexes()
    create(console("soseki"), NOUNS["donor"], "soseki", {"donor_number": "D000001", "name": "夏目 鏡子"})
    return database


@pytest.mark.parametrize(
    ("rows", "each"),
    [(1_000, 3), pytest.param(20_000, 15, marks=pytest.mark.proof, id="20,000 rows, 300 faults")],
)
def test_every_planted_fault_is_found_and_named_and_every_good_row_is_in(
    store: Database[dict[str, Any]], tmp_path: Path, rows: int, each: int
) -> None:
    made = ledger(rows, each)
    path = tmp_path / "旧台帳.csv"
    path.write_bytes(made.raw)
    run = begun(path, MAPPING)
    tried = done(run, "trial")["trial"]
    after = done(run)
    told = {(found.row, found.column, found.fatal): found.reason[0] for found in problems(run)}
    for row, kind in made.planted.items():
        assert kind.said in told.get((row, kind.column, kind.fatal), ""), (row, kind.name)
    # Nothing is told of a row in which nothing was planted.
    assert {row for row, _, _ in told} == set(made.planted)
    out = {row for row, kind in made.planted.items() if kind.fatal}
    assert fates(run) == {row: REFUSED if row in out else IMPORTED for row in range(2, rows + 2)}
    assert tried["fates"] == after["counts"]["fates"] == [rows - len(out), 0, 0, 0, len(out), 0]
    assert store["items"].count_documents({}) == rows - len(out)
    assert Counter(kind.name for kind in made.planted.values()) == dict.fromkeys(
        (k.name for k in KINDS), each
    )
    found = done(run, "reconcile")
    assert agrees(found["reconciled"], found["counts"])
    print(
        f"{rows} rows, {len(made.planted)} faults of {len(KINDS)} kinds: all found, {rows - len(out)} rows in"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_list_of_sites_is_in_to_the_row_and_what_it_lost_is_listed(
    store: Database[dict[str, Any]], tmp_path: Path, encoding: str
) -> None:
    """What an old system wrote as "?" is listed by row, column and place, and none is left out."""
    path = tmp_path / "遺跡.csv"
    path.write_bytes(sites(encoding))
    run = begun(path, read_mapping(SITES))
    done(run)
    found = done(run, "reconcile")
    assert found["counts"]["fates"] == [COUNT - len(UNREAD), 0, 0, 0, len(UNREAD), 0]
    assert agrees(found["reconciled"], found["counts"])
    lost, listed = lost_and_listed(path, encoding, run)
    assert listed == lost
    assert sum(lost.values()) > 50
