"""What is changed in the store past the ledger is found by `flask audit verify`, and named without its value (2A, S13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

from accounts.credentials import change_credentials, end_access
from audit.drain import copy_all, drain
from audit.place import Place
from audit.sealer import seal
from audit.verification.chains import verify
from audit.verification.live_records import verify_records
from audit.verification.missing_records import MissingRecords
from gate.writing.bulk import create_many, prepare_many
from gate.writing.changes import Origin
from gate.writing.writing import Edit, patch, patch_many, remove
from models.registry import NOUNS
from tests.audit.ledger import place, upgraded
from tests.world import actor, donor, item, patron

Store = Database[dict[str, Any]]
Document = dict[str, Any]
Found = list[tuple[str, str, str, str]]


@pytest.fixture
def where(tmp_path: Path) -> Place:
    """A second place of this test's own."""
    return place(tmp_path)


@pytest.fixture
def sealed(database: Store) -> Store:
    """The world, every record of it sealed."""
    upgraded()
    return database


def found(where: Place, *, whole: bool = True) -> Found:
    """What the command finds in live records once everything that waits is sealed; nothing is wrong with the chains."""
    while seal() + drain():
        pass
    copy_all(where, force=True)
    missing = MissingRecords(whole=whole)
    assert [each.finding for each in verify(where, see=missing.see) if each.finding] == []
    findings = [*verify_records(whole=whole), *missing.found()]
    return sorted((each.noun, each.number, each.field, each.wrong) for each in findings)


def test_a_world_that_only_the_panel_wrote_is_as_the_ledger_says(sealed: Store, where: Place) -> None:
    made = [item(), donor(), patron()]
    staff = actor("staff.shinjuku")
    patch(staff, NOUNS["item"], made[0], 1, {"title": "別の題", "notes": "覚え"})
    patch_many(staff, NOUNS["item"], [Edit(made[0], 2, {"notes": ""})], origin=Origin.BATCH)
    remove(actor("librarian.kaizu"), NOUNS["patron"], made[2], 1, "退会")
    assert list(verify_records(whole=True)) == []  # before anything reached the ledger
    assert found(where) == []


CHANGES: list[tuple[str, str, str, Any]] = [
    ("user", "admin", "disabled", True),
    ("user", "staff.soseki", "role", ObjectId("65f0000000000000000000bb")),
    ("user", "staff.soseki", "institution", "shinjuku"),
    ("user", "manager", "stamp", "another"),
    ("user", "manager", "password_hash", "x$2b$04$another"),
    ("user", "manager", "approval", {"role": 1}),
    ("user", "manager", "second_factor", {"secret": "x", "codes": [], "last_step": 0}),
    ("role", "staff", "actions", {"donor": {"own": ["read"]}}),
    ("institution", "soseki", "networks", ["0.0.0.0/0"]),
    ("work_request", "W000001", "work_status", "done"),
]


def test_values_changed_in_the_store_are_found_and_named(sealed: Store, where: Place) -> None:
    for name, number, field, value in CHANGES:
        noun = NOUNS[name]
        records = sealed[noun.document._meta["collection"]]
        assert records.update_one({noun.number: number}, {"$set": {field: value}}).modified_count
    assert found(where) == sorted((*each[:3], "field") for each in CHANGES)


def test_what_changes_with_use_is_no_change_of_the_record(sealed: Store, where: Place) -> None:
    kept = {"secret": "x", "codes": ["a", "b"], "last_step": 1}
    user = str((sealed["users"].find_one({"login_id": "manager"}) or {})["_id"])
    change_credentials(user, {"second_factor": kept}, by=user, action="factor_on")
    sealed["users"].update_one({"login_id": "manager"}, {"$set": {"second_factor.last_step": 2}})
    sealed["users"].update_one(
        {"login_id": "manager"}, {"$set": {"signed_in_at": datetime.now(UTC), "columns": {"item": ["title"]}}}
    )
    end_access(user, by="console", institution="section")
    assert found(where) == []


def test_records_made_many_at_once_are_sealed_too(sealed: Store, where: Place) -> None:
    staff = actor("staff.shinjuku")
    many = prepare_many(staff, NOUNS["item"], "shinjuku", [{"title": "甲"}, {"title": "乙"}])
    assert create_many(staff, NOUNS["item"], [each for each in many if isinstance(each, dict)]) == []
    assert found(where) == []
    sealed["items"].update_one({"title": "乙"}, {"$set": {"title": "丙"}})
    assert [each[2:] for each in found(where)] == [("title", "field")]


def a_donor() -> tuple[str, str]:
    """A donor's id and number."""
    made = donor()
    return made, str(NOUNS["donor"].document.objects(id=made).scalar("donor_number").first())


Tamper = Callable[[Any, Document], Any]
WAYS: dict[str, tuple[Tamper, str, str]] = {
    "a value": (lambda all_, one: all_.update_one(one, {"$set": {"name": "別の人"}}), "name", "field"),
    "a field taken out": (lambda all_, one: all_.update_one(one, {"$unset": {"address": ""}}), "address", "field"),
    "a field put in": (lambda all_, one: all_.update_one(one, {"$set": {"email": "a@example.jp"}}), "email", "field"),
    "who changed it": (lambda all_, one: all_.update_one(one, {"$set": {"changed_by": "console"}}), "changed_by", "field"),
    "the salt": (lambda all_, one: all_.update_one(one, {"$unset": {"seal_salt": ""}}), "", "salt"),
    "another salt": (lambda all_, one: all_.update_one(one, {"$set": {"seal_salt": "00" * 16}}), "", "salt"),
    "the revision": (lambda all_, one: all_.update_one(one, {"$inc": {"revision": 1}}), "", "newer"),
}  # fmt: skip


