"""A legacy ledger with planted faults: every one found and named, every good row in, file and store reconciled (S3)."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from gate.console import console
from gate.writing import create
from migration.batching import IMPORTED, REFUSED
from migration.mapping import read_mapping
from migration.reconciling import agrees
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from tests.migration.carnegie import MAPPING as CARNEGIE
from tests.migration.carnegie import REAL
from tests.migration.doing import begun, done, fates, problems
from tests.migration.legacy import KINDS, MAPPING, ledger

SHINJUKU = CARNEGIE.parent / "shinjuku-sites.toml"


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


@pytest.mark.parametrize("name", ["shinjuku-sites.csv", "shinjuku-sites-cp932.csv"])
def test_the_wards_own_sites_are_in_to_the_row(
    store: Database[dict[str, Any]], tmp_path: Path, name: str
) -> None:
    real = REAL.parent / name
    if not real.exists():
        pytest.fail("the real records of ../shared/data are not there")
    mapping = read_mapping(SHINJUKU)
    run = begun(real, mapping)
    done(run)
    found = done(run, "reconcile")
    assert found["counts"]["rows"] == 151
    assert agrees(found["reconciled"], found["counts"])
    # What an old system wrote as "?" is listed by row, column and place, and none is left out.
    encoding = "cp932" if "cp932" in name else "utf-8-sig"
    with real.open(encoding=encoding, newline="") as file:
        lost = {
            (row, column): cell.count("?")
            for row, cells in enumerate(csv.DictReader(file), 2)
            for column, cell in cells.items()
            if column in mapping.columns and "?" in cell
        }
    listed = {
        (each.row, each.column): len(each.places) for each in problems(run) if "「?」" in each.reason[0]
    }
    assert listed == lost
    assert sum(lost.values()) > 50


@pytest.mark.proof
def test_eight_thousand_real_objects_are_in_to_the_row(store: Database[dict[str, Any]]) -> None:
    run = begun(REAL, read_mapping(CARNEGIE))
    done(run)
    found = done(run, "reconcile")
    assert found["counts"]["fates"] == [7997, 0, 0, 0, 3, 0]
    assert agrees(found["reconciled"], found["counts"])
