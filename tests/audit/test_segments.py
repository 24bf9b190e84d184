"""After a restore the ledger has not gone back: a new segment names both heads, and nothing is lost (S13)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from audit.chain import append, chain, entries, head
from audit.place import Diverged, Place, copied_head, copy
from audit.segments import open_segment_after_restore
from tests.audit.ledger import entry, found, place, written

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]


@pytest.fixture
def where(tmp_path: Path) -> Place:
    """A chain of 30 entries, copied, of which a restore took back the last 10."""
    found_place = place(tmp_path)
    written(found_place, "shinjuku", 30)
    chain().delete_many({"number": {"$gt": 20}})
    return found_place


def test_a_new_segment_follows_the_second_place_and_names_both_heads(where: Place) -> None:
    restored, left = head("shinjuku"), copied_head(where, "shinjuku")
    assert open_segment_after_restore(where, "shinjuku", actor="console") == 31
    *before, opened = entries("shinjuku")
    assert [each["number"] for each in before] == list(range(1, 31))
    assert opened["restored"] == {"number": 20, "hash": restored.hash}
    assert opened["left"] == {"number": 30, "hash": left.hash} == {"number": 30, "hash": opened["prev"]}
    assert found(where) == []


def test_what_was_written_after_the_restore_comes_behind_the_segment(where: Place, database: Store) -> None:
    append("shinjuku", [entry(n, source=f"after:{n}") for n in range(5)])
    with pytest.raises(Diverged):
        copy(where, "shinjuku")
    open_segment_after_restore(where, "shinjuku", actor="console")
    stored = list(entries("shinjuku"))
    assert [each["source"] for each in stored[31:]] == [f"after:{n}" for n in range(5)]
    assert stored[30]["restored"]["number"] == 25
    assert copied_head(where, "shinjuku") == head("shinjuku")
    assert database["chain_aside"].count_documents({}) == 0
    assert found(where) == []
    assert append("shinjuku", [entry(3, source="after:3")]) == 0


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("nth", range(1, 10))
def test_killed_half_way_it_is_begun_anew_and_loses_nothing(
    where: Place, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    from pymongo.collection import Collection

    append("shinjuku", [entry(n, source=f"after:{n}") for n in range(3)])
    count = 0
    for name in ("bulk_write", "delete_many", "insert_many", "replace_one"):
        real = getattr(Collection, name)

        def one(*given: Any, _real: Any = real, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == nth:
                raise Killed
            return _real(*given, **more)

        monkeypatch.setattr(Collection, name, one)
    with pytest.raises(Killed):
        open_segment_after_restore(where, "shinjuku", actor="console")
    monkeypatch.undo()
    open_segment_after_restore(where, "shinjuku", actor="console")
    stored = list(entries("shinjuku"))
    segments = [each for each in stored if each["kind"] == "segment"]
    assert {each["restored"]["number"] for each in segments} == {23}
    assert [each["source"] for each in stored if each["source"].startswith("after")] == [
        f"after:{n}" for n in range(3)
    ]
    assert [each["source"] for each in stored[:30]] == [f"shinjuku:{n}" for n in range(1, 31)]
    assert found(where) == []


def test_a_chain_that_lost_nothing_gets_its_segment_too(tmp_path: Path) -> None:
    where = place(tmp_path)
    written(where, "soseki", 3)
    assert open_segment_after_restore(where, "soseki", actor="console") == 4
    assert found(where) == []
