"""From the waiting rooms into the chain and on to the second place, wherever the sealer is killed (S13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError

from audit.chain import SITE, chain, entries, head
from audit.checkpoints import kept
from audit.disclosures import disclose
from audit.drain import copy_all, drain, steps
from audit.events import note
from audit.place import Place, copied, copied_head
from audit.sealer import seal
from gate.writing.writing import patch, remove
from models.registry import NOUNS
from tests.audit.ledger import found, place
from tests.world import actor, donor, item

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
ITEM, DONOR = NOUNS["item"], NOUNS["donor"]


@pytest.fixture
def where(tmp_path: Path) -> Place:
    """An empty second place."""
    return place(tmp_path)


def shown(subject: str, institution: str = "soseki") -> None:
    disclose(
        actor="somebody", institution=institution, noun="donor", exit_="list", breadth="list_page",
        subjects=[subject], fields=["name"],
    )  # fmt: skip


def acts() -> None:
    """Four changes of two records, one of them removed, two disclosures and two events, in three chains."""
    kept_, gone = item(title="甲"), item(title="乙")
    patch(actor("staff.shinjuku"), ITEM, kept_, 1, {"title": "丙"})
    remove(actor("staff.shinjuku"), ITEM, gone, 1, "重複")
    shown("p1")
    shown("p2", "shinjuku")
    note("signed_in", actor="somebody", institution="soseki", detail="192.0.2.1")
    note("locked_out", detail="192.0.2.9")


def settled(where: Place) -> None:
    while seal() + drain() + copy_all(where, force=True):
        pass


def told() -> Counter[tuple[str, str, str]]:
    return Counter((each["institution"], each["kind"], each["action"]) for each in chain().find())


ALL = Counter(
    {
        ("shinjuku", "change", "create"): 2, ("shinjuku", "change", "edit"): 1, ("shinjuku", "change", "remove"): 1,
        ("soseki", "disclosure", "seen"): 1, ("shinjuku", "disclosure", "seen"): 1,
        ("soseki", "event", "signed_in"): 1, (SITE, "event", "locked_out"): 1,
    }
)  # fmt: skip


def complete(where: Place, database: Store) -> None:
    """Everything that was done is in the chain and in the second place once, and nothing waits."""
    assert told() == ALL
    assert found(where) == []
    assert sum(1 for house in ("shinjuku", "soseki", SITE) for _ in copied(where, house)) == sum(ALL.values())
    assert database["ledger"].count_documents({}) == database["disclosures"].count_documents({}) == 0


def test_changes_disclosures_and_events_reach_their_chain_and_the_second_place(
    where: Place, database: Store
) -> None:
    acts()
    settled(where)
    complete(where, database)
    assert drain() == copy_all(where) == 0
    for institution in ("shinjuku", "soseki", SITE):
        assert copied_head(where, institution) == head(institution)
        assert [each.head for each in kept(where, institution)][-1] == head(institution)


def test_the_chain_holds_names_of_fields_and_ids_and_no_value(where: Place, database: Store) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子"}, reason="中根倫さんの話")
    remove(actor("staff.soseki"), DONOR, made, 2, "夏目純一さんの求め")
    settled(where)
    text = str(list(chain().find())) + (where.of("soseki") / "entries.jsonl").read_text()
    assert made in text
    assert all(each not in text for each in ("鏡子", "筆子", "早稲田", "0209", "中根", "純一"))
    assert found(where) == []


def test_an_erased_history_keeps_the_chain_good(where: Place, database: Store) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子"})
    settled(where)
    seals = [each["seal"] for each in entries("soseki")]
    remove(actor("staff.soseki"), DONOR, made, 2, "求め")
    settled(where)
    assert list(database["revisions"].find({"salt": {"$exists": True}})) == []
    assert [each["seal"] for each in entries("soseki")][:2] == seals
    assert found(where) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"$set": {"before.name": "別 人"}}, "values"),
        ({"$set": {"before": {}}, "$unset": {"salt": ""}}, "values"),
        ({"$set": {"actor": "somebody else"}}, "values"),
        (None, "revision"),
    ],
)
def test_a_history_changed_or_deleted_in_the_store_is_found(
    where: Place, database: Store, change: dict[str, Any] | None, wrong: str
) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子"})
    settled(where)
    assert found(where) == []
    second = {"record": made, "revision": 2}
    if change:
        database["revisions"].update_one(second, change)
    else:
        database["revisions"].delete_one(second)
    assert found(where) == [("soseki", 2, wrong)]


def test_a_revision_put_into_a_history_is_found(where: Place, database: Store) -> None:
    made = donor("staff.soseki")
    settled(where)
    first = database["revisions"].find_one({"record": made})
    assert first is not None
    database["revisions"].insert_one({**first, "_id": f"donor:{made}:00000002", "revision": 2})
    assert [wrong for _, _, wrong in found(where)] == ["forged"]


def test_a_change_that_still_waits_is_not_taken_for_a_forgery(where: Place) -> None:
    item()
    seal()
    assert found(where) == []


class Killed(BaseException):
    """The process ended here."""


WRITES = ["bulk_write", "update_many", "delete_many", "insert_many", "replace_one"]


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, bool], None]]:
    """Ends the process before or after the nth write to the store or the second place; the writes are real."""

    def arm(nth: int, after: bool) -> None:
        count = 0

        def wrap(owner: Any, name: str) -> None:
            real = getattr(owner, name)

            def one(*given: Any, **more: Any) -> Any:
                nonlocal count
                count += 1
                if count == nth and not after:
                    raise Killed
                done = real(*given, **more)
                if count == nth:
                    raise Killed
                return done

            monkeypatch.setattr(owner, name, one)

        for name in WRITES:
            wrap(Collection, name)
        wrap(__import__("os"), "fsync")

    yield arm
    monkeypatch.undo()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", range(1, 20))
def test_killed_at_any_of_its_writes_nothing_is_lost_and_nothing_is_twice(
    where: Place, database: Store, dies: Any, monkeypatch: pytest.MonkeyPatch, nth: int, after: bool
) -> None:
    acts()
    dies(nth, after)
    with pytest.raises(Killed):
        settled(where)
    monkeypatch.undo()
    settled(where)
    complete(where, database)


def test_two_drains_at_once_write_each_entry_once(where: Place, database: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for n in range(60):
        shown(f"p{n}")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: drain(), range(4)))
    settled(where)
    assert sorted(each["subjects"][0] for each in entries("soseki")) == sorted(f"p{n}" for n in range(60))
    assert found(where) == []


def test_a_second_place_that_cannot_be_written_stops_no_sealing_and_is_told_once(where: Place) -> None:
    lines: list[tuple[str, str]] = []
    where.folder.parent.mkdir(exist_ok=True)
    where.folder.write_text("a file where the folder should be")
    draining, copying, _ = steps(where, lambda ja, en: lines.append((ja, en)))
    shown("p1")
    assert (draining(), copying(), copying()) == (1, 0, 0)
    assert head("soseki").number == 1
    assert len(lines) == 1
    where.folder.unlink()
    assert copying() == 1
    assert copied_head(where, "soseki").number == 1
    assert len(lines) == 2


def test_a_store_that_refuses_leaves_what_waits_where_it_is(
    where: Place, database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown("p1")

    def refuses(*_: Any, **__: Any) -> None:
        raise PyMongoError

    monkeypatch.setattr(Collection, "insert_many", refuses)
    with pytest.raises(PyMongoError):
        drain()
    monkeypatch.undo()
    assert database["disclosures"].count_documents({}) == 1
    settled(where)
    assert head("soseki").number == 1
