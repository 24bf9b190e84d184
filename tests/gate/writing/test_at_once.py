"""Several processes at the same moment: one wins, none is lost, each number is given once (S4, S9)."""

from typing import Any

import pytest
from pymongo.database import Database

from policies.lockout import Limits
from tests.gate import workers
from tests.world import item

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]


def test_of_two_editors_exactly_one_wins(database: Store, database_uri: str) -> None:
    item(title="甲")
    outcomes = workers.at_once(database_uri, 2, workers.edits_a_record)
    stored = database["items"].find_one({})
    assert stored is not None
    assert sorted(outcomes) == sorted([stored["title"], "conflict"])
    assert stored["revision"] == 2
    assert [each["revision"] for each in stored["outbox"]] == [1, 2]


def test_no_update_of_four_processes_is_lost(database: Store, database_uri: str) -> None:
    item()
    workers.at_once(database_uri, 4, workers.counts_up)
    stored = database["items"].find_one({})
    assert stored is not None
    assert (stored["object_count"], stored["revision"]) == (41, 41)


def test_eight_processes_give_eighty_numbers_and_none_twice(database: Store, database_uri: str) -> None:
    made = [each for some in workers.at_once(database_uri, 8, workers.makes_items) for each in some]
    numbers = [each["accession_number"] for each in database["items"].find()]
    assert len(made) == len(set(made)) == len(numbers) == len(set(numbers)) == 80


def test_a_number_typed_by_all_at_once_is_given_to_one(database: Store, database_uri: str) -> None:
    assert sorted(workers.at_once(database_uri, 4, workers.takes_a_number)) == [False] * 3 + [True]
    assert database["items"].count_documents({"accession_number": "新-1"}) == 1


def test_exactly_the_limit_reaches_the_check_from_four_processes(database_uri: str) -> None:
    assert sum(workers.at_once(database_uri, 4, workers.guesses_a_password)) == Limits().attempts
