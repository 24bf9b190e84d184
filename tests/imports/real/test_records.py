"""Real records, to the row: the ward's sites in both encodings, and eight thousand objects of a museum (S3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from imports.mapping.mapping import read_mapping
from imports.run.reconciliation import agrees
from tests.imports.carnegie import MAPPING as CARNEGIE
from tests.imports.doing import begun, done
from tests.imports.sites import MAPPING as SITES
from tests.imports.sites import lost_and_listed

pytestmark = pytest.mark.usefixtures("store")


@pytest.mark.parametrize(
    ("name", "encoding"), [("shinjuku-sites.csv", "utf-8-sig"), ("shinjuku-sites-cp932.csv", "cp932")]
)
def test_the_wards_own_sites_are_in_to_the_row(records: Path, name: str, encoding: str) -> None:
    run = begun(records / name, read_mapping(SITES))
    done(run)
    found = done(run, "reconcile")
    assert found["counts"]["rows"] == 151
    assert agrees(found["reconciled"], found["counts"])
    lost, listed = lost_and_listed(records / name, encoding, run)
    assert listed == lost
    assert sum(lost.values()) > 50


def test_eight_thousand_real_objects_are_in_to_the_row(
    store: Database[dict[str, Any]], records: Path
) -> None:
    run = begun(records / "carnegie-8000.csv", read_mapping(CARNEGIE))
    done(run)
    found = done(run, "reconcile")
    assert found["counts"]["fates"] == [7997, 0, 0, 0, 3, 0]
    assert agrees(found["reconciled"], found["counts"])
    assert store["items"].count_documents({}) == 7997
