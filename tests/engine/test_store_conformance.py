"""Every kind of query and write that Shuzoko uses, against whatever store MONGODB_URI names.

An owner of another MongoDB-compatible service runs this one file before trusting it with records:
`MONGODB_URI=… .venv/bin/pytest tests/engine/test_store_conformance.py`.
"""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import gridfs
import pytest
from bson import Decimal128, ObjectId
from pymongo import ASCENDING, DESCENDING, IndexModel, InsertOne, MongoClient, ReturnDocument, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

Record = dict[str, Any]


@pytest.fixture(scope="module")
def client(database_uri: str) -> Iterator[MongoClient[Record]]:
    with MongoClient[Record](database_uri, tz_aware=True, serverSelectionTimeoutMS=10_000) as client:
        yield client


@pytest.fixture
def database(client: MongoClient[Record]) -> Database[Record]:
    return client.get_default_database()


@pytest.fixture
def records(database: Database[Record]) -> Iterator[Collection[Record]]:
    collection = database[f"conformance_{ObjectId()}"]
    yield collection
    collection.drop()


def at_once(workers: int, act: Callable[[int], Any], times: int) -> list[Any]:
    """Lets `workers` threads loose on `times` calls together."""
    gate = threading.Barrier(workers)

    def run(number: int) -> Any:
        if number < workers:
            gate.wait(timeout=10)
        return act(number)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(times)))


# One document per atomic step ---------------------------------------------------------------------------------


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


# Unique keys --------------------------------------------------------------------------------------------------


def test_a_unique_compound_key_holds_per_institution_and_under_parallel_writers(
    records: Collection[Record],
) -> None:
    records.create_index([("institution", ASCENDING), ("number", ASCENDING)], unique=True)
    records.insert_one({"institution": "soseki", "number": "1"})
    records.insert_one({"institution": "shinjuku", "number": "1"})
    with pytest.raises(DuplicateKeyError):
        records.insert_one({"institution": "soseki", "number": "1"})
    with pytest.raises(DuplicateKeyError):
        records.update_one({"institution": "shinjuku"}, {"$set": {"institution": "soseki"}})

    def insert(number: int) -> bool:
        try:
            records.insert_one({"institution": "soseki", "number": f"n{number % 10}"})
        except DuplicateKeyError:
            return False
        return True

    assert sum(at_once(8, insert, 40)) == 10


def test_a_unique_partial_key_inside_an_array_lets_one_borrower_per_copy(records: Collection[Record]) -> None:
    partial = {"open_loans.copy": {"$exists": True}}
    records.create_index("open_loans.copy", unique=True, partialFilterExpression=partial)
    records.insert_many([{"_id": 1, "open_loans": []}, {"_id": 2, "open_loans": []}, {"_id": 3}])
    records.update_one({"_id": 1}, {"$push": {"open_loans": {"copy": "C-1"}}})
    records.update_one({"_id": 1}, {"$push": {"open_loans": {"copy": "C-2"}}})
    with pytest.raises(DuplicateKeyError):
        records.update_one({"_id": 2}, {"$push": {"open_loans": {"copy": "C-2"}}})
    records.update_one({"_id": 1}, {"$pull": {"open_loans": {"copy": "C-2"}}})
    records.update_one({"_id": 2}, {"$push": {"open_loans": {"copy": "C-2"}}})
    assert records.count_documents({"open_loans.copy": "C-2"}) == 1


def test_a_unique_sparse_key_allows_many_without_it(records: Collection[Record]) -> None:
    records.create_index("login_id", unique=True, sparse=True)
    records.insert_many([{}, {}, {"login_id": "a"}])
    with pytest.raises(DuplicateKeyError):
        records.insert_one({"login_id": "a"})


def test_a_taken_id_is_refused(records: Collection[Record]) -> None:
    records.insert_one({"_id": "chain:000001"})
    with pytest.raises(DuplicateKeyError):
        records.insert_one({"_id": "chain:000001"})


# Bulk ---------------------------------------------------------------------------------------------------------


def test_an_unordered_insert_stores_the_good_and_reports_the_duplicates(records: Collection[Record]) -> None:
    records.create_index("number", unique=True)
    rows = [{"_id": row, "number": number} for row, number in enumerate([1, 2, 1, 3, 2])]
    with pytest.raises(BulkWriteError) as raised:
        records.insert_many(rows, ordered=False)
    details = raised.value.details
    assert details["nInserted"] == 3
    assert [(error["index"], error["code"]) for error in details["writeErrors"]] == [(2, 11000), (4, 11000)]
    assert sorted(record["number"] for record in records.find()) == [1, 2, 3]


