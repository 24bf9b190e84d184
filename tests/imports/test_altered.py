"""No character of a cell is changed without being told, and what was is found in the store (laws 9 and 10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from imports.run.reconciliation import agrees
from imports.validation.altered_cells import JOINED, REMOVED, REPAIRED
from tests.imports.doing import begun, done, file, problems

MAPPING = (
    "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\nperiod = 'when'\n"
    "maker = { column = 'maker', split = '|' }\nother_names = { several = 'also' }\n"
    "description = 'about'\nnotes = { labelled = { '原題' = 'original', '欄外' = 'margin' } }\n"
)
HEADER = "no,title,when,maker,also,about,original,margin"
Document = dict[str, Any]


def reconciled(path: Path, text: str, mapping: str = MAPPING, **told: Any) -> tuple[str, Document]:
    """The import of these rows under HEADER, and what it came to."""
    run = begun(file(path, f"{HEADER}\n{text}"), mapping, **told)
    done(run)
    return run, done(run, "reconcile")


@pytest.mark.parametrize(
    ("row", "told", "field", "stored"),
    [
        ("1,the \x93Red\x94 Studio,,,,,,", [("title", REPAIRED, (5, 9))], "title", "the “Red” Studio"),
        ("1,甲,,Artist\x92s|B,,,,", [("maker", REPAIRED, (7,))], "maker", "Artist’s; B"),
        ("1,甲,1896\x9698,,,,,", [("when", REPAIRED, (5,))], "period", "1896–98"),
        ("1,甲,,,a\x92s、b,,,", [("also", REPAIRED, (2,))], "other_names", ["a’s", "b"]),
        ("1,甲,,,,a\x01b\x92,,", [("about", REPAIRED, (4,)), ("about", REMOVED, (2,))], "description", "ab’"),
        ("1,甲,,,,,x\u202ey,", [("original", REMOVED, (2,))], "notes", "原題: xy"),
        ('1,"甲\n 乙",,,,,,', [("title", JOINED, ())], "title", "甲 乙"),
        ('1,甲,,,,"a\n  b",,', [], "description", "a\n  b"),
    ],
)
def test_a_character_that_is_not_stored_as_it_stands_is_told(
    store: Database[Document], tmp_path: Path, row: str, told: list[Any], field: str, stored: Any
) -> None:
    """With its row, its column, what was done and where; and the reconciliation knows that it was told."""
    run, found = reconciled(tmp_path, f"{row}\n2,乙,明治,A|B,c、d,あ,い,う\n")
    assert [(each.column, each.reason, each.places) for each in problems(run)] == told
    assert not any(each.fatal for each in problems(run))
    kept = (store["items"].find_one({"accession_number": "1"}) or {})[field]
    assert (kept["text"] if field == "period" else kept) == stored
    assert agrees(found["reconciled"], found["counts"])
    assert found["reconciled"]["altered_told"] == (1 if told and told[0][1] != JOINED else 0)


@pytest.mark.parametrize("mode", ["create", "update"])
def test_what_the_validator_takes_out_and_nobody_tells_is_found_by_the_reconciliation(
    store: Database[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Run and reconciliation read a cell by the same rule and validator, so they agreed on every loss."""
    if mode == "update":
        done(begun(file(tmp_path, f"{HEADER}\n1,壺,,,,,,\n"), MAPPING))
    for kinds in ("texts", "rows"):
        monkeypatch.setattr(
            f"gate.fields.kinds.{kinds}.typed", lambda raw: str(raw or "").replace("山", "").strip()
        )
    run, found = reconciled(tmp_path, "1,山の壺,,A|山田,,,山,\n", mode=mode)
    assert problems(run) == []
    assert found["reconciled"]["differing_count"] == 0
    assert found["reconciled"]["altered"] == [[2, "title"], [2, "maker"], [2, "notes"]]
    assert not agrees(found["reconciled"], found["counts"])


def test_a_title_with_lost_quotation_marks_is_shown_at_the_trial(
    store: Database[Document], tmp_path: Path
) -> None:
    run = begun(file(tmp_path, f"{HEADER}\n1,the \x93Red\x94 Studio,,,,,,\n"), MAPPING)
    tried = done(run, "trial")["trial"]
    assert [(each["ja"], each["count"], each["fatal"]) for each in tried["causes"]] == [
        (REPAIRED[0], 1, False)
    ]
