"""The demo: institutions, accounts, and invented records at any size, each through the gate's one validator.

Every record is thrown from its own dice (seeds.chance), so the same number gives the same records, and a run that
was cut short goes on where it stopped: what is there already is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from mongoengine.connection import get_db

from accounts.console import console
from gate.fields.pictures import safe_picture
from gate.refusals import Invalid
from gate.store.bulk_indexes import filling
from gate.store.collections import records_of
from gate.writing.bulk import BATCH, create_many, prepare_many
from gate.writing.changes import Document, Origin
from gate.writing.writing import create
from models.declaration import Noun
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from seeds import accounts, books, events, items, people, pictures
from seeds.chance import Values, chance
from seeds.progress import aged, plans, staff_of

MUSEUMS = ("shinjuku", "soseki")
LIBRARY = "kaizu"
Make = Callable[[Random, int], Values]
"""From a record's dice and its position (from 1) to its values."""


@dataclass(frozen=True)
class Sizes:
    """How many records of each noun; the museums share theirs half and half."""

    items: int = 600
    donors: int = 80
    patrons: int = 120
    books: int = 200
    media: int = 12
    loans: int = 12
    exhibitions: int = 6

    def total(self) -> int:
        """All of them, for a progress bar."""
        return (
            self.items + self.donors + self.patrons + self.books + self.media + self.loans + self.exhibitions
        )


@dataclass(frozen=True)
class Sower:
    """One run: its number, and whom it tells of each batch (noun, records that are now there)."""

    number: int
    tell: Callable[[str, int], None]

    def sow(self, noun: Noun, institution: str, count: int, make: Make) -> None:
        """See to it that the first `count` records of a noun are in an institution."""
        actor, records = console(institution), records_of(noun)
        there = {each[noun.number] for each in records.find({"institution": institution}, {noun.number: 1})}
        missing = [at for at in range(1, count + 1) if _number(noun, at) not in there]
        self.tell(noun.name, count - len(missing))
        # While one batch is stored the next is prepared: the store works on another processor.
        with ThreadPoolExecutor(1) as storing:
            under_way = None
            for start in range(0, len(missing), BATCH):
                batch = missing[start : start + BATCH]
                documents = self._documents(noun, institution, batch, make)
                self._settle(noun, under_way)
                under_way = (len(batch), storing.submit(create_many, actor, noun, documents))
            self._settle(noun, under_way)

    def _documents(self, noun: Noun, institution: str, batch: list[int], make: Make) -> list[Document]:
        values = (
            {noun.number: _number(noun, at), **make(chance(self.number, noun.name, institution, at), at)}
            for at in batch
        )
        documents, person = [], staff_of(institution) if noun.name == "item" else ""
        for prepared in prepare_many(console(institution), noun, institution, values):
            if isinstance(prepared, Invalid):
                raise prepared  # an invented record that its own validator refuses is a mistake in seeds
            if noun.name == "item":
                aged(prepared, chance(self.number, "aged", institution, prepared[noun.number]), person)
            documents.append(prepared)
        return documents

    def _settle(self, noun: Noun, under_way: tuple[int, Future[list[int]]] | None) -> None:
        """Wait for a batch to be stored, and tell of it."""
        if under_way is not None:
            count, stored = under_way
            stored.result()
            self.tell(noun.name, count)


def make(sizes: Sizes, number: int, *, var: Path, pepper: bytes, tell: Callable[[str, int], None]) -> int:
    """Make the demo, or what is missing of it.

    Args:
        sizes: how many records.
        number: the same number gives the same records.
        var: the folder for the file of passwords.
        pepper: what passwords are hashed with.
        tell: called with a noun and how many more of its records are there.

    Returns:
        How many accounts were made, 0 when all were there.
    """
    state = get_db()["seeds"]
    state.update_one({"_id": "demo"}, {"$set": {"state": "begun", "number": number}}, upsert=True)
    ensure_indexes()
    with filling(sizes.total()):
        made = accounts.set_up(var, pepper)
        fill(sizes, number, tell)
    state.update_one({"_id": "demo"}, {"$set": {"state": "done"}})
    return made


