"""Pages, counts, groups, joins and searches."""

import re
from datetime import UTC, datetime

import pytest
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from tests.engine.conformance.records import Record, ids


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


def test_a_union_reads_several_collections_at_once_in_the_order_asked(
    database: Database[Record], shelf: Collection[Record]
) -> None:
    other = database[f"{shelf.name}_other"]
    other.insert_many([{"_id": "a", "house": 1}, {"_id": "b", "house": None}])
    first = shelf.find_one({}, {"_id": 1})
    assert first is not None
    asked = [
        {"$match": {"_id": first["_id"]}},
        {"$unionWith": {"coll": shelf.name, "pipeline": [{"$match": {"_id": None}}]}},
        {"$unionWith": {"coll": other.name, "pipeline": [{"$match": {"house": {"$ne": None}}}]}},
    ]
    assert [each["_id"] for each in shelf.aggregate(asked)] == [first["_id"], "a"]
    other.drop()


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
