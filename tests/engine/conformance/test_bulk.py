"""Many writes in one call."""

import pytest
from pymongo import InsertOne, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from tests.engine.conformance.records import Record


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
