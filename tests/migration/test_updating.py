"""Updates by number, our own export come back, donors looked up, and an import taken back."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pymongo.database import Database

from gate.as_text import unchanged
from gate.console import console
from gate.loading import load
from gate.refusals import Refused
from gate.store import ensure_indexes
from gate.writing import create, derived, patch
from migration.batching import HELD, IMPORTED, MERGED, REFUSED, UNCHANGED, UPDATED, Batching
from migration.givers import check
from migration.mapping import mapping_of
from migration.returning import headed
from migration.toml_text import as_toml
from models.registry import NOUNS
from tests.migration.doing import begun, done, fates, known, problems
from tests.world import actor, world

ITEM = NOUNS["item"]
PLAIN = (
    "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\nmaker = 'maker'\nlocation = 'place'\n"
)
GIVEN = "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\n" + (
    "acquisition_source = { donor = { name = 'donor', address = 'address' } }\n"
)


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    ensure_indexes()
    return database


def file(folder: Path, text: str, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def made(**values: Any) -> str:
    return create(console("soseki"), ITEM, "soseki", {"title": "壺", **values})


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


def test_donors_are_made_matched_or_held_and_never_merged_silently(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    donor = NOUNS["donor"]
    create(console("soseki"), donor, "soseki", {"name": "夏目 鏡子", "address": "東京都新宿区早稲田南町7"})
    create(console("soseki"), donor, "soseki", {"name": "高浜 清"})
    rows = [
        "1,a,夏目鏡子,東京都新宿区早稲田南町７",  # the same, written otherwise
        "2,b,夏目 鏡子,神奈川県鎌倉市1-1",  # another of the name, elsewhere
        "3,c,夏目 鏡子,",  # which of the two?
        "4,d,髙浜 清,",  # one of that name is there, and nothing says that it is the same
        "5,e,森 林太郎,東京都文京区千駄木1",
        "6,f,森 林太郎,東京都文京区千駄木1",
        "7,g,,",
    ]
    run = begun(file(tmp_path, "no,title,donor,address\n" + "\n".join(rows) + "\n"), GIVEN)
    done(run, "trial")
    assert store["donors"].count_documents({}) == 2
    done(run)
    assert fates(run) == fates(run, "trial") == {
        2: IMPORTED, 3: IMPORTED, 4: HELD, 5: HELD, 6: IMPORTED, 7: IMPORTED, 8: IMPORTED,
    }  # fmt: skip
    assert store["donors"].count_documents({}) == 4
    assert known(run)["counts"]["made"] == 2
    of = {each["accession_number"]: each.get("acquisition_source") for each in store["items"].find({})}
    assert of["5"] == of["6"] != of["1"]
    assert of["7"] is None
    assert all("donor" in each.column for each in problems(run))
    done(run, "reconcile")
    undone = done(run, "undo")
    assert undone["stayed_count"] == 0
    assert store["donors"].count_documents({"institution": "soseki"}) == 2


def test_undoing_takes_back_the_donors_of_a_batch_that_was_cut_short(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut after the donor was made and before the batch was written down, and never gone on with."""
    run = begun(file(tmp_path, "no,title,donor,address\n1,a,森 林太郎,東京都文京区千駄木1\n"), GIVEN)
    monkeypatch.setattr(Batching, "store", Mock(side_effect=SystemExit))
    with pytest.raises(SystemExit):
        done(run)
    assert store["donors"].count_documents({}) == 1
    store["imports"].update_many({}, {"$set": {"state": "reconciled"}})
    assert done(run, "undo")["stayed_count"] == 0
    assert store["donors"].count_documents({"institution": "soseki"}) == 0


