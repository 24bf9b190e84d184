"""The chain under many hands: no gap, no fork, nothing twice (S13; design, "what must hold together")."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import mongoengine
import pytest
from pymongo.database import Database

from audit.canonical import GENESIS, canonical, digest, read
from audit.chain import append, chain, entries, head, institutions
from tests.audit.ledger import entry, found, place, written
from tests.world import connect

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]


def linked(institution: str) -> int:
    """How many entries stand in an unbroken row, each with its own number and its predecessor's hash."""
    prev = GENESIS
    for number, each in enumerate(entries(institution), 1):
        assert (each["number"], each["prev"], each["hash"]) == (number, prev, digest(each))
        prev = each["hash"]
    return head(institution).number


def appending(uri: str, who: int, count: int) -> None:
    """One process that appends one entry at a time."""
    mongoengine.disconnect()
    connect(uri)
    for n in range(count):
        append("shinjuku", [entry(n, source=f"{who}:{n}")])


def at_once(uri: str, processes: int, count: int) -> None:
    spawn = multiprocessing.get_context("spawn")
    running = [spawn.Process(target=appending, args=(uri, who, count)) for who in range(processes)]
    for each in running:
        each.start()
    for each in running:
        each.join(300)
    assert [each.exitcode for each in running] == [0] * processes
    assert linked("shinjuku") == chain().count_documents({}) == processes * count
    assert {each["source"] for each in entries("shinjuku")} == {
        f"{who}:{n}" for who in range(processes) for n in range(count)
    }


def test_four_processes_append_without_gap_or_fork(database_uri: str) -> None:
    at_once(database_uri, 4, 50)


@pytest.mark.proof
def test_eight_processes_append_four_thousand_without_gap_or_fork(database_uri: str) -> None:
    at_once(database_uri, 8, 500)


def test_batches_of_several_processes_interleave_and_no_source_is_in_twice(database_uri: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    new = [entry(n) for n in range(300)]
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda part: append("soseki", part), [new, new[::-1], new[100:], new[:200]]))
    assert sum(added) == 300
    assert linked("soseki") == 300


def test_each_institution_has_a_chain_of_its_own_and_a_longer_name_is_another() -> None:
    for institution, count in (("shin", 2), ("shinjuku", 3), ("_site", 1), ("shin-2", 1)):
        append(institution, [entry(n, source=f"{institution}{n}") for n in range(count)])
        assert linked(institution) == count
    assert sorted(institutions()) == ["_site", "shin", "shin-2", "shinjuku"]


def test_an_entry_is_the_same_bytes_before_and_after_the_store() -> None:
    new = entry(7, detail='改行\nと"引用"と😀', revision=3)
    append("kaizu", [new])
    (stored,) = entries("kaizu")
    assert read(canonical(stored)) == stored
    assert digest(stored) == stored["hash"]
    assert {name: stored[name] for name in new} == new


def test_a_moment_is_not_the_text_that_reads_like_it() -> None:
    at = entry(1)["at"]
    assert canonical({"at": at}) != canonical({"at": at.isoformat()})
    assert canonical({"n": 1}) != canonical({"n": 1.0}) != canonical({"n": "1"})


def test_a_chain_that_nobody_touched_is_found_good(tmp_path: Path) -> None:
    where = place(tmp_path)
    written(where, "shinjuku", 25)
    written(where, "soseki", 1)
    assert found(where) == []
