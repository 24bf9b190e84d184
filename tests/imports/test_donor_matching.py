"""Donors in a legacy file: looked up, made, held, and never by anybody who may not know them."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pymongo.database import Database

from accounts.console import console
from gate.refusals import Refused
from gate.writing.writing import create
from imports.mapping.mapping import mapping_of
from imports.run.batching import Batching
from imports.run.donor_matching import check
from imports.run.outcomes import HELD, IMPORTED
from imports.run.write_lanes import AT_ONCE
from models.registry import NOUNS
from tests.imports.doing import GIVEN, begun, done, fates, file, known, problems
from tests.world import actor, world


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


def test_no_field_of_a_donor_is_written_that_its_actor_may_not_edit(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the first donor has it or a later one, and when the right goes while the import runs (law 8)."""
    world(store)
    monkeypatch.setattr("imports.run.batching.SIZE", 1)
    telling = GIVEN.replace("address = 'address'", "address = 'address', telephone = 'tel'")
    none = "".join(f"{at},b,,,\n" for at in range(2, 2 + AT_ONCE))
    rows = f"1,a,森 林太郎,東京都文京区千駄木1,\n{none}9,c,夏目 鏡子,東京都新宿区早稲田南町7,03-3205-0209\n"
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


@pytest.mark.parametrize("masked", ["name", "address"])
def test_who_sees_donors_masked_looks_none_up_by_full_names(
    store: Database[dict[str, Any]], tmp_path: Path, masked: str
) -> None:
    """Law 2: held, found and not there are three answers; a look-up is for a purpose, and counted."""
    world(store)
    found = GIVEN.replace("'address' } }", "'address' }, create = false }")
    numbered = found.replace("name = 'donor', address = 'address'", "number = 'donor'")
    store["roles"].update_many({"code": "staff"}, {"$set": {f"effects.donor.own.field:{masked}": "mask"}})
    who = actor("staff.soseki")
    with pytest.raises(Refused):
        check(who, mapping_of(found), "soseki")
    check(who, mapping_of(numbered), "soseki")
    path = file(tmp_path, "no,title,donor,address\n1,a,夏目 鏡子,\n")
    run = begun(path, found, actor=who)
    assert done(run, "trial", by=who.user)["state"] == "uploaded"
    assert fates(run, "trial") == {}
