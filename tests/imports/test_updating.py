"""Updates by number, rows that say the same again, and an import taken back."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pymongo.database import Database

from accounts.console import console
from audit.verification.live_records import verify_records
from audit.verification.missing_records import MissingRecords
from gate.reading.loading import load
from gate.writing.patches import derived
from gate.writing.writing import create, patch
from imports.run.outcomes import IMPORTED, MERGED, REFUSED, UNCHANGED, UPDATED
from imports.store import runs
from models.registry import NOUNS
from tests.imports.doing import ITEM, PLAIN, begun, done, fates, file, made


def test_a_blank_cell_erases_only_where_it_was_asked_to(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    made(accession_number="1", maker="乾山", location="棚1")
    path = file(tmp_path, "no,title,maker,place\n1,壺(大),,棚2\n2,皿,,\n")
    run = begun(path, PLAIN, mode="update")
    done(run)
    assert fates(run) == {2: UPDATED, 3: REFUSED}
    found = store["items"].find_one({"accession_number": "1"})
    assert found is not None
    assert (found["title"], found["maker"], found["location"], found["revision"]) == (
        "壺(大)",
        "乾山",
        "棚2",
        2,
    )
    assert found["outbox"][-1]["before"] == {"title": "壺", "location": "棚1"}
    assert "棚2" in found["keys"]["text"]["restricted"]
    again = begun(path, PLAIN, mode="both")
    done(again)
    assert fates(again) == {2: UNCHANGED, 3: IMPORTED}
    erasing = begun(path, PLAIN, mode="update", blank_erases=True)
    done(erasing)
    found = store["items"].find_one({"accession_number": "1"})
    assert found is not None
    assert "maker" not in found
    assert found["title"] == "壺(大)"


def test_a_personal_value_that_an_import_erases_is_no_longer_found_by_its_mask(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    donor = NOUNS["donor"]
    create(
        console("soseki"),
        donor,
        "soseki",
        {"donor_number": "D1", "name": "無名", "telephone": "03-3205-0209"},
    )
    asked = {"masked.telephone": {"$exists": True}}
    assert store["donors"].count_documents(asked) == 1
    mapping = "noun = 'donor'\n[fields]\ndonor_number = 'no'\ntelephone = 'tel'\n"
    done(begun(file(tmp_path, "no,tel\nD1,\n"), mapping, mode="update", blank_erases=True))
    found = store["donors"].find_one({"donor_number": "D1"})
    assert found is not None
    assert "telephone" not in found
    assert store["donors"].count_documents(asked) == 0


def test_keys_are_those_that_the_form_would_have_made(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """A record that an import made or changed is found as any other is."""
    text = "no,title,maker,place\n" + "".join(f"{at},夏目漱石の壺,乾山,棚{at}\n" for at in range(300))
    done(begun(file(tmp_path, text), PLAIN))
    done(begun(file(tmp_path, text.replace("乾山", "仁清"), "b.csv"), PLAIN, mode="update"))
    for each in store["items"].find({}):
        assert each["maker"] == "仁清"
        again = derived(ITEM, each)
        assert {name: each.get(name) for name in again} == again


def test_an_imported_record_is_what_a_form_would_have_made(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """Whatever the gate learns to keep with a record, an import keeps too: the field that fails here is missing there."""
    status = PLAIN + "input_status = 'status'\n"
    done(begun(file(tmp_path, "no,title,maker,place,status\n1,壺,乾山,棚1,完了\n"), status))
    typed = made(accession_number="2", title="壺", maker="乾山", location="棚1", input_status="done")
    whole = {each["accession_number"]: each for each in store["items"].find({})}
    assert str(whole["2"]["_id"]) == typed
    # Told by the batch; nobody keyed it in; whose id is in the sample is chance.
    other = {"outbox", "outbox_at", "imported", "entered_by", "drawn"}
    assert set(whole["1"]) - other == set(whole["2"]) - other
    moments = {"_id", "accession_number", "keys", "created_at", "changed_at", "status_at", "completed_at"}
    moments |= {"seal_salt"}
    same = set(whole["2"]) - other - moments
    assert {name: whole["1"][name] for name in same} == {name: whole["2"][name] for name in same}


def test_a_status_that_an_import_sets_is_no_work_of_its_runner(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """What counts as entered by somebody is what they keyed in."""
    made(accession_number="1", input_status="in_progress")
    store["items"].update_one({}, {"$set": {"entered_by": "somebody"}})
    made(accession_number="2", input_status="in_progress")
    mapping = "noun = 'item'\n[fields]\naccession_number = 'no'\ninput_status = 'status'\n"
    run = begun(file(tmp_path, "no,status\n1,完了\n2,完了\n"), mapping, mode="update")
    done(run)
    found = {each["accession_number"]: each for each in store["items"].find({})}
    assert {each["input_status"] for each in found.values()} == {"done"}
    assert found["1"]["entered_by"] == "somebody"
    assert "entered_by" not in found["2"]


def test_a_trial_of_an_update_shows_which_fields_would_change(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    id_ = made(accession_number="1", maker="乾山")
    run = begun(file(tmp_path, "no,title,maker,place\n1,壺(大),,棚2\n"), PLAIN, mode="update")
    done(run, "trial")
    batch = store["import_batches"].find_one({"run": run, "phase": "trial"})
    assert batch is not None
    assert [[row, str(record), names] for row, record, names in batch["changes"]] == [
        [2, id_, ["location", "title"]]
    ]
    assert "棚2" not in str({**batch, "source": b""})


def test_a_row_that_says_the_same_again_is_merged_only_where_it_was_asked_to(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    path = file(tmp_path, "no,title,maker,place\n1,壺,乾山,\n1,壺,乾山,\n1,皿,乾山,\n")
    merging = PLAIN.replace("[fields]", "[options]\nrepeated = 'merge'\n[fields]")
    run = begun(path, merging)
    done(run)
    assert fates(run) == {2: IMPORTED, 3: MERGED, 4: REFUSED}
    other = begun(path, PLAIN.replace("'no'", "{ column = 'no', prefix = 'x' }"))
    done(other)
    assert fates(other) == {2: IMPORTED, 3: REFUSED, 4: REFUSED}


def test_undoing_puts_back_what_was_changed_and_leaves_what_was_edited_since(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    first = made(accession_number="1", maker="乾山")
    second = made(accession_number="2", maker="仁清")
    run = begun(
        file(tmp_path, "no,title,maker,place\n1,改1,,\n2,改2,,\n3,新3,,\n4,新4,,\n"), PLAIN, mode="both"
    )
    done(run)
    new = store["items"].find_one({"accession_number": "4"})
    assert new is not None
    patch(console("soseki"), ITEM, second, 2, {"maker": "道八"})
    patch(console("soseki"), ITEM, str(new["_id"]), 1, {"maker": "道八"})
    store["imports"].update_many({}, {"$set": {"state": "reconciled"}})
    found = done(run, "undo")
    assert found["state"] == "undone"
    assert sorted(number for _, _, number in found["stayed"]) == ["2", "4"]
    left = {
        each["accession_number"]: (each["title"], each["revision"])
        for each in store["items"].find({"institution": "soseki"})
    }
    assert left == {"1": ("壺", 3), "2": ("改2", 3), "4": ("新4", 2)}
    assert load(console("soseki"), ITEM, first)["title"].value == "壺"
    assert wrong_in(store) == []
    store["items"].delete_one({"accession_number": "4"})  # which the undoing kept
    assert wrong_in(store) == ["gone"]


def wrong_in(store: Database[dict[str, Any]]) -> list[str]:
    """What `flask audit verify --records` finds in the records of nouns."""
    missing = MissingRecords(whole=True)
    for entry in store["ledger"].find():
        missing.see(entry)
    return [each.wrong for each in (*verify_records(whole=True), *missing.found())]


def test_undoing_takes_back_what_a_batch_put_in_that_was_never_written_down(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut short in between, and never gone on with: only the marks tell. What somebody edited since stays here too."""
    first, second = made(accession_number="1", maker="乾山"), made(accession_number="2", maker="仁清")
    run = begun(
        file(tmp_path, "no,title,maker,place\n1,改1,,\n2,改2,,\n3,新3,,\n4,新4,,\n"), PLAIN, mode="both"
    )
    monkeypatch.setattr(runs, "keep_batch", Mock(side_effect=SystemExit))
    with pytest.raises(SystemExit):
        done(run)
    monkeypatch.undo()
    assert store["items"].count_documents({"imported.run": run}) == 4
    patch(console("soseki"), ITEM, second, 2, {"maker": "道八"})
    store["imports"].update_many({}, {"$set": {"state": "reconciled"}})
    found = done(run, "undo")
    assert [number for _, _, number in found["stayed"]] == ["2"]
    left = {
        each["accession_number"]: each["title"] for each in store["items"].find({"institution": "soseki"})
    }
    assert left == {"1": "壺", "2": "改2"}
    assert load(console("soseki"), ITEM, first)["title"].value == "壺"