def test_records_that_were_tampered_with_are_found_and_named(sealed: Store, where: Place) -> None:
    made = {way: a_donor() for way in WAYS}
    assert found(where) == []
    for way, (record, _) in made.items():
        WAYS[way][0](sealed["donors"], {"_id": ObjectId(record)})
    assert found(where) == sorted(("donor", made[way][1], *said) for way, (_, *said) in WAYS.items())


def test_an_old_document_that_is_played_back_is_found(sealed: Store, where: Place) -> None:
    made, number = a_donor()
    seal()
    old = sealed["donors"].find_one({"_id": ObjectId(made)})
    assert old is not None
    patch(actor("staff.soseki"), NOUNS["donor"], made, 1, {"telephone": ""})
    assert found(where) == []
    sealed["donors"].replace_one({"_id": ObjectId(made)}, old)
    assert found(where) == [("donor", number, "", "older")]


def test_a_removed_record_that_is_put_back_is_found(sealed: Store, where: Place) -> None:
    made, number = a_donor()
    seal()
    old = sealed["donors"].find_one({"_id": ObjectId(made)})
    assert old is not None
    remove(actor("staff.soseki"), NOUNS["donor"], made, 1, "重複")
    assert found(where) == []
    sealed["donors"].insert_one(old)
    assert found(where) == [("donor", number, "", "older")]


@pytest.mark.parametrize("name", ["users", "roles", "institutions", "donors"])
def test_a_record_that_is_put_in_or_taken_out_is_found(sealed: Store, where: Place, name: str) -> None:
    a_donor()
    assert found(where) == []
    noun = next(each for each in NOUNS.values() if each.document._meta["collection"] == name)
    there = sealed[name].find_one({})
    assert there is not None
    forged = there | {"_id": "forged" if noun.is_institution else ObjectId(), noun.number: "forged"}
    forged |= {"login_key": "forged"} if noun.name == "user" else {}
    sealed[name].insert_one(forged)
    assert found(where) == [(noun.name, "forged", "", "unknown")]
    sealed[name].delete_many({"_id": {"$in": [there["_id"], forged["_id"]]}})
    assert found(where) == [(noun.name, str(there["_id"]), "", "gone")]


def test_records_are_looked_at_by_sample_and_who_decides_as_a_whole(sealed: Store, where: Place) -> None:
    made, number = a_donor()
    sealed["donors"].update_one({"_id": ObjectId(made)}, {"$set": {"name": "別の人"}})
    sealed["users"].update_one({"login_id": "admin"}, {"$set": {"disabled": True}})
    assert found(where, whole=False) == [
        ("donor", number, "name", "field"),
        ("user", "admin", "disabled", "field"),
    ]


def test_no_entry_holds_a_value_or_what_would_confirm_a_guess_once_the_value_is_gone(
    sealed: Store, where: Place
) -> None:
    """Anonymising one field writes a new sealed revision: the salt of the value is nowhere any more."""
    made, _ = a_donor()
    before = sealed["donors"].find_one({"_id": ObjectId(made)})
    assert before is not None
    patch(actor("staff.soseki"), NOUNS["donor"], made, 1, {"name": "(匿名)"})
    assert found(where) == []
    told = {name: str(list(sealed[name].find())) for name in sealed.list_collection_names()}
    assert all(before["seal_salt"] not in each for each in told.values())
    assert all(
        word not in told[room] for room in ("ledger", "chain") for word in ("鏡子", "早稲田", "0209", "匿名")
    )
    copied = "".join(each.read_text() for each in where.folder.rglob("entries.jsonl"))
    assert before["seal_salt"] not in copied


def test_an_upgrade_that_is_killed_between_its_entry_and_the_salts_is_done_again(
    database: Store, where: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as once:
        once.setattr(Collection, "bulk_write", lambda *_, **__: (_ for _ in ()).throw(InterruptedError))
        with pytest.raises(InterruptedError):
            upgraded()
    assert database["ledger"].count_documents({"action": "records_sealed"}) == 1
    upgraded()
    assert found(where) == []


def test_records_of_before_are_sealed_once_by_the_upgrade_and_not_vouched_for(
    sealed: Store, where: Place
) -> None:
    told = list(sealed["ledger"].find({"action": "records_sealed"}))
    assert {"user", "role", "institution", "work_request"} == {each["noun"] for each in told}
    assert found(where) == []
    # Sealed again by whoever runs the step by hand, a changed record is still not what its last change made it.
    made, number = a_donor()
    sealed["donors"].update_one(
        {"_id": ObjectId(made)}, {"$set": {"name": "別の人"}, "$unset": {"seal_salt": ""}}
    )
    upgraded()
    assert [each[3] for each in found(where)] == ["salt"]
    assert found(where)[0][:2] == ("donor", number)
