"""Operations over several records: an intent is written first, and what a killed process began, the worker ends.

The store changes one document at a time (law 4), so a change of several is a sequence of steps. Its intent is a document
that holds opaque ids and no value of a record (law 5):

1. `run_operation` writes the intent, with a lease.
2. Its body makes the deciding change: conditional, and recognisable afterwards (most bear the intent's id as a mark).
3. The steps follow. Each is idempotent and conditional: done twice, by two processes, it is done once.
4. The intent is removed.

A process that dies lets its lease run out. The worker (`step`) asks the operation whether its deciding change was made:
where it was, the steps are done; where it was not, what was made ready for it is undone. So after the worker has run
there is either all of it or nothing, and until then each record is as before or as after.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import ConnectionFailure, ExecutionTimeout

from gate.store.collections import records_of
from gate.writing.changes import MARK
from models.data_classes import Words
from models.declaration import Noun

Document = dict[str, Any]
INDEXES = {"intents": [IndexModel([("until", 1)])]}
LEASE = timedelta(seconds=60)
"""Longer than any request may take: until then the process that began an operation is its only one."""
TRIES = 5
"""So often the worker tries to end an operation before it is called stuck; it goes on trying."""
AGAIN = timedelta(minutes=1)
log = logging.getLogger("shuzoko")


@dataclass(frozen=True)
class Intent:
    """What an operation is about: opaque ids, numbers and names of fields."""

    id: ObjectId
    name: str
    by: str
    """The account's opaque id, or `console`."""
    institution: str
    about: Document


@dataclass(frozen=True)
class Operation:
    """What its steps are, and how they know whether it was decided."""

    name: str
    words: Words
    decided: Callable[[Intent], bool]
    """Whether the deciding change was made by this intent. Asked of the store, and of nothing else."""
    steps: tuple[Callable[[Intent], None], ...]
    """What follows where it was; idempotent and conditional, in this order."""
    undo: tuple[Callable[[Intent], None], ...] = ()
    """What is taken back where it was not: what was made ready before the deciding change."""
    lease: timedelta = LEASE
    """Longer than it may take: until then the process that began it is its only one."""


@dataclass(frozen=True)
class Stuck:
    """An operation that could not be ended."""

    name: str
    words: Words
    id: str
    institution: str
    since: datetime
    tries: int
    error: str = field(default="")
    """The kind of the last error: its text may quote a record (law 5)."""


_operations: dict[str, Operation] = {}


def register_operations(operations: Iterable[Operation]) -> None:
    """Let the worker know them; a repetition changes nothing.

    Raises:
        RuntimeError: one has no words, or neither steps nor anything to undo.
    """
    for each in operations:
        if not (each.name and all(each.words) and (each.steps or each.undo)):
            raise RuntimeError(f"operation {each.name!r} is not complete: it needs words and steps")
        _operations[each.name] = each


def intents() -> Collection[Document]:
    """The collection of all intents."""
    found: Collection[Document] = get_db()["intents"]
    return found


@contextmanager
def run_operation(operation: Operation, about: Document, *, by: str, institution: str) -> Iterator[Intent]:
    """An operation: its intent is written first; the body makes the deciding change; the steps follow.

    After an exception in the body the store says whether the change was made, and the operation is ended accordingly.

    Args:
        operation: a registered one.
        about: opaque ids, numbers, names of fields; never a value of a record.
        by: the account's opaque id.
        institution: whose operation it is.

    Raises:
        RuntimeError: it is not registered, so no worker would end it.
    """
    if _operations.get(operation.name) is not operation:
        raise RuntimeError(
            f"operation {operation.name!r} is not registered (operations/declared_workflows.py)"
        )
    now = datetime.now(UTC)
    intent = Intent(ObjectId(), operation.name, by, institution, about)
    intents().insert_one({
        "_id": intent.id, "kind": intent.name, "by": by, "institution": institution, "about": about,
        "at": now, "until": now + operation.lease, "tries": 0,
    })  # fmt: skip
    try:
        yield intent
    except BaseException:
        with suppress(Exception):  # what cannot be ended now is left to the worker
            end(operation, intent)
        raise
    end(operation, intent)


def end(operation: Operation, intent: Intent) -> None:
    """Do what is left of an operation, and remove its intent. Done twice it changes nothing more."""
    for each in operation.steps if operation.decided(intent) else operation.undo:
        each(intent)
    intents().delete_one({"_id": intent.id})


def step() -> int:
    """One of the worker's steps: end the oldest operation whose process is gone; 0 when there is none.

    One that fails is tried again a while later, and does not hold up the others.
    """
    now = datetime.now(UTC)
    found = intents().find_one({"until": {"$lte": now}}, sort=[("until", 1)])
    if found is None:
        return 0
    operation = _operations.get(found["kind"])
    wait = AGAIN * min(found["tries"] + 1, TRIES)
    # The lease is part of the condition: of two workers one gets it.
    taken = intents().update_one(
        {"_id": found["_id"], "until": found["until"]},
        {"$set": {"until": now + (LEASE if operation else wait)}, "$inc": {"tries": 1}},
    )
    if not taken.modified_count:
        return 1
    if operation is None:  # of another version: it is shown as stuck
        return 1
    try:
        end(operation, _intent(found))
    except (ConnectionFailure, ExecutionTimeout):
        raise  # the store is away: the loop waits for it
    except Exception as error:
        name = type(error).__name__  # the others go on, and doctor names this one
        log.error("operation %s named %s: %s", found["_id"], found["kind"], name)
        intents().update_one({"_id": found["_id"]}, {"$set": {"until": now + wait, "error": name}})
    return 1


def _intent(found: Document) -> Intent:
    return Intent(found["_id"], found["kind"], found["by"], found["institution"], found["about"])


def stuck() -> list[Stuck]:
    """The operations that the worker could not end in TRIES, or of which nothing was heard for an hour; oldest first."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    asked = {"$or": [{"tries": {"$gte": TRIES}}, {"at": {"$lt": long_ago}}]}
    return [
        Stuck(
            each["kind"],
            _operations[each["kind"]].words if each["kind"] in _operations else (each["kind"], each["kind"]),
            str(each["_id"]),
            each["institution"],
            each["at"],
            each["tries"],
            each.get("error", ""),
        )
        for each in intents().find(asked).sort("_id", 1).limit(100)
    ]


def bears(noun: Noun, key: Any, intent: Intent) -> bool:
    """Whether a record bears the mark of an operation: its change was made by it, whatever was changed since."""
    return records_of(noun).find_one({"_id": key, MARK: str(intent.id)}, {"_id": 1}) is not None


def unmark(noun: Noun, key: Any, intent: Intent) -> None:
    """Take the mark of an operation off a record; its last step."""
    records_of(noun).update_one({"_id": key, MARK: str(intent.id)}, {"$pull": {MARK: str(intent.id)}})
