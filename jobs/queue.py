"""The job queue: a job is a document, posted by a screen or a command, and claimed by one worker under a lease.

A worker that dies lets its lease run out, and another goes on. Nothing of what a job does may hang on its being done
by one worker only: for a moment two may hold it, when one of them was asleep for longer than its lease.
"""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

INDEXES = {"jobs": [IndexModel([("state", 1), ("until", 1)]), IndexModel([("about", 1)])]}

Document = dict[str, Any]
LEASE = timedelta(seconds=10)
TRIES = 20
"""How often a job may be started again before it is given up, because it kills its worker."""
OPEN = ("waiting", "working")


@dataclass(frozen=True)
class Job:
    """A job as its holder knows it."""

    id: ObjectId
    task: str
    """Its kind, as it was posted."""
    about: str
    """The opaque id of what it works on."""
    holder: str
    given_up: bool = False
    """It was started TRIES times without progress: its holder marks it, and what it is about, as failed."""


def jobs() -> Collection[Document]:
    """The collection of all jobs."""
    found: Collection[Document] = get_db()["jobs"]
    return found


def holder() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def post(kind: str, about: str, id_: ObjectId | None = None) -> None:
    """Add a job to the queue; under an id that is given, once."""
    with suppress(DuplicateKeyError):
        jobs().insert_one(_made(kind, about, "waiting", datetime.now(UTC), id_))


def is_known(id_: ObjectId) -> bool:
    """Whether a job of this id was posted, and is not dropped."""
    return jobs().find_one({"_id": id_}, {"_id": 1}) is not None


def post_own(kind: str, about: str, who: str, id_: ObjectId | None = None) -> Job:
    """Add a job to the queue that its poster works on at once; if that process dies, a worker continues."""
    made = _made(kind, about, "working", datetime.now(UTC) + LEASE, id_)
    jobs().insert_one({**made, "holder": who, "tries": 1})
    return Job(made["_id"], kind, about, who)


def _made(kind: str, about: str, state: str, until: datetime, id_: ObjectId | None) -> Document:
    return {
        "_id": id_ or ObjectId(), "kind": kind, "about": about, "state": state, "until": until, "made_at": datetime.now(UTC),
        "tries": 0, "progress": {},
    }  # fmt: skip


def claim(who: str, kinds: tuple[str, ...]) -> Job | None:
    """Take the oldest job that waits, or whose holder's lease has run out; None where there is none.

    One that kills whoever takes it is handed out too, marked as given up.

    Args:
        who: the name of the claiming process, as `holder` gives it.
        kinds: the kinds that it can do.
    """
    now = datetime.now(UTC)
    asked = {"state": {"$in": list(OPEN)}, "until": {"$lte": now}, "kind": {"$in": list(kinds)}}
    for found in jobs().find(asked).sort("_id", 1).limit(5):
        change: Document = {
            "$set": {"state": "working", "holder": who, "until": now + LEASE},
            "$inc": {"tries": 1},
        }
        # The lease's end is part of the condition: whoever is second finds another one there.
        taken = jobs().update_one(
            {"_id": found["_id"], "state": found["state"], "until": found["until"]}, change
        )
        if taken.modified_count:
            return Job(found["_id"], found["kind"], found["about"], who, found["tries"] >= TRIES)
    return None


def beat(job: Job, progress: Document) -> bool:
    """Tell how far it is and keep the lease; False where it is no longer this holder's, or was asked to stop."""
    kept = jobs().update_one(
        {"_id": job.id, "holder": job.holder, "state": "working", "stop": {"$exists": False}},
        # A job that moves on is not one that kills its worker.
        {"$set": {"until": datetime.now(UTC) + LEASE, "progress": progress, "tries": 0}},
    )
    return bool(kept.matched_count)


def finish(job: Job, state: str, note: Any = None) -> None:
    """Put a job away: `done`, `failed` or `stopped`, with what is to be said of it."""
    jobs().update_one({"_id": job.id, "holder": job.holder}, {"$set": {"state": state, "note": note}})


def drop(job: Job) -> None:
    """Remove a job of which nothing is left to be told."""
    jobs().delete_one({"_id": job.id, "holder": job.holder})


def ask_to_stop(about: str) -> int:
    """Ask whoever works on this to stop after the batch in hand; what waits is stopped at once."""
    jobs().update_many({"about": about, "state": "waiting"}, {"$set": {"state": "stopped"}})
    asked = jobs().update_many({"about": about, "state": "working"}, {"$set": {"stop": True}})
    return int(asked.modified_count)


def asked_to_stop(job: Job) -> bool:
    """Whether somebody asked for this very job to be stopped, and not for one that came after it."""
    return jobs().find_one({"_id": job.id, "stop": True}, {"_id": 1}) is not None


def is_open(about: str) -> bool:
    """Whether a job about this waits or is at work."""
    return jobs().find_one({"about": about, "state": {"$in": list(OPEN)}}, {"_id": 1}) is not None


def latest(about: str) -> Document | None:
    """The newest job about something, with state and progress."""
    found: Document | None = jobs().find_one({"about": about}, sort=[("_id", -1)])
    return found