def test_a_bulk_of_conditional_updates_counts_what_matched(records: Collection[Record]) -> None:
    records.insert_many([{"_id": number, "revision": number % 2} for number in range(1000)])
    changes = [
        UpdateOne({"_id": number, "revision": 0}, {"$set": {"state": "done"}, "$inc": {"revision": 1}})
        for number in range(1000)
    ]
    result = records.bulk_write([*changes, InsertOne({"_id": 1000})], ordered=False)
    assert (result.matched_count, result.modified_count, result.inserted_count) == (500, 500, 1)
    assert records.count_documents({"state": "done"}) == 500


def test_a_batch_of_ten_thousand_is_one_call(records: Collection[Record]) -> None:
    records.insert_many([{"_id": number} for number in range(10_000)], ordered=False)
    assert records.count_documents({}) == 10_000
    assert records.delete_many({"_id": {"$gte": 5000}}).deleted_count == 5000


# Reading ------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(records: Collection[Record]) -> Collection[Record]:
    """A hundred items of two institutions: `_id`, institution, number, rank, title, tags."""
    records.create_indexes(
        [
            IndexModel([("institution", ASCENDING), ("number", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("institution", ASCENDING), ("rank", ASCENDING), ("_id", ASCENDING)]),
        ]
    )
    records.insert_many(
        [
            {
                "_id": number,
                "institution": "soseki" if number % 2 else "shinjuku",
                "number": f"{999 - number:04}",
                "rank": "ABCD"[number % 4],
                "size": {"height": number / 10},
                "tags": ["土器", f"t{number % 5}"],
            }
            for number in range(100)
        ]
    )
    return records


def ids(found: Any) -> list[int]:
    return [record["_id"] for record in found]


def test_pages_by_id_go_on_after_the_last_key_with_a_hint_in_both_directions(
    shelf: Collection[Record],
) -> None:
    mine = {"institution": "soseki"}
    page = ids(shelf.find({**mine, "_id": {"$gt": 41}}).hint("_id_").sort("_id", ASCENDING).limit(5))
    assert page == [43, 45, 47, 49, 51]
    page = ids(shelf.find({**mine, "_id": {"$lt": 43}}).hint("_id_").sort("_id", DESCENDING).limit(3))
    assert page == [41, 39, 37]


def test_pages_by_a_field_go_on_after_its_value_and_then_the_id(shelf: Collection[Record]) -> None:
    order = [("institution", ASCENDING), ("rank", ASCENDING), ("_id", ASCENDING)]
    seen: list[int] = []
    after: tuple[str, int] = ("", -1)
    while True:
        rank, last = after
        onwards = {"$or": [{"rank": {"$gt": rank}}, {"rank": rank, "_id": {"$gt": last}}]}
        page = list(shelf.find({"institution": "soseki", **onwards}).sort(order).limit(7))
        if not page:
            break
        seen += ids(page)
        after = (page[-1]["rank"], page[-1]["_id"])
    assert seen == sorted(range(1, 100, 2), key=lambda number: ("ABCD"[number % 4], number))


def test_a_window_between_bounds_of_a_field_is_sorted(shelf: Collection[Record]) -> None:
    window = {"institution": "soseki", "number": {"$gte": "0900", "$lt": "0910"}}
    assert ids(shelf.find(window).sort([("number", ASCENDING), ("_id", ASCENDING)])) == [99, 97, 95, 93, 91]
    assert ids(shelf.find(window).sort([("number", DESCENDING), ("_id", DESCENDING)])) == [91, 93, 95, 97, 99]


def test_conditions_combine(shelf: Collection[Record]) -> None:
    assert ids(shelf.find({"_id": {"$in": [3, 1, 400]}}).sort("_id", ASCENDING)) == [1, 3]
    assert shelf.count_documents({"rank": {"$nin": ["A", "B"]}}) == 50
    assert shelf.count_documents({"rank": {"$ne": "A"}, "size.height": {"$gte": 5, "$lte": 6}}) == 8
    assert shelf.count_documents({"$and": [{"tags": "t1"}, {"$nor": [{"rank": "A"}]}]}) == 15
    assert shelf.count_documents({"donor": {"$exists": False}, "rank": {"$type": "string"}}) == 100
    assert shelf.count_documents({"tags": {"$size": 2}, "$expr": {"$lt": ["$_id", 10]}}) == 10
    assert shelf.count_documents({"number": {"$regex": "^09[0-4]"}}) == 50
    assert shelf.count_documents({"number": re.compile("^090")}) == 10


def test_a_count_stops_at_its_cap(shelf: Collection[Record]) -> None:
    assert shelf.count_documents({}, limit=11) == 11
    assert shelf.count_documents({"institution": "soseki"}, limit=1001) == 50
    assert shelf.count_documents({"institution": "nobody"}, limit=11) == 0


def test_the_estimate_counts_all_after_they_are_in(records: Collection[Record]) -> None:
    records.insert_many([{"_id": number} for number in range(500)])
    # An estimate by name: near, never of another order.
    assert 250 <= records.estimated_document_count() <= 1000


def test_only_the_fields_asked_for_are_returned(shelf: Collection[Record]) -> None:
    assert shelf.find_one({"_id": 1}, {"rank": 1}) == {"_id": 1, "rank": "B"}
    assert shelf.find_one({"_id": 1}, {"size.height": 1, "_id": 0}) == {"size": {"height": 0.1}}
    without = shelf.find_one({"_id": 1}, {"tags": 0, "size": 0})
    assert without == {"_id": 1, "institution": "soseki", "number": "0998", "rank": "B"}


def test_distinct_values(shelf: Collection[Record]) -> None:
    assert sorted(shelf.distinct("rank", {"institution": "soseki"})) == ["B", "D"]
    assert sorted(shelf.distinct("tags", {"_id": {"$lt": 2}})) == ["t0", "t1", "土器"]


def test_groups_on_a_compound_key_are_counted_and_summed(shelf: Collection[Record]) -> None:
    found = shelf.aggregate(
        [
            {"$match": {"_id": {"$lt": 8}}},
            {
                "$group": {
                    "_id": {"institution": "$institution", "rank": "$rank"},
                    "count": {"$sum": 1},
                    "height": {"$sum": "$size.height"},
                }
            },
            {"$sort": {"_id.institution": 1, "_id.rank": 1}},
        ]
    )
    assert [(*row["_id"].values(), row["count"], round(row["height"], 3)) for row in found] == [
        ("shinjuku", "A", 2, 0.4),
        ("shinjuku", "C", 2, 0.8),
        ("soseki", "B", 2, 0.6),
        ("soseki", "D", 2, 1.0),
    ]


def test_a_lookup_joins_another_collection(database: Database[Record], shelf: Collection[Record]) -> None:
    ranks = database[f"{shelf.name}_ranks"]
    ranks.insert_many([{"_id": "A", "label": "最重要"}, {"_id": "B", "label": "重要"}])
    found = shelf.aggregate(
        [
            {"$match": {"_id": {"$in": [0, 1, 2]}}},
            {"$sort": {"_id": 1}},
            {"$lookup": {"from": ranks.name, "localField": "rank", "foreignField": "_id", "as": "rank_of"}},
            {"$project": {"labels": "$rank_of.label"}},
        ]
    )
    rows = list(found)
    ranks.drop()
    assert rows == [
        {"_id": 0, "labels": ["最重要"]},
        {"_id": 1, "labels": ["重要"]},
        {"_id": 2, "labels": []},
    ]


def test_facets_and_samples(shelf: Collection[Record]) -> None:
    pipeline = [{"$facet": {"ranks": [{"$sortByCount": "$rank"}], "all": [{"$count": "n"}]}}]
    (facets,) = shelf.aggregate(pipeline)
    assert facets["all"] == [{"n": 100}]
    assert {row["_id"]: row["count"] for row in facets["ranks"]} == {"A": 25, "B": 25, "C": 25, "D": 25}
    sample = list(
        shelf.aggregate([{"$match": {"rank": "A"}}, {"$sample": {"size": 10}}, {"$project": {"rank": 1}}])
    )
    assert [record["rank"] for record in sample] == ["A"] * 10


def test_japanese_search_by_bigrams_then_the_exact_text(records: Collection[Record]) -> None:
    texts = ["縄文土器片", "土器の縄文", "弥生土器", "縄文時代の土偶"]

    def bigrams(text: str) -> list[str]:
        return sorted({text[at : at + 2] for at in range(len(text) - 1)})

    records.create_index([("institution", ASCENDING), ("grams", ASCENDING)])
    records.insert_many(
        [
            {"_id": row, "institution": "soseki", "text": text, "grams": bigrams(text)}
            for row, text in enumerate(texts)
        ]
    )

    def search(words: str) -> list[int]:
        near = {"$all": bigrams(words)}
        exact = {"$regex": re.escape(words)}
        return ids(
            records.find({"institution": "soseki", "grams": near, "text": exact}).sort("_id", ASCENDING)
        )

    assert search("縄文土器") == [0]
    assert search("縄文") == [0, 1, 3]
    assert search("土器") == [0, 1, 2]
    assert search("青磁") == []


def test_a_cursor_read_in_batches_gives_each_record_once(records: Collection[Record]) -> None:
    records.insert_many([{"_id": number, "text": "資料" * 200} for number in range(3000)])
    assert ids(records.find().sort("_id", ASCENDING).batch_size(100)) == list(range(3000))


def test_the_few_records_with_something_to_send_are_found_by_their_index(records: Collection[Record]) -> None:
    waiting = {"outbox_at": {"$exists": True}}
    records.create_index("outbox_at", name="outbox", partialFilterExpression=waiting)
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    records.insert_many([{"_id": n, **({"outbox_at": moment} if n in (7, 9) else {})} for n in range(200)])
    assert ids(records.find(waiting).sort("outbox_at", ASCENDING).limit(10)) == [7, 9]
    assert ids(records.find(waiting).hint("outbox").sort("_id", ASCENDING)) == [7, 9]
    records.update_one({"_id": 7}, {"$unset": {"outbox_at": ""}})
    assert ids(records.find(waiting)) == [9]


# Values, files, indexes ---------------------------------------------------------------------------------------


def test_values_come_back_as_they_went_in(records: Collection[Record]) -> None:
    value = {
        "_id": ObjectId(),
        "moment": datetime(1872, 11, 9, 1, 2, 3, 456000, tzinfo=UTC),
        "price": Decimal128(Decimal("1234567890.12")),
        "small": 2**31 - 1,
        "large": 2**53 + 1,
        "part": 0.1,
        "seal": b"\x00\xff",
        "text": "𠮷野・髙島 ｶﾅ",
        "nothing": None,
        "list": [1, [2, {"三": 3}]],
        "true": True,
    }
    records.insert_one(value)
    found = records.find_one({"_id": value["_id"]})
    assert found == value
    assert found is not None
    assert list(found) == list(value)
    assert records.count_documents({"price": {"$gt": Decimal128("1234567890.11")}}) == 1
    assert records.count_documents({"moment": {"$lt": datetime(1873, 1, 1, tzinfo=UTC)}}) == 1


def test_a_record_without_a_field_and_one_with_null_are_told_apart(records: Collection[Record]) -> None:
    records.insert_many([{"_id": 1}, {"_id": 2, "price": None}, {"_id": 3, "price": 1}])
    assert ids(records.find({"price": None}).sort("_id", ASCENDING)) == [1, 2]
    assert ids(records.find({"price": {"$exists": True}}).sort("_id", ASCENDING)) == [2, 3]


def test_files_are_stored_read_and_removed(database: Database[Record]) -> None:
    files = gridfs.GridFS(database, collection="conformance_files")
    content = bytes(range(256)) * 4000
    key = files.put(content, filename="写真.jpg", metadata={"institution": "soseki"})
    stored = files.get(key)
    assert (stored.filename, stored.length, stored.metadata) == (
        "写真.jpg",
        len(content),
        {"institution": "soseki"},
    )
    assert stored.read() == content
    files.delete(key)
    assert not files.exists(key)
    assert database["conformance_files.chunks"].count_documents({}) == 0


def test_indexes_of_every_kind_are_made_twice_listed_and_dropped(records: Collection[Record]) -> None:
    for _ in range(2):
        records.create_index("ends_at", name="expiry", expireAfterSeconds=0)
        records.create_index([("institution", ASCENDING), ("tags", ASCENDING)], name="tags")
    made = records.index_information()
    assert set(made) == {"_id_", "expiry", "tags"}
    assert made["expiry"]["expireAfterSeconds"] == 0
    records.drop_index("tags")
    assert set(records.index_information()) == {"_id_", "expiry"}


def test_ten_levels_and_a_long_record_fit(records: Collection[Record]) -> None:
    deep: Record = {"text": "記" * 1000}
    for _ in range(10):
        deep = {"within": [deep]}
    records.insert_one({"_id": 1, "deep": deep, "long": "録" * 1_000_000})
    found = records.find_one({"_id": 1})
    assert found is not None
    assert found["deep"] == deep
    assert len(found["long"]) == 1_000_000


def test_a_pipeline_update_computes_from_the_record_itself(records: Collection[Record]) -> None:
    records.insert_one({"_id": 1, "height": 2, "width": 3})
    records.update_one({"_id": 1}, [{"$set": {"area": {"$multiply": ["$height", "$width"]}}}])
    assert records.find_one({"_id": 1}, {"area": 1}) == {"_id": 1, "area": 6}
