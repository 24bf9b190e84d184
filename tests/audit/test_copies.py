"""What is known of the second place: entries that went from it are noted, and what was altered in it is found."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from audit.chain import chain, head
from audit.copies import states
from audit.drain import copy_all, drain
from audit.patrol import EVERY, Patrol
from audit.place import Diverged, Place, copied_head
from tests.audit.ledger import found, place, written

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
ENTRIES = "entries.jsonl"


@pytest.fixture
def where(tmp_path: Path) -> Place:
    """A second place that holds a chain of ten."""
    made = place(tmp_path)
    written(made, "soseki", 10)
    return made


def lines(where: Place) -> list[bytes]:
    return (where.of("soseki") / ENTRIES).read_bytes().splitlines(keepends=True)


def cut(where: Place) -> None:
    (where.of("soseki") / ENTRIES).write_bytes(b"".join(lines(where)[:6]))


def delete(where: Place) -> None:
    for each in where.of("soseki").iterdir():
        each.unlink()


@pytest.mark.parametrize(("harm", "detail"), [(cut, "7-10"), (delete, "1-10")])
def test_entries_that_went_from_the_copy_are_noted_in_the_ledger_and_written_again(
    where: Place, harm: Callable[[Place], None], detail: str
) -> None:
    harm(where)
    assert copy_all(where) > 0
    drain()
    copy_all(where)
    noted = chain().find_one({"institution": "soseki", "action": "copy_shortened"})
    assert noted is not None
    assert noted["detail"] == detail
    assert copied_head(where, "soseki") == head("soseki")
    assert [each.lost for each in states()] == [tuple(map(int, detail.split("-")))]
    assert found(where) == []


def test_a_copy_lost_before_anything_was_remembered_of_it_is_known_from_its_checkpoint(
    where: Place, database: Store
) -> None:
    database["copies"].delete_many({})  # as a version before this one left the store
    delete(where)
    copy_all(where)
    assert database["ledger"].count_documents({"action": "copy_shortened", "detail": "1-10"}) == 1


def test_a_last_entry_written_anew_is_not_gone_on_behind(where: Place) -> None:
    *kept, last = lines(where)
    number = last.replace(b'"hash":"', b'"hash":"f0', 1)
    (where.of("soseki") / ENTRIES).write_bytes(b"".join([*kept, number]))
    with pytest.raises(Diverged):
        copy_all(where)
    assert [(each.wrong, each.number) for each in states()] == [("diverged", 10)]


def test_a_copy_whose_end_is_no_entry_is_remembered_until_it_is_put_right(where: Place) -> None:
    path = where.of("soseki") / ENTRIES
    whole = path.read_bytes()
    path.write_bytes(whole + b"7\n")
    with pytest.raises(ValueError, match="no entry"):
        copy_all(where)
    assert [each.wrong for each in states()] == ["damaged"]
    path.write_bytes(whole)
    copy_all(where)
    assert [each.wrong for each in states()] == [""]


def test_what_was_altered_in_the_midst_is_found_and_forgotten_when_put_right(
    where: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.patrol.LINES", 4)
    now = 0.0
    patrol = Patrol(where, lambda: now)

    def once_through() -> list[tuple[str, int]]:
        nonlocal now
        for _ in range(4):
            patrol.step()
            now += EVERY
        return [(each.wrong, each.number) for each in states()]

    assert once_through() == [("", 0)]
    path = where.of("soseki") / ENTRIES
    whole = path.read_bytes()
    altered = lines(where)
    altered[6] = altered[6].replace(b'"actor":"user', b'"actor":"usar')
    path.write_bytes(b"".join(altered))
    assert once_through() == [("damaged", 7)]
    assert copy_all(where) == 0  # whoever copies looks at the end alone
    path.write_bytes(whole)
    assert once_through() == [("", 0)]


def test_a_place_that_cannot_be_written_is_remembered(where: Place, database: Store) -> None:
    folder = where.of("soseki")
    moved = folder.with_name("moved")
    os.rename(folder, moved)
    folder.write_text("a file where a folder belongs")
    with pytest.raises(OSError, match="exists|directory"):
        copy_all(where)
    assert [each.wrong for each in states()] == ["unwritable"]
