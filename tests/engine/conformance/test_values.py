"""Values, files and indexes come back as they went in."""

from datetime import UTC, datetime
from decimal import Decimal

import gridfs
from bson import Decimal128, ObjectId
from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.database import Database

from tests.engine.conformance.records import Record, ids


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
