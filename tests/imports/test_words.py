"""The words of a whole file, counted by its trial (S3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from accounts.console import console
from imports.mapping.mapping import mapping_of
from imports.proposals.file_words import words_of_file
from imports.proposals.mapping_edits import with_words
from imports.run.running import Run
from imports.store import runs
from tests.imports.doing import KEY, begun, file, known

MAPPING = (
    "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\n"
    "object_type = { column = 'kind', unknown = 'match' }\n"
)


def test_a_trial_that_was_cut_short_and_gone_on_with_counts_every_row_once(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports.run.batching.SIZE", 2)
    rows = "".join(f"{at},壺,{('甲', '乙', '版画')[at % 3]}\n" for at in range(9))
    run = begun(file(tmp_path, f"no,title,kind\n{rows}"), MAPPING)
    assert runs.change(run, ["uploaded"], {}, state="trying", by="console")
    for until in (2, 9):
        for _ in Run(known(run), KEY, lambda: console("soseki"), trial=True).steps():
            if store["import_batches"].count_documents({"run": run, "phase": "trial"}) >= until:
                break
    found = words_of_file(known(run), KEY, mapping_of(MAPPING), ()).words("object_type")
    assert [(each.said, each.count, each.code) for each in found] == [
        ("甲", 3, ""), ("乙", 3, ""), ("版画", 3, "print"),
    ]  # fmt: skip
    decided = with_words(MAPPING, "object_type", {"甲": "craft", "乙": ""})
    again = words_of_file(known(run), KEY, mapping_of(decided), ()).words("object_type")
    assert [each.code for each in again] == ["craft", "", "print"]
    elsewhere = MAPPING.replace("'kind'", "'title'")
    assert words_of_file(known(run), KEY, mapping_of(elsewhere), ()).words("object_type") == []
    assert not any(
        "甲".encode() in bytes(each.get("source", b"")) for each in store["import_batches"].find({})
    )
    runs.erase_sources(run)
    assert words_of_file(known(run), KEY, mapping_of(MAPPING), ()).words("object_type") == []
