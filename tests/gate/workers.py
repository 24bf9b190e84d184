"""What several processes do at once to one store. They are spawned: a MongoClient does not survive a fork."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

import bcrypt

from accounts.sign_in.attempt import attempt
from gate.refusals import Conflict, Invalid
from gate.writing.writing import patch
from models.registry import NOUNS
from roles.behaviours import register_behaviours
from tests.world import PEPPER, actor, connect, item

_start: Barrier


def _ready(uri: str, start: Barrier) -> None:
    global _start  # noqa: PLW0603 - a pool's initialiser has no other way to hand its workers anything
    register_behaviours()
    connect(uri)
    actor("staff.shinjuku")  # the first question opens the connection, so that all begin together
    _start = start


def at_once(uri: str, processes: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of that many processes, begun together, returns of `act(its number)`."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _ready, (uri, context.Barrier(processes))) as pool:
        return pool.map(act, range(processes), chunksize=1)


def edits_a_record(number: int) -> str:
    """Edit the only item, which stands at revision 1: saved, or conflict."""
    from mongoengine.connection import get_db

    found = get_db()["items"].find_one({})
    assert found is not None
    _start.wait(timeout=60)
    try:
        patch(actor("staff.shinjuku"), NOUNS["item"], str(found["_id"]), 1, {"title": f"題{number}"})
    except Conflict:
        return "conflict"
    return f"題{number}"


def counts_up(_: int) -> None:
    """Add one to the only item's count of pieces, ten times, going on from the record as it stands after a conflict."""
    from mongoengine.connection import get_db

    who, noun, done = actor("staff.shinjuku"), NOUNS["item"], 0
    _start.wait(timeout=60)
    while done < 10:
        found = get_db()["items"].find_one({})
        assert found is not None
        try:
            patch(
                who, noun, str(found["_id"]), found["revision"], {"object_count": found["object_count"] + 1}
            )
        except Conflict:
            continue
        done += 1


def makes_items(_: int) -> list[str]:
    """Make ten items without a number; their ids."""
    _start.wait(timeout=60)
    return [item() for _ in range(10)]


def takes_a_number(_: int) -> bool:
    """Make an item of a given number: whether it was free."""
    _start.wait(timeout=60)
    try:
        item(accession_number="新-1")
    except Invalid:
        return False
    return True


def guesses_a_password(number: int) -> int:
    """Ten wrong sign-ins; how many of them reached the password check."""
    reached = 0
    check = bcrypt.checkpw

    def counted(password: bytes, stored: bytes) -> bool:
        nonlocal reached
        reached += 1
        return check(password, stored)

    bcrypt.checkpw = counted  # type: ignore[assignment]  # counts and then does the real check
    _start.wait(timeout=60)
    for guess in range(10):
        assert not attempt("manager", f"guess {number} {guess}", pepper=PEPPER, address="").user
    return reached