def fill(sizes: Sizes, number: int, tell: Callable[[str, int], None]) -> None:
    """Make the records, or those that are missing; arguments as `make`."""
    sower = Sower(number, tell)
    for at, museum in enumerate(MUSEUMS):
        _museum(sower, museum, _half(sizes, at))
    sower.sow(NOUNS["patron"], LIBRARY, sizes.patrons, lambda dice, _: people.patron(dice))
    sower.sow(NOUNS["book"], LIBRARY, sizes.books, lambda dice, _: books.book(dice))


def wanted() -> bool:
    """Whether an empty store, or a demo that was cut short, waits to be filled."""
    begun = get_db()["seeds"].find_one({"_id": "demo"})
    if begun is not None:
        return bool(begun["state"] == "begun")
    return records_of(NOUNS["institution"]).find_one({}, {"_id": 1}) is None


def lived_in() -> bool:
    """Whether institutions are there that no demo made: nothing invented belongs among real records."""
    if get_db()["seeds"].find_one({"_id": "demo"}) is not None:
        return False
    return records_of(NOUNS["institution"]).find_one({}, {"_id": 1}) is not None


def _half(sizes: Sizes, at: int) -> Sizes:
    """The first museum's half, rounded up, or the second's."""
    names = ("items", "donors", "media", "loans", "exhibitions")
    return Sizes(**{name: (getattr(sizes, name) + 1 - at) // 2 for name in names})


def _museum(sower: Sower, museum: str, sizes: Sizes) -> None:
    sower.sow(NOUNS["donor"], museum, sizes.donors, lambda dice, _: people.donor(dice))
    donors = _ids(NOUNS["donor"], museum, sizes.donors)
    _media(sower, museum, sizes.media)
    media = _ids(NOUNS["media"], museum, sizes.media)

    def item(dice: Random, at: int) -> Values:
        pictured: Values = {"photographs": [media[at - 1]]} if at <= len(media) else {}
        return items.item(dice, museum, at, donors) | pictured

    sower.sow(NOUNS["item"], museum, sizes.items, item)
    plans(museum, sizes.items)
    # Whatever the size of the demo, the same items are lent and shown.
    known = _ids(NOUNS["item"], museum, min(sizes.items, 200))
    if not known:
        return
    sower.sow(NOUNS["loan"], museum, sizes.loans, lambda dice, _: events.loan(dice, known))
    sower.sow(
        NOUNS["exhibition"], museum, sizes.exhibitions, lambda dice, at: events.exhibition(dice, known, at)
    )


def _media(sower: Sower, museum: str, count: int) -> None:
    """Pictures one by one: each has its files beside its record."""
    noun = NOUNS["media"]
    for at in range(1, count + 1):
        asked = {"institution": museum, noun.number: _number(noun, at)}
        if not records_of(noun).find_one(asked, {"_id": 1}):
            dice = chance(sower.number, noun.name, museum, at)
            values: Values = {
                noun.number: asked[noun.number],
                "title": f"見本の画像 {at}",
                "view": dice.choice(("front", "back", "detail")),
                "taken_on": f"{dice.randint(2015, 2025)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
                "rights": "own",
                "file": safe_picture(pictures.picture(dice)),
            }
            create(console(museum), noun, museum, values, origin=Origin.CONSOLE)
        sower.tell(noun.name, 1)


def _number(noun: Noun, at: int) -> str:
    """As gate.store.numbering proposes them, so that its next number follows the demo's."""
    return f"{noun.numbering}{at:06d}"


def _ids(noun: Noun, institution: str, count: int) -> list[Any]:
    """The ids of the first `count` records, in the order of their numbers."""
    asked = {
        "institution": institution,
        noun.number: {"$in": [_number(noun, at) for at in range(1, count + 1)]},
    }
    return [each["_id"] for each in records_of(noun).find(asked, {"_id": 1}).sort(noun.number, 1)]
