"""Dates of a legacy file: ranges of years, days in figures decided per column, and what is not understood told with counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from accounts.console import console
from gate.refusals import NotFound
from imports.mapping.day_columns import AT_ONCE
from imports.mapping.mapping import MappingError, mapping_of
from imports.run.distinct_cells import distinct_cells
from imports.run.reconciliation import agrees
from imports.validation.date_doubts import UNREAD
from japanese.period import CYCLE_ONLY, DAY_OR_MONTH, YEAR_OR_MONTH
from tests.imports.doing import KEY, begun, done, file, known, problems

DATED = "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'no'\nperiod = 'made'\nacquisition_date = 'came'\n"
BOUNDED = (
    "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'no'\n"
    "period = { text = 'made', earliest = 'from', latest = 'to' }\n"
)


def rows_of(*cells: str) -> str:
    return "\n".join(
        [
            "no,made,came",
            *(f"D-{n},{made},{came}" for n, (made, came) in enumerate(each.split(";") for each in cells)),
        ]
    )


def stored(store: Database[dict[str, Any]], number: str) -> Any:
    period = (store["items"].find_one({"accession_number": number}) or {})["period"]
    return period["earliest"], period["latest"], period["certainty"]


def reasons(run: str, phase: str = "trial") -> dict[int, str]:
    return {each.row: each.reason[0] for each in problems(run, phase)}


def test_ranges_of_years_come_in_as_ranges_and_what_is_ambiguous_is_listed_at_the_trial(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """2A 1.3: nine in a hundred dates of one collection became a month, exact, and reconciliation was green."""
    texts = ("1796–7", "c.1823–4", '"1951–2, reworked 1957"', "1806-08", "1910-12", "1896")
    run = begun(file(tmp_path, rows_of(*(f"{each};" for each in texts))), DATED)
    tried = done(run, "trial")
    assert reasons(run) == {5: YEAR_OR_MONTH[0], 6: YEAR_OR_MONTH[0]}
    assert [(each["ja"], each["count"], each["fatal"]) for each in tried["trial"]["causes"]] == [
        (YEAR_OR_MONTH[0], 2, False)
    ]
    done(run)
    assert [stored(store, f"D-{n}") for n in range(6)] == [
        (1796_01_01, 1797_12_31, "exact"),
        (1818_01_01, 1829_12_31, "about"),
        (1951_01_01, 1957_12_31, "exact"),
        (1806_01_01, 1808_12_31, "uncertain"),
        (1910_01_01, 1912_12_31, "uncertain"),
        (1896_01_01, 1896_12_31, "exact"),
    ]
    found = done(run, "reconcile")
    assert agrees(found["reconciled"], found["counts"])


@pytest.mark.parametrize(
    ("telling", "order", "day"), [("13/04/2005", "dmy", 2005_04_03), ("04/13/2005", "mdy", 2005_03_04)]
)
def test_a_column_decides_whether_its_days_stand_first(
    store: Database[dict[str, Any]], tmp_path: Path, telling: str, order: str, day: int
) -> None:
    """2A 1.3: also where the row that tells it stands far behind; each column by itself."""
    fill = ["1954;"] * AT_ONCE
    path = file(tmp_path, rows_of("03/04/2005;03/04/2005", *fill, f"{telling};{telling}"))
    run = begun(path, DATED)
    tried = done(run, "trial")
    assert {name: each["order"] for name, each in tried["orders"].items()} == {
        "period": order,
        "acquisition_date": order,
    }
    assert problems(run, "trial") == []
    found = done(run)
    assert found["orders"] == tried["orders"]
    item = store["items"].find_one({"accession_number": "D-0"}) or {}
    assert item["period"] == {"text": "03/04/2005", "earliest": day, "latest": day, "certainty": "exact"}
    assert item["acquisition_date"] == item["period"]
    found = done(run, "reconcile")
    assert agrees(found["reconciled"], found["counts"])


def test_a_run_without_a_trial_decides_too(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    """`flask import` tries nothing before."""
    run = begun(file(tmp_path, rows_of("03/04/2005;", "13/04/2005;")), DATED)
    done(run)
    assert stored(store, "D-0") == (2005_04_03, 2005_04_03, "exact")


@pytest.mark.parametrize("cells", [("03/04/2005;",), ("03/04/2005;", "13/04/2005;", "04/13/2005;")])
def test_a_column_that_tells_no_order_leaves_the_day_open_and_lists_it(
    store: Database[dict[str, Any]], tmp_path: Path, cells: tuple[str, ...]
) -> None:
    run = begun(file(tmp_path, rows_of(*cells)), DATED)
    assert done(run, "trial")["orders"]["period"]["order"] == ""
    assert reasons(run) == {2: DAY_OR_MONTH[0]}
    done(run)
    assert stored(store, "D-0") == (2005_03_04, 2005_04_03, "uncertain")


@pytest.mark.parametrize("rule", ["'back'", "{ day = 'back' }"])
def test_a_field_of_one_day_takes_it_in_the_order_of_its_column(
    store: Database[dict[str, Any]], tmp_path: Path, rule: str
) -> None:
    """13/04/2005 was refused as no date."""
    mapping = f"noun = 'loan'\n[fields]\nloan_number = 'no'\nborrower = 'who'\nreturned_on = {rule}\n"
    run = begun(file(tmp_path, "no,who,back\nF-1,某館,03/04/2005\nF-2,某館,13/04/2005\n"), mapping)
    done(run)
    assert problems(run) == []
    found = store["loans"].find({"loan_number": {"$in": ["F-1", "F-2"]}}).sort("loan_number")
    assert [each["returned_on"] for each in found] == ["2005-04-03", "2005-04-13"]


def test_a_mapping_may_say_the_order(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    said = DATED.replace("'made'", "{ column = 'made', order = 'dmy' }").replace(
        "'came'", "{ day = 'came', order = 'dmy' }"
    )
    run = begun(file(tmp_path, rows_of("03/04/2005;05/06/2007")), said)
    tried = done(run, "trial")
    assert {name: (each["order"], each["said"]) for name, each in tried["orders"].items()} == {
        "period": ("dmy", True), "acquisition_date": ("dmy", True),
    }  # fmt: skip
    done(run)
    assert stored(store, "D-0") == (2005_04_03, 2005_04_03, "exact")
    for wrong in ("order = 'ymd'", "order = 3"):
        with pytest.raises(MappingError):
            mapping_of(said.replace("order = 'dmy'", wrong))
    with pytest.raises(MappingError):
        mapping_of(DATED.replace("title = 'no'", "title = { column = 'no', order = 'dmy' }"))


def test_bounds_that_the_file_gives_settle_what_its_text_leaves_open(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    text = (
        "no,made,from,to\nB-0,c. 1910-12,1905-01-01,1917-01-01\nB-1,1910-12,1910,1912\nB-2,いつか,1920,1929\n"
    )
    run = begun(file(tmp_path, text), BOUNDED)
    done(run, "trial")
    assert problems(run, "trial") == []
    done(run)
    assert stored(store, "B-0") == (1905_01_01, 1917_01_01, "about")
    assert stored(store, "B-1") == (1910_01_01, 1912_12_31, "exact")


def test_dates_that_are_not_understood_are_told_with_their_texts_and_counts(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """2A 3.1, law 9: kept as written, and listed at the trial and after the run."""
    cells = ("いつか;", "いつか;", "先の大戦の頃;", "不明;", "乙卯;", ";", "明治30年;")
    run = begun(file(tmp_path, rows_of(*cells)), DATED)
    for phase, kind in (("trial", "trial"), ("run", "run")):
        found = done(run, kind)
        causes = found["trial" if phase == "trial" else "counts"]["causes"]
        assert [(each["ja"], each["column"], each["count"]) for each in causes] == [
            (UNREAD[0], "made", 3), (CYCLE_ONLY[0], "made", 1),
        ]  # fmt: skip
        told = distinct_cells(console("soseki"), found, phase, 0, KEY)
        assert told.cells == [(["いつか"], 2, [2, 3]), (["先の大戦の頃"], 1, [4])]
        assert (told.columns, told.kinds, told.more) == (("made",), 2, 0)
        with pytest.raises(NotFound):
            distinct_cells(console("soseki"), found, phase, 2, KEY)
    kept = store["items"].find_one({"accession_number": "D-0"}) or {}
    assert kept["period"] == {"text": "いつか", "earliest": None, "latest": None, "certainty": "uncertain"}
    # No text of a cell stands in the import's own papers (law 5).
    assert "いつか" not in str(known(run))
