"""Unique keys hold, whatever the writers do."""

import pytest
from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from tests.engine.conformance.records import Record, at_once


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
