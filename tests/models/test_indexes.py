"""The indexes that the screens need are in the engine, and the unique ones hold."""

from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from models.declaration import Noun
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]


def held(database: Store, collection: str) -> dict[tuple[str, ...], bool]:
    """Fields of each index → whether it is unique."""
    found = database[collection].index_information().values()
    return {tuple(name for name, _ in each["key"]): bool(each.get("unique")) for each in found}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
def test_every_declared_index_is_there(database: Store, noun: Noun) -> None:
    there = held(database, noun.document._meta["collection"])
    for declared in noun.document._meta["indexes"]:
        fields = tuple(name.lstrip("-") for name in declared["fields"])
        assert there.get(fields) == declared.get("unique", False), fields


def test_histories_and_disclosures_are_found_by_record_subject_and_actor(database: Store) -> None:
    assert ("noun", "record", "revision") in held(database, "revisions")
    assert {("subjects", "at"), ("actor", "at")} <= set(held(database, "disclosures"))


def test_making_them_again_changes_nothing(database: Store) -> None:
    before = {name: database[name].index_information() for name in database.list_collection_names()}
    ensure_indexes()
    assert {name: database[name].index_information() for name in database.list_collection_names()} == before


NUMBERED = [noun for noun in NOUNS.values() if noun.name not in ("user", "institution")]


@pytest.mark.parametrize("noun", NUMBERED, ids=lambda noun: noun.name)
def test_a_number_is_unique_within_its_institution_only(database: Store, noun: Noun) -> None:
    records = database[noun.document._meta["collection"]]
    records.insert_one({"institution": "shinjuku", noun.number: "x-1"})
    records.insert_one({"institution": "soseki", noun.number: "x-1"})
    with pytest.raises(DuplicateKeyError):
        records.insert_one({"institution": "shinjuku", noun.number: "x-1"})


def test_a_login_id_is_unique_everywhere(database: Store) -> None:
    with pytest.raises(DuplicateKeyError):
        database["users"].insert_one({"institution": "kaizu", "login_key": "manager"})
