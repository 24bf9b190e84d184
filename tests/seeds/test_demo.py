"""The demo is the same from the same number, goes on where it stopped, and leaves people's work alone."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from accounts.console import console
from gate.writing.writing import patch
from japanese.eras import parse_period
from models.registry import NOUNS
from models.starting_terms import STARTING_TERMS
from operations.store_indexes import ensure_indexes
from seeds.chance import chance
from seeds.demo import Sizes, fill, lived_in, make, wanted
from seeds.items import item
from tests.world import PEPPER, emptied

SIZES = Sizes(items=30, donors=6, patrons=5, books=5, media=2, loans=2, exhibitions=2)
SAID_ANEW = {
    "_id",
    "status_at",
    "completed_at",
    "entered_by",
    "drawn",
    "keys",
    "created_at",
    "changed_at",
    "outbox",
    "outbox_at",
    "seal_salt",
    "password_hash",
    "file",
    "thumbnail",
    "original",
}
"""What no two runs have alike: ids and the sample drawn by them (it has keys of its own), times, who has an account, and
what passwords are hashed to."""


class Killed(BaseException):
    """The process ends here."""


def silent(_noun: str, _more: int) -> None:
    """Nobody is told."""


def sow(number: int = 7, sizes: Sizes = SIZES) -> None:
    ensure_indexes()
    fill(sizes, number, silent)


def content(database: Database[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(noun, institution, number) → every field, with each reference told by its number."""
    records = [(noun, list(database[noun.document._meta["collection"]].find())) for noun in NOUNS.values()]
    numbers = {str(each["_id"]): str(each[noun.number]) for noun, those in records for each in those}

    def told(value: Any) -> Any:
        return [told(each) for each in value] if isinstance(value, list) else numbers.get(str(value), value)

    return {
        (noun.name, each["institution"], str(each[noun.number])): {
            name: told(value) for name, value in each.items() if name not in SAID_ANEW
        }
        for noun, those in records
        for each in those
    }


def test_the_same_number_gives_the_same_records(database: Database[dict[str, Any]]) -> None:
    sow()
    first = content(database)
    emptied(database)
    sow()
    assert content(database) == first
    emptied(database)
    sow(number=8)
    assert content(database) != first


def test_every_noun_is_there_in_the_asked_number(database: Database[dict[str, Any]], tmp_path: Path) -> None:
    make(SIZES, 7, var=tmp_path, pepper=PEPPER, tell=silent)
    counted = Counter(noun for noun, _, _ in content(database))
    assert counted.pop("term") == 2 * sum(map(len, STARTING_TERMS.values()))  # of two governments
    assert counted == {
        "item": 30, "donor": 6, "patron": 5, "book": 5, "media": 2, "loan": 2, "exhibition": 2,
        "institution": 4, "role": 8, "user": 8, "work_request": 1, "plan": 4,
    }  # fmt: skip
    assert database["items"].count_documents({"institution": "shinjuku"}) == 15
    assert database["items"].count_documents({"acquisition_source": {"$exists": True}}) > 0
    assert database["items"].count_documents({"photographs": {"$exists": True}}) == 2


def test_a_run_cut_short_is_wanted_again_and_goes_on(
    database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    def until_killed(noun: str, more: int) -> None:
        if noun == "item" and more:
            raise Killed

    with pytest.raises(Killed):
        make(SIZES, 7, var=tmp_path, pepper=PEPPER, tell=until_killed)
    assert database["items"].count_documents({}) == 15
    assert wanted()
    make(SIZES, 7, var=tmp_path, pepper=PEPPER, tell=silent)
    resumed = content(database)
    assert not wanted()
    emptied(database)
    sow()
    assert resumed.items() >= content(database).items()


def test_a_larger_demo_leaves_peoples_work_as_it_is(database: Database[dict[str, Any]]) -> None:
    sow()
    before = content(database)
    changed = database["items"].find_one({"institution": "soseki", "accession_number": "000003"})
    assert changed is not None
    patch(console("soseki"), NOUNS["item"], str(changed["_id"]), 1, {"title": "人が直した題"})
    sow(sizes=Sizes(items=60, donors=6, patrons=5, books=5, media=2, loans=2, exhibitions=2))
    after = content(database)
    assert after["item", "soseki", "000003"]["title"] == "人が直した題"
    assert len(after) == len(before) + 30
    assert {key: after[key] for key in before if key != ("item", "soseki", "000003")} == {
        key: value for key, value in before.items() if key != ("item", "soseki", "000003")
    }


def test_an_institution_of_ones_own_is_never_filled_with_a_demo(database: Database[dict[str, Any]]) -> None:
    assert wanted()
    assert not lived_in()
    database["institutions"].insert_one({"_id": "real", "institution": "real", "code": "real"})
    assert not wanted()
    assert lived_in()


def test_invented_periods_are_written_in_many_ways_and_understood() -> None:
    written = [
        str(item(chance(1, museum, at), museum, at, [])["period"])
        for museum in ("shinjuku", "soseki")
        for at in range(500)
    ]
    assert len(set(written)) > 200
    assert [each for each in set(written) if parse_period(each) is None] == []


def test_the_plan_fits_the_data_however_the_demo_grew(database: Database[dict[str, Any]]) -> None:
    """2A 4.10: a newcomer's first chart showed 2310 %, because the plan was that of a smaller demo. A person's plan stays."""
    sow(sizes=Sizes(items=10, donors=0, patrons=0, books=0, media=0, loans=0, exhibitions=0))
    plan = database["plans"].find_one({"institution": "soseki", "rank_group": "AB"})
    assert plan is not None
    patch(console("soseki"), NOUNS["plan"], str(plan["_id"]), plan["revision"], {"records_04": "77"})
    database["plans"].update_one({"_id": plan["_id"]}, {"$set": {"changed_by": "a person"}})
    sow(sizes=Sizes(items=400, donors=0, patrons=0, books=0, media=0, loans=0, exhibitions=0))
    planned = sum(
        each[name]
        for each in database["plans"].find({"institution": "shinjuku"})
        for name in each
        if name.startswith("records_")
    )
    done = database["items"].count_documents({"institution": "shinjuku", "input_status": "done"})
    assert 0.3 < done / planned < 1.5
    assert (database["plans"].find_one({"_id": plan["_id"]}) or {})["records_04"] == 77
