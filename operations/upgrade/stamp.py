"""The stamp of a store: which steps its data went through, by which version, and who upgrades it just now.

All of it is one document, so that a process that lost the upgrade to another can write neither a position nor a stamp.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, PyMongoError

from gate.store.collections import records_of
from models.data_classes import Words
from models.registry import NOUNS
from operations.upgrade.discovery import all_steps, newest
from operations.upgrade.step import LeaseLost, Position, Step
from settings.version import VERSION

Document = dict[str, Any]
KEY = {"_id": "upgrade"}
LEASE = timedelta(seconds=10)
BEAT = 2.0
"""Seconds: so often the lease is prolonged."""


class NewerStore(Exception):
    """The store was upgraded by a newer version than this one. `words` say so, and what to do."""

    def __init__(self, found: Stamp) -> None:
        self.words: Words = (
            f"このデータベースは新しい版(Shuzoko {found.panel}、更新手順{found.begun})で使われているため、この版({VERSION}、手順{newest()}まで)では動かしません。"
            "新しい版で起動するか、更新前の控えを戻してください。",
            f"This store is in the shape of a newer version (Shuzoko {found.panel}, upgrade step {found.begun}), so this one "
            f"({VERSION}, up to step {newest()}) does not run on it: start the newer version, or restore the copy made before "
            "the upgrade.",
        )
        super().__init__(self.words[1])


@dataclass(frozen=True)
class Stamp:
    """How far a store's data are upgraded; a store of before there were steps stands at 0."""

    done: int = 0
    begun: int = 0
    """The highest step that ever began: what it did is in the store from then on, though it may not be done."""
    panel: str = ""
    """The version that did it."""
    followed: Mapping[str, str] = field(default_factory=dict)
    """Step's number → what its result follows from (Step.follows)."""
    under_way: Mapping[str, Document] = field(default_factory=dict)
    """Step's number → where a run stands that did not come to its end: `follows`, `at`, a Position, and `seen`, the units
    looked at."""

    def is_due(self, step: Step) -> bool:
        """Whether a step was never done, did not come to its end, or follows from something else by now."""
        number = str(step.number)
        return (
            step.number > self.done
            or number in self.under_way
            or step.follows != self.followed.get(number, "")
        )


def read_stamp() -> Stamp:
    """The stamp of this store; that of this version for an empty one.

    Raises:
        NewerStore: a newer version began to upgrade it.
        PyMongoError: the store does not answer.
    """
    found = _deployment().find_one(KEY)
    if found is None:
        return _of_this_version() if _is_empty() else Stamp()
    stamp = Stamp(
        int(found.get("done", 0)),
        int(found.get("begun", 0)),
        str(found.get("panel", "")),
        found.get("followed", {}),
        found.get("under_way", {}),
    )
    if stamp.begun > newest():
        raise NewerStore(stamp)
    return stamp


def _of_this_version() -> Stamp:
    return Stamp(newest(), newest(), VERSION, {str(step.number): step.follows for step in all_steps()})


def _is_empty() -> bool:
    return not any(records_of(noun).find_one({}, {"_id": 1}) for noun in NOUNS.values())


def due_steps() -> list[Step]:
    """The steps that are due by the stamp: one query, for frequent callers. A missing index is not seen here.

    Raises:
        NewerStore, PyMongoError: as read_stamp.
    """
    stamp = read_stamp()
    return [step for step in all_steps() if stamp.is_due(step)]


def require_known_store() -> None:
    """See to it that this version knows the shape of the stored data; an empty store is stamped with this version's.

    Raises:
        NewerStore, PyMongoError: as read_stamp.
    """
    stamp = read_stamp()
    if stamp != _of_this_version() or _deployment().find_one(KEY, {"_id": 1}):
        return
    with suppress(DuplicateKeyError):  # another process begins with the same store
        _deployment().insert_one({**KEY, **asdict(stamp)})


@contextmanager
def hold_upgrade(who: str) -> Iterator[bool]:
    """Hold the upgrade for this process, if no other does: whether it is held. The lease of a killed one runs out."""
    if not _take(who):
        yield False
        return
    done = Event()
    beating = Thread(target=_beat, args=(who, done), daemon=True)
    beating.start()
    try:
        yield True
    finally:
        done.set()
        beating.join()
        _deployment().update_one({**KEY, "holder": who}, {"$set": {"until": datetime.now(UTC)}})


def begin(who: str, step: Step) -> None:
    """Write down that a step begins, before it changes anything: an older version does not start from now on."""
    _write(who, {"$max": {"begun": step.number}, "$set": {"panel": VERSION}})


def keep(who: str, step: Step, at: Position, seen: int) -> None:
    """Write down how far a step is."""
    told = {"follows": step.follows, "at": at, "seen": seen}
    _write(who, {"$set": {f"under_way.{step.number}": told}})


def finish(who: str, step: Step) -> None:
    """Write down that a step is done."""
    _write(who, {
        "$max": {"done": step.number},
        "$set": {f"followed.{step.number}": step.follows},
        "$unset": {f"under_way.{step.number}": ""},
    })  # fmt: skip


def _write(who: str, update: Document) -> None:
    if not _deployment().update_one({**KEY, "holder": who}, update).matched_count:
        raise LeaseLost


def _take(who: str) -> bool:
    now = datetime.now(UTC)
    free = {**KEY, "$or": [{"until": {"$exists": False}}, {"until": {"$lte": now}}]}
    try:
        _deployment().update_one(free, {"$set": {"holder": who, "until": now + LEASE}}, upsert=True)
    except DuplicateKeyError:  # it is there, and another's
        return False
    return True


def _beat(who: str, done: Event) -> None:
    while not done.wait(BEAT):
        try:
            _deployment().update_one({**KEY, "holder": who}, {"$set": {"until": datetime.now(UTC) + LEASE}})
        except PyMongoError:
            continue  # the step itself meets the same store, and says so


def _deployment() -> Collection[Document]:
    found: Collection[Document] = get_db()["deployment"]
    return found
