"""Three hundred real rows with planted mistakes: each mistake is told by row and column, all else is in."""

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from gate.console import console
from gate.refusals import Refused
from gate.store import ensure_indexes
from gate.writing import create
from migration.mapping import read_mapping
from migration.running import Problem, Run
from migration.reading.sheet import opened
from models.registry import NOUNS
from tests.migration.carnegie import MAPPING, rows, written
from tests.world import actor, world


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    """The folder's database with its indexes: the unique ones are what finds a taken number."""
    ensure_indexes()
    return database


def imported(path: Path, those: list[dict[str, str]]) -> tuple[Run, list[Problem]]:
    problems: list[Problem] = []
    run = Run(console("soseki"), read_mapping(MAPPING), "soseki", problems.append)
    run.permit()
    with opened(written(path / "rows.csv", those)) as sheet:
        run.read(sheet, lambda: None)
    return run, problems


def test_good_rows_are_stored_whole(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows()
    run, problems = imported(tmp_path, those)
    assert (run.rows, run.stored, run.refused, problems) == (300, 300, 0, [])
    first = those[0]
    found = store["items"].find_one({"institution": "soseki", "accession_number": first["accession_number"]})
    assert found is not None
    assert found["title"] == first["title"]
    assert found["materials"] == first["medium"]
    assert found["object_type"] == "painting"
    assert found["period"]["text"] == first["creation_date"]
    assert found["provenance"].split() == first["provenance_text"].split()
    assert found["credit_line"] == first["credit_line"]
    measured = {each["dimension"]: (each["value"], each["unit"]) for each in found["dimensions"]}
    assert measured["height"] == (first["item_height"], "in")
    assert found["created_by"] == "console"
    assert [each["action"] for each in found["outbox"]] == ["create"]


def test_every_planted_mistake_is_told_and_the_rest_is_in(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    those = rows()
    create(console("soseki"), NOUNS["item"], "soseki", {
        "accession_number": those[40]["accession_number"], "title": "前からある資料",
    })  # fmt: skip
    those[10]["accession_number"] = " "
    those[20]["accession_number"] = those[5]["accession_number"]
    those[50]["date_acquired"] = "1906-13-45"
    those[60]["title"] = "長" * 501
    those[70]["creation_date_latest"] = "71959-07-01"
    those[80]["item_width"] = "wide"
    those[90]["accession_number"] = ""
    those[90]["title"] = "長" * 501
    run, problems = imported(tmp_path, those)
    told = {(each.row, each.column) for each in problems}
    periods = "creation_date・creation_date_earliest・creation_date_latest"
    sizes = "item_height・item_width・item_depth・item_diameter"
    assert told == {
        (12, "accession_number"), (22, "accession_number"), (42, "accession_number"), (52, "date_acquired"),
        (62, "title"), (72, periods), (82, sizes), (92, "accession_number"), (92, "title"),
    }  # fmt: skip
    reasons = {each.row: each.reason for each in problems}
    assert "7行目" in reasons[22][0]
    assert "row 7" in reasons[22][1]
    assert "501" in reasons[62][0]
    assert (run.rows, run.refused, run.stored) == (300, 8, 292)
    assert store["items"].count_documents({"institution": "soseki", "created_by": "console"}) == 293


def test_a_problem_never_quotes_the_cell(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows(5)
    those[1]["date_acquired"] = "山田花子の命日"
    those[2]["item_width"] = "山田花子の幅"
    those[3]["credit_line"] = "山田花子" * 200
    _, problems = imported(tmp_path, those)
    assert len(problems) == 3
    assert "山田花子" not in repr(problems)


def test_the_same_file_again_stores_nothing_twice(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows(20)
    imported(tmp_path, those)
    run, problems = imported(tmp_path, those)
    assert (run.stored, run.refused, len(problems)) == (0, 20, 20)
    assert store["items"].count_documents({}) == 20


def test_an_account_imports_only_where_its_role_lets_it(store: Database[dict[str, Any]]) -> None:
    world(store)
    mapping = read_mapping(MAPPING)
    Run(actor("staff.soseki"), mapping, "soseki", lambda _: None).permit()
    for login, institution in (("staff.soseki", "shinjuku"), ("contractor", "soseki"), ("admin", "section")):
        with pytest.raises(Refused):
            Run(actor(login), mapping, institution, lambda _: None).permit()
