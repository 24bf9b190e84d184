"""Killed (-9) at any statement of a sign-in: no refusal is forgotten, nothing is stuck, no password is lost (S9, S12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import mongoengine
import pytest
from pymongo.database import Database

from accounts.lockout import counter_of
from accounts.sign_in.attempt import attempt
from operations.store_indexes import ensure_indexes
from policies.lockout import NAMES, Limits
from tests.recovery.dying import WAYS, Death, run, signs_in
from tests.serving import beside
from tests.world import PASSWORD, PEPPER, connect, emptied, world

Store = Database[dict[str, Any]]
LIMIT = Limits().attempts
WRONG, ADDRESS = "ちがう合言葉", "192.0.2.7"
FURTHEST = 40


@pytest.fixture(scope="module")
def uri(database_uri: str) -> Iterator[str]:
    """A database of these tests' own."""
    mongoengine.disconnect()
    made = beside(database_uri, "dying")[0]
    database = connect(made)
    ensure_indexes()
    yield made
    database.client.drop_database(database.name)
    mongoengine.disconnect()


def wrong(name: str, times: int) -> None:
    for _ in range(times):
        outcome = attempt(name, WRONG, pepper=PEPPER, address=ADDRESS)
        assert not outcome.user
        assert not outcome.locked


def names(times: int) -> None:
    for n in range(times):
        wrong(f"nobody{n}", 1)


# what was acknowledged before, and the attempt at which the process dies
SCENES: dict[str, tuple[Callable[[], None], str, str, int]] = {
    "a first wrong attempt": (lambda: None, "manager", WRONG, 0),
    "a wrong attempt": (lambda: wrong("manager", 2), "manager", WRONG, 2),
    "an unknown name": (lambda: wrong("nobody", 2), "nobody", WRONG, 2),
    "the attempt that locks": (lambda: wrong("manager", LIMIT - 1), "manager", WRONG, LIMIT - 1),
    "an attempt while locked": (lambda: wrong("manager", LIMIT), "manager", WRONG, LIMIT),
    "an address's last name": (lambda: names(NAMES - 1), "manager", WRONG, 0),
    "the right password": (lambda: wrong("manager", 2), "manager", PASSWORD, 2),
    "the right password while locked": (lambda: wrong("manager", LIMIT), "manager", PASSWORD, LIMIT),
}


def left(name: str) -> int:
    """How many attempts are given now, by spending them."""
    spent = 0
    while not attempt(name, WRONG, pepper=PEPPER, address="203.0.113.9").locked:
        spent += 1
    return spent


def count_of(database: Store, name: str) -> int:
    found = database["attempts"].find_one({"_id": counter_of(name, PEPPER)})
    return int(found["count"]) if found else 0


def later(database: Store) -> None:
    """Let two days pass for every counter."""
    for each in database["attempts"].find():
        moved = {
            name: value - timedelta(days=2) for name, value in each.items() if isinstance(value, datetime)
        }
        if moved:
            database["attempts"].update_one({"_id": each["_id"]}, {"$set": moved})


def dies_once(uri: str, scene: str, death: Death) -> str:
    """One death and what is left after it; the command it died at, empty when the attempt was over before."""
    database: Store = mongoengine.connection.get_db()
    before, name, password, acknowledged = SCENES[scene]
    emptied(database)
    world(database)
    before()
    told = run(signs_in, uri, death, name, password, ADDRESS)
    where = (scene, told)
    if password == WRONG:
        # Never fewer are counted than were refused, and at most the one more that was under way.
        refused = acknowledged + (told.answer == "wrong")
        assert LIMIT - acknowledged - 1 <= left(name) <= LIMIT - refused, where
    elif told.answer == "right":
        assert count_of(database, name) == 0, where
    else:
        assert count_of(database, name) <= acknowledged + 1, where
    later(database)
    assert attempt("manager", PASSWORD, pepper=PEPPER, address=ADDRESS).user, where
    return "" if told.lived and told.command == "" else told.command


def deaths(uri: str, scene: str, every: int) -> list[tuple[str, int, str, str]]:
    """All points at which an attempt of this scene can die, or every nth of them: scene, number, command, way."""
    found: list[tuple[str, int, str, str]] = []
    for point in range(0, 3 * FURTHEST, every):
        death = Death(point // 3 + 1, WAYS[point % 3])
        command = dies_once(uri, scene, death)
        if not command:
            return found
        found.append((scene, death.nth, command, death.way))
    raise AssertionError(f"{scene}: no end of commands")


@pytest.mark.parametrize(
    "every",
    [pytest.param(11, id="some statements"), pytest.param(1, id="all statements", marks=pytest.mark.proof)],
)
def test_whatever_statement_it_is_killed_at_the_counters_hold(uri: str, every: int) -> None:
    found = [each for scene in SCENES for each in deaths(uri, scene, every)]
    statements = {(scene, nth, command) for scene, nth, command, _ in found}
    print(
        f"\n{len(found)} deaths at {len(statements)} statements, {len({c for _, _, c, _ in found})} kinds of command"
    )
    assert len(statements) >= (30 if every == 1 else 8)
