"""The sealer killed (-9) in mid-append, again and again: the ledger verifies, and nothing acknowledged is lost (S13)."""

from __future__ import annotations

import os
import random
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import mongoengine
import pytest

from audit import streams
from audit.chain import chain, entries
from audit.events import note
from audit.place import Place
from audit.seals.field_seals import OLDER
from audit.verification.chains import verify
from engine.places import PROJECT
from gate.writing.writing import patch
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from tests.audit.ledger import upgraded
from tests.recovery.dying import WAYS, Death, run, seals
from tests.serving import beside
from tests.world import PEPPER, actor, connect, item, world

HOUSES = ("shinjuku", "soseki", "section")


@pytest.fixture
def uri(database_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of this test's own, with the world in it."""
    mongoengine.disconnect()
    made = beside(database_uri, "sealing")[0]
    database = connect(made)
    database.client.drop_database(database.name)
    ensure_indexes()
    world(database)
    upgraded()
    # Waiting entries are signed as the processes that seal them here sign: another test may have opened streams.
    monkeypatch.setattr(streams._Here, "key", b"")
    monkeypatch.setattr(streams._Here, "stream", streams._Stream(-1))
    yield made
    database.client.drop_database(database.name)
    mongoengine.disconnect()


def acts(round_: int, chance: random.Random) -> Counter[str]:
    """A few acts, each acknowledged by the store before the next; how the chain will name them."""
    done: Counter[str] = Counter()
    for n in range(chance.randrange(2, 6)):
        detail = f"{round_}.{n}"
        note("exported", actor="somebody", institution=chance.choice(HOUSES), detail=detail)
        done[detail] += 1
    made = item(title=f"資料{round_}")
    patch(actor("staff.shinjuku"), NOUNS["item"], made, 1, {"title": "改めた"})
    done.update([f"item:{made}:00000001", f"item:{made}:00000002"])
    return done


def in_the_chain() -> Counter[str]:
    return Counter(
        each["detail"]
        if each["kind"] == "event"
        else f"{each['noun']}:{each['subjects'][0]}:{each['revision']:08d}"
        for each in chain().find({"kind": {"$in": ["event", "change"]}, "action": {"$ne": OLDER}})
    )


def verified(where: Place, uri: str, by_command: bool) -> bool:
    """Whether the ledger verifies; at worst an entry waits for its copy longer than the grace that it is given."""
    assert {each.finding.wrong for each in verify(where) if each.finding} <= {"uncopied"}
    if not by_command:
        return not any(each.finding for each in verify(where))
    environ = {**os.environ, "MONGODB_URI": uri, "SHUZOKO_VAR": str(where.folder.parent)}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "audit", "verify"],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    bad = [line for line in done.stdout.splitlines() if "✗" in line]
    assert all("not in the second place yet" in line for line in bad), done.stdout + done.stderr
    assert (done.returncode == 0) is not bool(bad), done.stdout + done.stderr
    return not bad


@pytest.mark.parametrize(
    "kills",
    [pytest.param(6, id="six times"), pytest.param(100, id="a hundred times", marks=pytest.mark.proof)],
)
def test_killed_in_mid_append_the_ledger_verifies_and_nothing_is_lost(
    uri: str, tmp_path: Path, kills: int
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    key = secrets.token_hex(32).encode()
    (keys / "ledger").write_bytes(key)
    (keys / "pepper").write_bytes(PEPPER)
    where, chance = Place(tmp_path / "ledger", key), random.Random(kills)
    acknowledged: Counter[str] = Counter()
    points: set[tuple[int, str, str]] = set()
    killed = waited = 0
    while killed < kills:
        acknowledged += acts(sum(acknowledged.values()), chance)
        death = Death(chance.randrange(1, 42), chance.choice(WAYS))
        told = run(seals, uri, death, where.folder, key)
        if not told.lived:
            killed += 1
            points.add((death.nth, told.command, death.way))
        if not verified(where, uri, by_command=kills == 100):
            waited += 1  # killed so often in a row that a copy is overdue: the next sealer makes it
            assert run(seals, uri, Death(0, ""), where.folder, key).lived
            assert verified(where, uri, by_command=kills == 100)
    assert run(seals, uri, Death(0, ""), where.folder, key).lived
    assert verified(where, uri, by_command=True)
    assert in_the_chain() == acknowledged
    for house in HOUSES:
        numbers = [each["number"] for each in entries(house)]
        assert numbers == list(range(1, len(numbers) + 1))
    statements = {(nth, command) for nth, command, _ in points}
    assert len(statements) >= kills // 4
    print(
        f"\n{killed} kills at {len(points)} points, {len(statements)} statements, {sum(acknowledged.values())} entries, none lost"
    )
