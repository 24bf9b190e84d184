"""What is deleted or changed while it waits for the sealer is missed, and a sealer that is silent is not (2A, 2.8; S13)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mongoengine.connection import get_db
from pymongo.database import Database
from pymongo.errors import PyMongoError

from audit import backlog, streams
from audit.disclosures import SealingStopped, disclose
from audit.drain import copy_all, drain
from audit.events import note
from audit.place import Place
from tests.audit.ledger import found, place

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Place]:
    """An empty second place, in which this process notes the heads of its streams."""
    made = place(tmp_path)
    streams.open_streams(made.folder, made.seed)
    backlog.look_again()
    yield made
    streams._Here.folder, streams._Here.stream = None, streams._Stream(os.getpid())
    backlog.look_again()


def shown(count: int = 1, **more: Any) -> None:
    """Personal data of a donor was shown so often."""
    for _ in range(count):
        disclose(
            actor="user1", institution="shinjuku", noun="donor", exit_="detail", breadth="record", subjects=["d1"],
            fields=["name"], **more,
        )  # fmt: skip


def seal(where: Place) -> None:
    """Bring all that waits into the chains and the second place."""
    while drain():
        pass
    copy_all(where, force=True)


@pytest.mark.parametrize("room", ["disclosures", "ledger"])
@pytest.mark.parametrize("which", [0, 2, 4], ids=["first", "middle", "last"])
@pytest.mark.parametrize("sealed", [False, True], ids=["while it waits", "after the others were sealed"])
def test_an_entry_that_was_deleted_while_it_waited_is_missed(
    where: Place, room: str, which: int, sealed: bool
) -> None:
    shown(5)
    for _ in range(5):
        note("exported", actor="user1", institution="shinjuku", detail="3")
    seal_first = list(get_db()[room].find().sort("_id", 1))
    assert found(where) == []
    get_db()[room].delete_one({"_id": seal_first[which]["_id"]})
    if sealed:
        seal(where)
    number = which + 1 + (5 if room == "ledger" else 0)
    assert found(where) == [("?", number, "waited")]


def test_an_entry_that_was_changed_while_it_waited_says_so_for_ever(where: Place) -> None:
    shown(3)
    third = list(get_db()["disclosures"].find().sort("_id", 1))[2]
    get_db()["disclosures"].update_one({"_id": third["_id"]}, {"$set": {"actor": "somebody else"}})
    seal(where)
    assert found(where) == [("shinjuku", 3, "doubt")]


def test_what_many_threads_and_processes_wrote_has_no_gap(where: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: shown(5), range(8)))
    first = streams._stream().name
    child = os.fork()
    if not child:
        # No thread of the driver survives a fork; what matters here is whose stream the child would write.
        os._exit(0 if streams._stream().name != first else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert streams.heads(where.folder) == {first: 40}
    assert found(where) == []
    seal(where)
    assert found(where) == []


def test_a_write_that_failed_leaves_no_gap(where: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(2)
    failing = pytest.MonkeyPatch()
    failing.setattr("pymongo.collection.Collection.insert_one", _fail)
    with pytest.raises(PyMongoError):
        note("exported", actor="user1", institution="shinjuku")
    failing.undo()
    shown(2)
    seal(where)
    assert sorted(streams.heads(where.folder).values()) == [2, 2]
    assert found(where) == []


def _fail(*_args: Any, **_more: Any) -> None:
    raise PyMongoError("the store is away")


def test_while_the_sealer_is_silent_too_long_nothing_personal_is_shown(where: Place, database: Store) -> None:
    shown()
    before = datetime.now(UTC) - backlog.LAG - timedelta(minutes=1)
    database["disclosures"].update_many({}, {"$set": {"at": before}})
    backlog.look_again()
    with pytest.raises(SealingStopped):
        shown()
    assert database["disclosures"].count_documents({}) == 1
    seal(where)
    backlog.look_again()
    shown()


def test_a_head_in_the_second_place_that_is_damaged_is_no_crash(where: Place) -> None:
    shown()
    (where.folder / streams.FOLDER / secrets.token_hex(4)).write_bytes(b"\xff\x00 not a number")
    assert found(where) == []
