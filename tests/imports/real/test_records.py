"""Real records, to the row: the ward's sites in both encodings, and eight thousand objects of a museum (S3)."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from pymongo.database import Database

from imports.formats.form import SheetRow
from imports.mapping.mapping import mapping_of, read_mapping
from imports.mapping.source import SAMPLED
from imports.proposals.chosen_columns import choices
from imports.proposals.proposals import proposed
from imports.run.reconciliation import agrees
from models.registry import NOUNS
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


RIGHT = {
    "carnegie-8000.csv": {
        "accession_number": "field:accession_number", "title": "field:title", "creator": "field:maker",
        "creation_date": "field:period", "medium": "field:materials", "classification": "field:object_type",
        "credit_line": "field:credit_line", "date_acquired": "field:acquisition_date", "physical_location": "field:location",
        "item_width": "size:width", "item_height": "size:height", "item_depth": "size:depth", "item_diameter": "size:diameter",
        "provenance_text": "field:provenance", "web_url": "field:web_address",
    },
    "shinjuku-sites.csv": {
        "遺跡番号": "field:accession_number", "ふりがな": "field:title_reading", "遺跡名": "field:title", "所在地": "field:place_made",
        "時代": "field:period", "種別": "field:object_type", "主な遺構/概要": "field:description", "主な出土品": "label:notes",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_of_a_published_files_columns_seven_of_ten_are_proposed_rightly(records: Path, name: str) -> None:
    """A column that is rightly left out counts as right; one that becomes another field than its own is a fault."""
    with (records / name).open(encoding="utf-8-sig", newline="") as file:
        first = list(islice(csv.DictReader(file), SAMPLED))
    header = list(first[0])
    told = proposed(NOUNS["item"], header, [SheetRow(at, row) for at, row in enumerate(first, 2)]).told
    taken = choices(mapping_of(tomli_w.dumps(told)))
    right = [column for column in header if taken.get(column, "") == RIGHT[name].get(column, "")]
    assert len(right) >= 0.7 * len(header)
    assert {column for column in taken if taken[column] != RIGHT[name].get(column)} == set()