def test_a_number_that_was_typed_meanwhile_keeps_no_donor_out(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """The counter lags behind what people and other imports typed; the next number beyond theirs is taken."""
    donor = NOUNS["donor"]
    first = create(console("soseki"), donor, "soseki", {"name": "高浜 清"})
    for at in (2, 3):
        create(console("soseki"), donor, "soseki", {"donor_number": f"D{at:06d}", "name": f"無名 {at}"})
    assert store["donors"].count_documents({"donor_number": "D000001"}) == 1, first
    run = begun(file(tmp_path, "no,title,donor,address\n1,a,森 林太郎,東京都文京区千駄木1\n"), GIVEN)
    done(run)
    assert fates(run) == {2: IMPORTED}
    assert store["donors"].count_documents({"donor_number": "D000004", "imported.run": run}) == 1


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


def test_our_own_export_come_back_changes_only_what_was_touched(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """What the spreadsheet got for a value, masked, withheld or in another language, is no change."""
    donor = create(
        console("soseki"), NOUNS["donor"], "soseki", {"donor_number": "D000007", "name": "夏目 鏡子"}
    )
    for number in ("001", "1-2"):
        made(
            accession_number=number, acquisition_source=donor, object_type="folk", notes="長男の話", maker="=1+1",
            other_names="ひばち\n火桶", period={"text": "明治30年頃"},
            dimensions=[{"dimension": "height", "value": "12.50", "unit": "cm"}, {"dimension": "width", "value": "3", "unit": "cm"}],
        )  # fmt: skip
    names = ["accession_number", "title", "other_names", "object_type", "period", "maker", "dimensions", "acquisition_source", "notes",
             "rank", "revision"]  # fmt: skip
    header = [ITEM.fields[name].label[0] for name in names]
    cells = [
        "壺",
        "ひばち / 火桶",
        "民俗資料",
        "明治30年頃",
        "'=1+1",
        "高さ・縦 12.50 cm / 幅・横 3 cm",
        "D000007 夏目 ＊＊＊＊",
        "＊＊＊＊",
        "",
        "1",
    ]
    touched = ["壺(大)", *cells[1:5], "高さ・縦 12.50 cm / 幅・横 4 cm", *cells[6:]]
    rows = [header, ["001", *cells], ["1-2", *touched]]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"
    told = headed(ITEM, header)
    assert told is not None
    run = begun(file(tmp_path, text), as_toml(told), mode="update")
    done(run)
    assert problems(run) == []
    assert fates(run) == {2: UNCHANGED, 3: UPDATED}
    found = store["items"].find_one({"accession_number": "1-2"})
    assert found is not None
    assert found["outbox"][-1]["fields"] == ["dimensions", "title"]
    assert [each["value"] for each in found["dimensions"]] == ["12.50", "4"]
    assert (found["notes"], str(found["acquisition_source"]), found["maker"]) == ("長男の話", donor, "=1+1")
    stale = begun(file(tmp_path, text, "again.csv"), as_toml(told), mode="update")
    done(stale)
    assert fates(stale)[3] == HELD  # written out at revision 1, and edited since


def test_a_foreign_header_is_no_export_of_ours() -> None:
    assert headed(ITEM, ["番号", "名称", "備考"]) is None
    for each in ("民俗資料", "Folk materials"):
        assert unchanged(ITEM.fields["object_type"], "folk", each)


def test_no_field_of_a_donor_is_written_that_its_actor_may_not_edit(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the first donor has it or a later one, and when the right goes while the import runs (law 8)."""
    world(store)
    monkeypatch.setattr("migration.batching.SIZE", 1)
    telling = GIVEN.replace("address = 'address'", "address = 'address', telephone = 'tel'")
    rows = "1,a,森 林太郎,東京都文京区千駄木1,\n2,b,,,\n3,c,夏目 鏡子,東京都新宿区早稲田南町7,03-3205-0209\n"
    path = file(tmp_path, f"no,title,donor,address,tel\n{rows}")
    who = actor("staff.soseki")
    run = begun(path, telling, actor=who)

    def taken_away(_work: Any) -> bool:
        store["roles"].update_many({"code": "staff"}, {"$set": {"effects.donor.own.field:telephone": "show"}})
        return False

    assert done(run, by=who.user, until=taken_away)["state"] == "failed"
    assert store["donors"].count_documents({"telephone": {"$exists": True}}) == 0
    with pytest.raises(Refused):
        check(actor("staff.soseki"), mapping_of(telling), "soseki")
