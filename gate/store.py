"""Where the gate meets the store: collections, ids, and the indexes that the screens need."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from mongoengine.connection import get_db
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection

from audit import chain
from gate import imports
from gate.masked import masks_of
from gate.refusals import NotFound
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]


def records_of(noun: Noun) -> Collection[Document]:
    """The collection of a noun."""
    collection: Collection[Document] = get_db()[noun.document._meta["collection"]]
    return collection


def key_of(noun: Noun, record: str) -> Any:
    """A record's key in the store from its id in an address.

    Raises:
        NotFound: the id cannot be one; a malformed id and an unknown one are the same answer.
    """
    if noun.name == "institution":
        if not record or len(record) > 40 or "\0" in record:
            raise NotFound
        return record
    try:
        return ObjectId(record)
    except (InvalidId, TypeError) as error:
        raise NotFound from error


def ensure_indexes() -> None:
    """Make every declared index; again and again does no harm. Seeding, commands and the worker call it, never a request."""
    for collection, models in _indexes().items():
        get_db()[collection].create_indexes(models)


def missing_indexes() -> list[str]:
    """Declared indexes that the store does not have, as `collection.name`."""
    missing = []
    for collection, models in _indexes().items():
        there = set(get_db()[collection].index_information())
        missing += [f"{collection}.{name}" for each in models if (name := each.document["name"]) not in there]
    return missing


def _indexes() -> dict[str, list[IndexModel]]:
    """Collection → its indexes: the nouns' as their documents declare them, and those of the gate's own rooms."""
    of_nouns = {
        noun.document._meta["collection"]: [_index(each) for each in noun.document._meta["indexes"]]
        + _masked(noun)
        for noun in NOUNS.values()
    }
    return of_nouns | {
        "chain": chain.INDEXES,
        "revisions": [IndexModel([("noun", 1), ("record", 1), ("revision", 1)])],
        "disclosures": [IndexModel([("subjects", 1), ("at", 1)]), IndexModel([("actor", 1), ("at", 1)])],
        "attempts": [IndexModel([("forget_at", 1)], expireAfterSeconds=0)],
        "questions": [
            IndexModel([("ends_at", 1)], expireAfterSeconds=0),
            IndexModel([("actor", 1), ("noun", 1), ("ends_at", -1)]),
        ],
        "api_tokens": [IndexModel([("hash", 1)], unique=True), IndexModel([("user", 1)])],
        "api_rates": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
        "resets": [IndexModel([("user", 1)]), IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
        "sessions": [IndexModel([("user", 1)]), IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
        "undos": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
        "lookups": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
        **imports.INDEXES,
        "jobs": [IndexModel([("state", 1), ("until", 1)]), IndexModel([("about", 1)])],
        "reveals": [IndexModel([("actor", 1)]), IndexModel([("ends_at", 1)], expireAfterSeconds=0)],
    }


def _index(declared: Document) -> IndexModel:
    keys = [
        (name.lstrip("-"), DESCENDING if name.startswith("-") else ASCENDING) for name in declared["fields"]
    ]
    options = {name: value for name, value in declared.items() if name in ("unique", "sparse")}
    return IndexModel(keys, **options)


def _masked(noun: Noun) -> list[IndexModel]:
    """For the questions of gate.masked, and for look-ups, which narrow by them."""
    return [IndexModel([("institution", 1), (f"masked.{name}", 1)]) for name in masks_of(noun)]


def ping() -> None:
    """Ask the store for a sign of life.

    Raises:
        PyMongoError: it does not answer.
    """
    get_db().client.admin.command("ping")
