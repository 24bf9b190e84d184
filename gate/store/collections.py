"""Where the gate meets the store: collections, ids, and the indexes that the screens need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bson import ObjectId
from bson.errors import InvalidId
from mongoengine.connection import get_db
from pymongo import ASCENDING, DESCENDING, IndexModel, timeout
from pymongo.collection import Collection
from pymongo.errors import WriteError

from gate.refusals import NotFound
from gate.store.masked_forms import masks_of
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]
Result = TypeVar("Result")
Indexes = Mapping[str, list[IndexModel]]
"""Collection → its indexes."""
SIGN_OF_LIFE = 2.0


def records_of(noun: Noun) -> Collection[Document]:
    """The collection of a noun."""
    collection: Collection[Document] = get_db()[noun.document._meta["collection"]]
    return collection


def retry_deadlock(write: Callable[[], Result]) -> Result:
    """Do one write to the store, again where the embedded engine ended it to resolve a deadlock: nothing of it is stored.

    Several processes that insert the same unique number at one moment can wait for each other there.

    Raises:
        WriteError: the write failed otherwise, or five times in this way.
    """
    for _ in range(4):
        try:
            return write()
        except WriteError as error:
            if "deadlock detected" not in str(error):
                raise
    return write()


def key_of(noun: Noun, record: str) -> Any:
    """A record's key in the store from its id in an address.

    Raises:
        NotFound: the id cannot be one; a malformed id and an unknown one are the same answer.
    """
    if noun.is_institution:
        if not record or len(record) > 40 or "\0" in record:
            raise NotFound
        return record
    try:
        return ObjectId(record)
    except (InvalidId, TypeError) as error:
        raise NotFound from error


def make_indexes(declared: Indexes) -> None:
    """Make these indexes where they are absent; a repetition changes nothing."""
    for collection, models in declared.items():
        get_db()[collection].create_indexes(models)


def absent_indexes(declared: Indexes) -> list[str]:
    """Those of these indexes that the store does not have, as `collection.name`."""
    absent = []
    for collection, models in declared.items():
        there = set(get_db()[collection].index_information())
        absent += [f"{collection}.{name}" for each in models if (name := each.document["name"]) not in there]
    return absent


def record_indexes() -> Indexes:
    """The indexes of every noun's collection, as its document and the masks of its fields declare them."""
    return {
        noun.document._meta["collection"]: [_index(each) for each in noun.document._meta["indexes"]]
        + _masked(noun)
        + _referring(noun)
        for noun in NOUNS.values()
    }


def _index(declared: Document) -> IndexModel:
    keys = [
        (name.lstrip("-"), DESCENDING if name.startswith("-") else ASCENDING) for name in declared["fields"]
    ]
    options = {name: value for name, value in declared.items() if name in ("unique", "sparse")}
    return IndexModel(keys, **options)


def _masked(noun: Noun) -> list[IndexModel]:
    """For the questions of gate.reading.masked_search, and for look-ups, which narrow by them."""
    return [IndexModel([("institution", 1), (f"masked.{name}", 1)]) for name in masks_of(noun)]


def _referring(noun: Noun) -> list[IndexModel]:
    """For the records that refer to one: a donor's items (gate.card.uses)."""
    names = (each.name for each in noun if each.declared.target and each.name != "institution")
    return [IndexModel([(name, 1)], sparse=True) for name in names]


def ping() -> None:
    """Ask the store for a sign of life, for SIGN_OF_LIFE seconds at most.

    Raises:
        PyMongoError: it does not answer.
    """
    with timeout(SIGN_OF_LIFE):
        get_db()["institutions"].find_one(
            {}, {"_id": 1}
        )  # a gateway answers a ping when what is behind it does not
