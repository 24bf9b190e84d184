"""The records that all sides serve: the seeds' invented ones, through the gate for ours, copied plain for the peers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import mongoengine
from bson import ObjectId
from mongoengine.connection import get_db
from rich.progress import Progress

from accounts.accounts import account
from accounts.console import console
from accounts.operating import account_named
from benchmarks.stock.app import COLUMNS
from gate.lists.columns import choose_columns
from gate.refusals import Invalid
from gate.store.bulk_indexes import filling
from gate.writing.bulk import create_many, prepare_many
from gate.writing.patches import derived
from models.declaration import Noun
from models.registry import NOUNS
from operations.declared_workflows import register_workflows
from roles.behaviours import register_behaviours
from seeds.accounts import set_up
from seeds.chance import Values, chance
from seeds.items import item
from seeds.people import donor
from settings import keys

SEED = "benchmark"
SHARES = (("shinjuku", 0.6), ("soseki", 0.4))
"""The museums that one member of staff reaches, and how the records are spread over them."""
BATCH = 2_000
DISTINCT = 40_000
"""So many items differ in all they say; more of them are these again."""


def connect(uri: str, database: str) -> None:
    """Let the gate of this process use the benchmark's own database."""
    register_behaviours()
    register_workflows()
    mongoengine.connect(database, host=uri, alias="default", tz_aware=True, uuidRepresentation="standard")


def fill(var: Path, items: int, donors: int) -> None:
    """Institutions, accounts, donors and items of the demo, then the peers' plain copies and all indexes."""
    set_up(var, keys.make_key(var, keys.PEPPER))
    for login_id in ("staff.shinjuku", "manager"):
        who = account(account_named(login_id) or "")
        if who is None:
            raise RuntimeError(f"{login_id} is not there")
        choose_columns(who.actor, NOUNS["item"], list(COLUMNS[1:]))
    with filling(items), Progress(transient=True) as progress:
        task = progress.add_task("records", total=items + donors)
        for house, share in SHARES:
            known: list[object] = list(
                _store("donor", house, (donor(chance(SEED, "donor", house, n)) for n in range(round(donors * share))),
                       progress, task)
            )  # fmt: skip
            made = (
                item(chance(SEED, "item", house, n), house, n, known) | {"accession_number": f"B-{n:07d}"}
                for n in range(round(min(items, DISTINCT) * share))
            )
            for _ in _store("item", house, made, progress, task):
                pass
        _repeat(items - DISTINCT, progress, task)
    _copy_plain()


def _store(name: str, house: str, many: Iterator[Values], progress: Progress, task: Any) -> Iterator[Any]:
    """Store the records by batches and yield their ids."""
    noun: Noun = NOUNS[name]
    actor = console(house)
    at = 0
    while batch := list(islice(many, BATCH)):
        numbered = [
            {noun.number: f"B-{at + n:07d}", **values} if name == "donor" else values
            for n, values in enumerate(batch)
        ]
        at += len(batch)
        prepared = prepare_many(actor, noun, house, numbered)
        if wrong := next((each for each in prepared if isinstance(each, Invalid)), None):
            raise wrong
        documents = [each for each in prepared if not isinstance(each, Invalid)]
        create_many(actor, noun, documents)
        progress.advance(task, len(batch))
        yield from (each["_id"] for each in documents)


def _repeat(more: int, progress: Progress, task: Any) -> None:
    """The distinct items again, under other ids and numbers, until there are so many more of them."""
    items, noun = get_db()["items"], NOUNS["item"]
    known = list(items.find({}, {"keys": 0, "outbox": 0, "outbox_at": 0, "drawn": 0})) if more > 0 else []
    again = (
        derived(
            noun, {**each, "_id": ObjectId(), "accession_number": f"R-{turn:03d}-{each['accession_number']}"}
        )
        for turn in count(1)
        for each in known
    )
    for at in range(0, max(more, 0), BATCH):
        items.insert_many(islice(again, min(BATCH, more - at)), ordered=False)
        progress.advance(task, BATCH)


def _copy_plain() -> None:
    """The same records without search keys and outbox: a peer's documents would not carry them."""
    database = get_db()
    for name in ("items", "donors"):
        found = database[name].find({}, {"keys": 0, "outbox": 0, "outbox_at": 0})
        while batch := list(islice(found, BATCH)):
            database[f"plain_{name}"].insert_many(batch)
    plain = database["plain_items"]
    plain.create_index([("institution", 1), ("input_status", 1), ("_id", 1)])
    plain.create_index([("title", 1)])
    plain.create_index([("accession_number", 1)])
