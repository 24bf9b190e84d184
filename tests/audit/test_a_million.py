"""A million entries: whose records did this account see between t1 and t2? (S13, S22; within 2 s)"""

from __future__ import annotations

import random
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from pymongo.database import Database

from audit import reading
from audit.canonical import GENESIS, digest
from audit.chain import INDEXES, chain, id_of
from oversight import alarms
from tests.audit.ledger import BEGAN

Store = Database[dict[str, Any]]
COUNT = 1_000_000
ACCOUNTS = 40
PEOPLE = 40_000
SPAN = timedelta(days=365)
LIMIT = 2.0


def filled() -> None:
    """A year, 40 accounts; of ten acts nine show one record and one a page of fifty. The indexes are made last."""
    chain().drop_indexes()
    began = perf_counter()
    dice = random.Random(20)
    batch = []
    prev = GENESIS
    for n in range(1, COUNT + 1):
        many = 50 if n % 10 == 0 else 1
        first = dice.randrange(PEOPLE)
        each: dict[str, Any] = {
            "_id": id_of("shinjuku", n), "institution": "shinjuku", "number": n, "prev": prev, "kind": "disclosure",
            "source": f"disclosure:{n:024x}", "at": BEGAN + SPAN * n / COUNT, "actor": f"user{dice.randrange(ACCOUNTS)}",
            "action": "seen", "noun": "donor", "exit": "list" if many > 1 else "detail",
            "breadth": "list_page" if many > 1 else "record", "purpose": "", "fields": ["address", "name"],
            "subjects": [f"{(first + k) % PEOPLE:024x}" for k in range(many)],
        }  # fmt: skip
        each["at"] = each["at"].replace(microsecond=each["at"].microsecond // 1000 * 1000)
        prev = each["hash"] = digest(each)
        batch.append(each)
        if len(batch) == 5_000:
            chain().insert_many(batch)
            batch = []
    print(f"\nall in after {perf_counter() - began:.0f} s")
    chain().create_indexes(INDEXES)


@pytest.mark.proof
def test_whose_records_an_account_saw_over_a_million_entries_within_two_seconds(database: Store) -> None:
    began = perf_counter()
    filled()
    print(f"\nfilled in {perf_counter() - began:.0f} s")
    within = {"institution": {"$in": ["section", "shinjuku", "soseki"]}, "noun": {"$in": ["donor", "", None]}}
    for days in (1, 30, 365):
        since = BEGAN + timedelta(days=0 if days == 365 else 100)
        took = []
        for _ in range(3):
            began = perf_counter()
            found = reading.seen_by("user7", since, since + timedelta(days=days), within)
            took.append(perf_counter() - began)
        print(f"seen_by over {days} days: {len(found)} people, {sorted(took)[1] * 1000:.0f} ms")
        assert sorted(took)[1] <= LIMIT
    asked: dict[str, dict[str, Any]] = {
        "a week": {"at": {"$gte": BEGAN + timedelta(days=200), "$lt": BEGAN + timedelta(days=207)}},
        "one subject": {"subjects": f"{5:024x}"},
        "one account": {"actor": "user7"},
    }
    for name, where in asked.items():
        began = perf_counter()
        assert reading.newest({"$and": [where, within]}, 101)
        took_one = perf_counter() - began
        print(f"newest 101 of {name}: {took_one * 1000:.0f} ms")
        assert took_one <= LIMIT
    began = perf_counter()
    alarms.alarms(["shinjuku"], BEGAN + timedelta(days=200), BEGAN + timedelta(days=207))
    print(f"alarms of a week: {(perf_counter() - began) * 1000:.0f} ms")
    assert perf_counter() - began <= LIMIT
