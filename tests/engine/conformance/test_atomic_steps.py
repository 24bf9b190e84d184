"""One document changed in one atomic step, by many writers at once."""

from datetime import UTC, datetime, timedelta

from pymongo import ASCENDING, ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tests.engine.conformance.records import Record, at_once


def test_a_conditional_update_sets_counts_pushes_pulls_and_unsets_in_one_step(
    records: Collection[Record],
) -> None:
    records.insert_one(
        {"_id": 1, "revision": 3, "loans": [{"copy": "a"}, {"copy": "b"}], "note": "x", "used": 1}
    )
    after = records.find_one_and_update(
        {"_id": 1, "revision": 3},
        {
            "$set": {"title": "土器"},
            "$inc": {"revision": 1, "used": 1},
            "$pull": {"loans": {"copy": "a"}},
            "$push": {"outbox": {"revision": 4}},
            "$unset": {"note": ""},
        },
        return_document=ReturnDocument.AFTER,
    )
    assert after == {
        "_id": 1,
        "revision": 4,
        "loans": [{"copy": "b"}],
        "used": 2,
        "title": "土器",
        "outbox": [{"revision": 4}],
    }


def test_an_update_on_an_old_revision_changes_nothing_and_says_so(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "revision": 4, "title": "土器"})
    assert records.find_one_and_update({"_id": 1, "revision": 3}, {"$set": {"title": "石器"}}) is None
    assert records.find_one_and_replace({"_id": 1, "revision": 3}, {"title": "石器"}) is None
    assert records.find_one({"_id": 1}) == {"_id": 1, "revision": 4, "title": "土器"}


def test_a_replacement_on_the_current_revision_leaves_only_the_new_fields(
    records: Collection[Record],
) -> None:
    records.insert_one({"_id": 1, "revision": 4, "title": "土器", "note": "x"})
    before = records.find_one_and_replace({"_id": 1, "revision": 4}, {"revision": 5, "title": "石器"})
    assert before is not None
    assert before["note"] == "x"
    assert records.find_one({"_id": 1}) == {"_id": 1, "revision": 5, "title": "石器"}


def test_find_and_delete_returns_what_it_removed_once(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "state": "tombstone"})
    assert records.find_one_and_delete({"_id": 1, "state": "tombstone"}) == {"_id": 1, "state": "tombstone"}
    assert records.find_one_and_delete({"_id": 1}) is None


def test_of_eight_editors_on_one_revision_exactly_one_wins(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "revision": 0})

    def edit(number: int) -> bool:
        found = records.find_one_and_update({"_id": 1, "revision": 0}, {"$inc": {"revision": 1}})
        return found is not None

    assert sum(at_once(8, edit, 8)) == 1


def test_a_limit_held_by_a_condition_lets_no_more_through(records: Collection[Record]) -> None:
    records.insert_one({"_id": "attempts", "count": 0})

    def attempt(_number: int) -> bool:
        update = {"$inc": {"count": 1}}
        return records.find_one_and_update({"_id": "attempts", "count": {"$lt": 5}}, update) is not None

    assert sum(at_once(8, attempt, 40)) == 5


def test_parallel_upserts_with_a_retry_count_every_one(records: Collection[Record]) -> None:
    def count(_number: int) -> None:
        for attempt in range(5):
            try:
                records.update_one({"_id": "item"}, {"$inc": {"count": 1}}, upsert=True)
            except DuplicateKeyError:
                if attempt == 4:
                    raise
            else:
                return

    at_once(8, count, 64)
    assert records.find_one({"_id": "item"}) == {"_id": "item", "count": 64}


def test_an_upsert_sets_its_first_values_only_once(records: Collection[Record]) -> None:
    for name in ("first", "second"):
        update = {"$setOnInsert": {"made_by": name}, "$addToSet": {"seen": name}}
        records.update_one({"_id": 1}, update, upsert=True)
    assert records.find_one({"_id": 1}) == {"_id": 1, "made_by": "first", "seen": ["first", "second"]}


def test_a_job_is_claimed_by_one_worker_until_its_lease_ends(records: Collection[Record]) -> None:
    now = datetime(2026, 4, 1, tzinfo=UTC)
    records.insert_one({"_id": 1, "state": "waiting", "lease": now - timedelta(seconds=1)})

    def claim(worker: int, at: datetime) -> bool:
        free = {"state": {"$in": ["waiting", "running"]}, "lease": {"$lt": at}}
        update = {"$set": {"state": "running", "worker": worker, "lease": at + timedelta(seconds=60)}}
        return records.find_one_and_update(free, update, sort=[("_id", ASCENDING)]) is not None

    assert sum(at_once(4, lambda number: claim(number, now), 4)) == 1
    assert claim(9, now + timedelta(seconds=61))


def test_a_booking_that_overlaps_is_refused_by_its_condition(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "bookings": [{"from": 10, "to": 20}]})

    def book(start: int, end: int) -> bool:
        overlap = {"$elemMatch": {"from": {"$lt": end}, "to": {"$gt": start}}}
        booking = {"from": start, "to": end}
        condition = {"_id": 1, "bookings": {"$not": overlap}}
        return records.update_one(condition, {"$push": {"bookings": booking}}).modified_count == 1

    assert not book(15, 25)
    assert book(20, 25)
    assert not book(19, 21)


def test_the_last_administrator_is_not_removed(records: Collection[Record]) -> None:
    records.insert_one({"_id": "soseki", "administrators": ["a", "b"]})

    def remove(name: str) -> bool:
        condition = {"_id": "soseki", "administrators.1": {"$exists": True}}
        return records.update_one(condition, {"$pull": {"administrators": name}}).modified_count == 1

    assert sorted(at_once(2, lambda number: remove("ab"[number]), 2)) == [False, True]


def test_one_element_of_an_array_is_updated_by_array_filters(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "media": [{"id": "a", "state": "new"}, {"id": "b", "state": "new"}]})
    records.update_one({"_id": 1}, {"$set": {"media.$[m].state": "done"}}, array_filters=[{"m.id": "b"}])
    records.update_one({"_id": 1, "media.id": "a"}, {"$set": {"media.$.title": "表"}})
    found = records.find_one({"_id": 1})
    assert found is not None
    assert found["media"] == [{"id": "a", "state": "new", "title": "表"}, {"id": "b", "state": "done"}]


def test_a_pushed_list_keeps_only_its_newest(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "recent": [1, 2, 3]})
    records.update_one({"_id": 1}, {"$push": {"recent": {"$each": [4, 5], "$slice": -3}}})
    assert records.find_one({"_id": 1}) == {"_id": 1, "recent": [3, 4, 5]}
