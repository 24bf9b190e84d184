"""The sealer: every change reaches the ledger once, wherever it was killed (laws 4 and 5; S13)."""

from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

from audit.sealer import seal
from gate.writing.writing import patch, remove
from models.registry import NOUNS
from tests.world import actor, donor, item, patron

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
ITEM, DONOR, PATRON = NOUNS["item"], NOUNS["donor"], NOUNS["patron"]


def sealed(database: Store, record: str) -> list[tuple[int, str]]:
    found = database["ledger"].find({"record": record}).sort("revision", 1)
    return [(each["revision"], each["action"]) for each in found]


def test_every_act_reaches_the_ledger_and_the_outbox_is_empty(database: Store) -> None:
    made = item()
    patch(actor("staff.shinjuku"), ITEM, made, 1, {"title": "乙"})
    assert seal() == 1
    patch(actor("staff.shinjuku"), ITEM, made, 2, {"title": "丙"})
    assert seal() == 1
    assert seal() == 0
    assert sealed(database, made) == [(1, "create"), (2, "edit"), (3, "edit")]
    stored = database["items"].find_one({"_id": ObjectId(made)})
    assert stored is not None
    assert stored["outbox"] == []
    assert "outbox_at" not in stored


def test_the_ledger_holds_names_of_fields_and_ids_and_no_value_or_word_of_a_person(database: Store) -> None:
    made = donor("staff.soseki")
    patch(
        actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子", "telephone": ""}, reason="中根倫さんの話"
    )
    remove(actor("staff.soseki"), DONOR, made, 2, "夏目純一さんの求め")
    seal()
    told = str(list(database["ledger"].find()))
    assert all(each not in told for each in ("鏡子", "筆子", "早稲田", "0209", "中根", "純一"))
    assert [each["fields"] for each in database["ledger"].find({"record": made}).sort("revision", 1)][1] == [
        "name",
        "telephone",
    ]
    assert {each["institution"] for each in database["ledger"].find({"record": made})} == {"soseki"}


def test_a_removal_is_a_tombstone_first_and_gone_once_sealed(database: Store) -> None:
    made = item()
    remove(actor("staff.shinjuku"), ITEM, made, 1, "重複")
    tombstone = database["items"].find_one({"_id": ObjectId(made)})
    assert tombstone is not None
    assert tombstone["institution"] is None
    assert sealed(database, made) == []
    seal()
    assert database["items"].find_one({"_id": ObjectId(made)}) is None
    assert sealed(database, made) == [(1, "create"), (2, "remove")]
    last = database["revisions"].find_one({"record": made, "revision": 2})
    assert last is not None
    assert last["reason"] == "重複"


def test_what_a_removed_record_held_is_nowhere_in_its_history(database: Store) -> None:
    made = patron()
    patch(actor("librarian.kaizu"), PATRON, made, 1, {"surname": "早川"})
    seal()
    patch(actor("librarian.kaizu"), PATRON, made, 2, {"surname": "大榑"}, reason="早川家の子")
    reason = "大榑　靱負さんの退会(電話 0584 53 1111)"
    remove(actor("librarian.kaizu"), PATRON, made, 3, reason)
    seal()
    assert (database["revisions"].find_one({"record": made, "revision": 4}) or {})["reason"].count(
        "退会"
    ) == 1
    for name in database.list_collection_names():
        told = str(list(database[name].find({})))
        assert all(
            each not in told for each in ("平田", "早川", "大榑", "靱負", "1975-03-09", "0584", "1111")
        ), name
    assert [revision for revision, _ in sealed(database, made)] == [1, 2, 3, 4]


class Killed(BaseException):
    """The process ended here."""


STEPS = ["bulk_write", "update_many", "delete_many"]


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Ends the process before or after the nth write of the sealer; the writes themselves are real."""

    def arm(nth: int, *, after: bool) -> None:
        count = 0

        def wrap(name: str) -> None:
            real = getattr(Collection, name)

            def one(self: Any, *given: Any, **more: Any) -> Any:
                nonlocal count
                count += 1
                if count == nth and not after:
                    raise Killed
                found = real(self, *given, **more)
                if count == nth:
                    raise Killed
                return found

            monkeypatch.setattr(Collection, name, one)

        for name in STEPS:
            wrap(name)

    yield arm
    monkeypatch.undo()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", range(1, 6))
def test_killed_at_any_step_it_goes_on(
    database: Store, dies: Any, monkeypatch: pytest.MonkeyPatch, nth: int, after: bool
) -> None:
    kept, gone = item(title="甲"), item(title="乙")
    patch(actor("staff.shinjuku"), ITEM, kept, 1, {"title": "丙"})
    patch(actor("staff.shinjuku"), ITEM, gone, 1, {"title": "丁"})
    remove(actor("staff.shinjuku"), ITEM, gone, 2, "重複")
    dies(nth, after=after)
    with pytest.raises(Killed):
        seal()
    monkeypatch.undo()
    patch(actor("staff.shinjuku"), ITEM, kept, 2, {"title": "戊"})
    seal()
    assert seal() == 0
    assert sealed(database, kept) == [(1, "create"), (2, "edit"), (3, "edit")]
    assert sealed(database, gone) == [(1, "create"), (2, "edit"), (3, "remove")]
    assert database["items"].find_one({"_id": ObjectId(gone)}) is None
    befores = [each["before"] for each in database["revisions"].find({"record": kept}).sort("revision", 1)]
    assert befores == [{}, {"title": "甲"}, {"title": "丙"}]
    assert [each["before"] for each in database["revisions"].find({"record": gone})] == [{}] * 3


def test_an_edit_made_while_the_sealer_works_is_not_lost(
    database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = item(title="甲")
    real = Collection.bulk_write
    edited: list[int] = []

    def meanwhile(self: Any, *given: Any, **more: Any) -> Any:
        if not edited:
            edited.append(patch(actor("staff.shinjuku"), ITEM, made, 1, {"title": "乙"}))
        return real(self, *given, **more)

    monkeypatch.setattr(Collection, "bulk_write", meanwhile)
    seal()
    monkeypatch.undo()
    assert sealed(database, made) == [(1, "create")]
    assert seal() == 1
    assert sealed(database, made) == [(1, "create"), (2, "edit")]


def test_two_sealers_at_once_write_each_entry_once(database: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    made = [item(title=f"資料{n}") for n in range(30)]
    for each in made[:10]:
        remove(actor("staff.shinjuku"), ITEM, each, 1, "重複")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: seal(), range(4)))
    assert database["ledger"].count_documents({}) == database["revisions"].count_documents({}) == 40
    assert database["items"].count_documents({}) == 20


def test_a_record_that_waits_without_an_outbox_does_not_stop_the_others(database: Store) -> None:
    from datetime import UTC, datetime

    made = item()
    database["items"].insert_one(
        {"institution": "shinjuku", "accession_number": "x", "revision": 1, "outbox_at": datetime.now(UTC)}
    )
    seal()
    assert sealed(database, made) == [(1, "create")]
    assert seal() == 0
