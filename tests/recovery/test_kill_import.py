"""Killed at random points of an import, the application, its worker and its engine come to what an unbroken run comes to."""

from __future__ import annotations

import os
import random
import signal
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import Request

import pytest
from bson import ObjectId
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from engine import processes, start
from tests.imports.legacy import MAPPING, ledger
from tests.recovery.panel import Panel, Person

NAMES = ("worker", "web", "postgres", "worker", "gateway")
"""What is killed, in turn; the worker twice as often, for it does the work."""
# Without the donors: none is there. Every other fault stays.
PLAIN = MAPPING.replace('acquisition_source = { donor = { number = "寄贈者番号" } }\n', "")


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    made = Panel.on_a_free_port(tmp_path / "var")
    yield made
    assert made.stop() == 0


def uploads(person: Person, raw: bytes) -> str:
    """Send a file by the upload form; the path of its import."""
    edge = uuid.uuid4().hex
    fields = {"csrf_token": person.token, "noun": "item"}
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="old.csv"\r\n\r\n'.encode()
    request = Request(  # noqa: S310 - our own http address
        f"{person.base}/migration/",
        data=body + head + raw + f"\r\n--{edge}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    with person.opener.open(request, timeout=60) as answer:
        return str(answer.url).removeprefix(person.base)


def state(store: Any, run: str) -> str:
    """How far an import is; "" while the store does not answer, for the engine has just been killed."""
    try:
        return str((store["imports"].find_one({"_id": ObjectId(run)}, {"state": 1}) or {}).get("state", ""))
    except PyMongoError:
        return ""


class Killer:
    """Kills one process after another, each at a random moment, and waits until it runs again."""

    def __init__(self, panel: Panel, kills: int) -> None:
        self.panel, self.kills, self.done = panel, kills, 0
        self.dice = random.Random(kills)

    def strike(self) -> None:
        """One kill, unless all are done."""
        if self.done == self.kills:
            return
        Event().wait(self.dice.random() * 1.5)  # a random point of the work, and not a wait for anything
        name = NAMES[self.done % len(NAMES)]
        if pid := self.panel.pid(name):
            os.kill(pid, signal.SIGKILL)
            self.done += 1
            assert processes.wait_until(lambda: self.panel.pid(name) not in (None, pid), 90), name


@pytest.mark.parametrize(
    ("rows", "each", "kills"),
    [
        pytest.param(3_000, 3, 2, id="twice"),
        pytest.param(20_000, 15, 30, id="thirty times", marks=pytest.mark.proof),
    ],
)
def test_an_import_comes_to_the_same_whatever_is_killed(
    panel: Panel, rows: int, each: int, kills: int
) -> None:
    """S3: kill -9 of application, worker and engine at random points of run and reconciliation."""
    panel.run()
    person = Person(panel, "staff.shinjuku")
    uri = start(panel.var, panel.environ).uri
    killer, number, stored = Killer(panel, kills), 0, 0
    with MongoClient[Any](uri, serverSelectionTimeoutMS=2_000) as client:
        store = client["shuzoko"]
        while killer.done < kills:
            number += 1
            stored += import_once(person, store, killer, rows, each, number)
    print(f"\n{killer.done} kills in {number} imports of {rows}: {stored} records, none twice, none lost")


def import_once(person: Person, store: Any, killer: Killer, rows: int, each: int, number: int) -> int:
    """One import under the killer; how many records it brought, when all is as it should be."""
    made = ledger(rows, each, number)
    there = store["items"].count_documents({})
    page = uploads(person, made.raw)
    person.post(f"{page}mapping", text=PLAIN, mode="create")
    person.post(f"{page}act", act="trial")
    run = page.strip("/").rsplit("/", 1)[-1]
    end = time.monotonic() + 1_200
    while (now := state(store, run)) != "reconciled":
        assert time.monotonic() < end, (now, killer.done)
        assert now != "failed"
        if now == "tried":
            person.post(f"{page}act", act="run", sure="1")
        elif now in ("running", "reconciling"):
            killer.strike()
    assert processes.wait_until(killer.panel.serves, 90)
    out = {row for row, kind in made.planted.items() if kind.fatal and kind.name != "no such donor"}
    batches = store["import_batches"].find({"run": run, "phase": "run"})
    assert Counter(fate for batch in batches for fate in batch["fates"]) == {0: rows - len(out), 4: len(out)}
    about = store["imports"].find_one({"_id": ObjectId(run)})
    assert about["counts"]["fates"] == [rows - len(out), 0, 0, 0, len(out), 0]
    found = about["reconciled"]
    assert (found["missing_count"], found["differing_count"], found["edited_count"]) == (0, 0, 0)
    assert all(field[1] == field[2] and field[3] == field[4] for field in found["fields"])
    assert store["items"].count_documents({}) == there + rows - len(out)
    numbers = store["items"].distinct("accession_number", {"accession_number": {"$regex": f"^旧{number}-"}})
    assert len(numbers) == rows - len(out)
    told = [
        subject
        for room in ("ledger", "chain")
        for act in store[room].find({"action": "import_created", "detail": f"import={run}"})
        for subject in act["subjects"]
    ]
    assert len(set(told)) >= rows - len(out)
    return len(numbers)
