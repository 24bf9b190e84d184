"""Whoever owns the store and the signing key, but not the second place, changes nothing unseen (S13)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from audit.canonical import digest
from audit.chain import append, chain, entries, head, id_of
from audit.checkpoints import checkpoint, signed, signing_key
from audit.place import Diverged, Place, copy
from tests.audit.ledger import BEGAN, entry, found, place, written

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
Document = dict[str, Any]
LONG = 40


def rehashed(documents: list[Document]) -> list[Document]:
    """The documents with numbers, predecessors and hashes made anew, as one writes them who knows how."""
    prev = "0" * 64
    for number, each in enumerate(documents, 1):
        each |= {"_id": id_of("shinjuku", number), "number": number, "prev": prev}
        prev = each["hash"] = digest(each)
    return documents


def put(documents: list[Document]) -> None:
    """Make this the chain."""
    chain().delete_many({})
    chain().insert_many(documents)


def edit(dice: random.Random, stored: list[Document]) -> int:
    at = dice.randrange(len(stored))
    field, value = dice.choice(
        [
            ("actor", "user9"), ("at", stored[at]["at"] + timedelta(milliseconds=1)), ("subjects", ["person0"]),
            ("fields", []), ("purpose", "audit"), ("exit", "print"), ("number", 99), ("hash", "f" * 64),
            ("prev", "0" * 63 + "1"), ("added", 1), ("noun", "patron"), ("institution", "soseki"),
        ]
    )  # fmt: skip
    stored[at][field] = value
    return at + 1


def delete(dice: random.Random, stored: list[Document]) -> int:
    at = dice.randrange(len(stored))
    del stored[at]
    return at + 1


def insert(dice: random.Random, stored: list[Document]) -> int:
    at = dice.randrange(len(stored))
    forged = {**stored[at], "_id": f"{stored[at]['_id']}a", "source": "forged", "actor": "user8"}
    forged["hash"] = digest(forged)
    stored.insert(at + 1, forged)
    return at + 2


def swap(dice: random.Random, stored: list[Document]) -> int:
    a, b = sorted(dice.sample(range(len(stored)), 2))
    ids = stored[a]["_id"], stored[b]["_id"]
    stored[a], stored[b] = stored[b], stored[a]
    stored[a]["_id"], stored[b]["_id"] = ids
    if dice.random() < 0.5:
        stored[a]["number"], stored[b]["number"] = a + 1, b + 1
    return a + 1


def edit_with_new_hashes(dice: random.Random, stored: list[Document]) -> int:
    number = edit_field(dice, stored)
    rehashed(stored)
    return number


def edit_field(dice: random.Random, stored: list[Document]) -> int:
    at = dice.randrange(len(stored))
    stored[at]["subjects"] = [f"person{dice.randrange(1000, 2000)}"]
    return at + 1


def delete_with_new_hashes(dice: random.Random, stored: list[Document]) -> int:
    number = delete(dice, stored)
    rehashed(stored)
    return number


WAYS: list[Callable[[random.Random, list[Document]], int]] = [
    edit, delete, insert, swap, edit_with_new_hashes, delete_with_new_hashes,
]  # fmt: skip


def tampered(where: Place, rounds: int) -> None:
    """Tamper at random that many times, each time from the good chain; the first bad entry is named each time."""
    written(where, "shinjuku", LONG)
    good = list(entries("shinjuku"))
    missed = []
    for round_ in range(rounds):
        dice = random.Random(round_)
        stored = [dict(each) for each in good]
        way = dice.choice(WAYS)
        number = way(dice, stored)
        put(stored)
        told = [(institution, at) for institution, at, _ in found(where)]
        if told[:1] != [("shinjuku", number)]:
            missed.append((round_, way.__name__, number, told))
    assert missed == []
    put(good)
    assert found(where) == []


def test_of_60_random_tamperings_60_are_found_and_the_first_bad_entry_is_named(tmp_path: Path) -> None:
    tampered(place(tmp_path), 60)


@pytest.mark.proof
def test_of_1000_random_tamperings_1000_are_found_and_the_first_bad_entry_is_named(tmp_path: Path) -> None:
    tampered(place(tmp_path), 1000)


@pytest.fixture
def where(tmp_path: Path) -> Place:
    """A chain of LONG entries and its second place."""
    found_place = place(tmp_path)
    written(found_place, "shinjuku", LONG)
    return found_place


def test_a_cut_tail_is_found_and_not_copied_over(where: Place) -> None:
    chain().delete_many({"number": {"$gt": 30}})
    assert found(where) == [("shinjuku", 31, "cut")]
    with pytest.raises(Diverged):
        copy(where, "shinjuku")
    assert found(where) == [("shinjuku", 31, "cut")]


def test_a_tail_cut_and_written_anew_is_found_however_long_it_grows(where: Place) -> None:
    chain().delete_many({"number": {"$gt": 30}})
    append("shinjuku", [entry(n, source=f"anew:{n}") for n in range(20)])
    assert found(where) == [("shinjuku", 31, "copy")]
    with pytest.raises(Diverged):
        copy(where, "shinjuku")
    assert found(where) == [("shinjuku", 31, "copy")]


def test_a_full_rewrite_with_right_hashes_and_signed_checkpoints_is_found(
    where: Place, database: Store
) -> None:
    stored = [dict(each) for each in entries("shinjuku")]
    stored[11]["actor"] = "somebody else"
    put(rehashed(stored))
    ends = head("shinjuku")
    note = signed(signing_key(where), "shinjuku", ends, BEGAN).note
    database["checkpoints"].replace_one(
        {"_id": id_of("shinjuku", ends.number)}, {"institution": "shinjuku", "note": note}
    )
    assert [(house, wrong) for house, _, wrong in found(where)] == [("shinjuku", "checkpoint")]
    database["checkpoints"].delete_many({})
    assert found(where) == [("shinjuku", 12, "copy")]


def test_a_chain_wholly_deleted_is_found(where: Place) -> None:
    chain().delete_many({})
    assert found(where) == [("shinjuku", 1, "cut")]


def test_a_forged_entry_at_the_end_is_found_while_the_second_place_lacks_it(where: Place) -> None:
    append("shinjuku", [entry(99, source="forged")])
    assert found(where) == [("shinjuku", LONG + 1, "uncopied")]


def test_an_entry_that_belongs_to_no_chain_is_found(where: Place) -> None:
    for id_ in ("zzz", 5, "shinjuku"):
        chain().insert_one({"_id": id_, "source": str(id_)})
        assert [each[2] for each in found(where)] == ["alien"]
        chain().delete_one({"_id": id_})


def test_a_checkpoint_in_the_store_signed_by_another_key_is_found(
    where: Place, database: Store, tmp_path: Path
) -> None:
    other = signed(signing_key(place(tmp_path)), "shinjuku", head("shinjuku"), BEGAN)
    database["checkpoints"].update_many({}, {"$set": {"note": other.note}})
    assert found(where) == [("shinjuku", LONG, "signature")]


def test_a_line_half_written_by_a_killed_process_is_cut_off_and_written_again(where: Place) -> None:
    append("shinjuku", [entry(50, source="one"), entry(51, source="two")])
    file = where.of("shinjuku") / "entries.jsonl"
    with file.open("ab") as out:
        out.write(b'{"_id":"shinjuku:0000')
    checkpoints = where.of("shinjuku") / "checkpoints.jsonl"
    with checkpoints.open("ab") as out:
        out.write(b'"shuzoko/shinj')
    assert copy(where, "shinjuku") == 2
    assert checkpoint(where, "shinjuku", force=True) is not None
    assert found(where) == []


def test_the_copy_and_its_folder_are_their_owners_alone(where: Place) -> None:
    folder = where.of("shinjuku")
    assert [each.stat().st_mode & 0o077 for each in (folder, *folder.iterdir())] == [0, 0, 0]
