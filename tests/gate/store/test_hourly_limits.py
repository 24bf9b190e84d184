"""What lets much be seen or taken away is limited by the hour, exactly, for an account and for its institution (2A, 2.5)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from gate.reading.loading import reveal
from gate.reading.lookups import look_up
from gate.refusals import TooMany
from gate.store.hourly_limits import ACTS, DEFAULTS, keep_hourly_limits, spend
from models.registry import NOUNS
from tests.world import actor, donor

DONOR = NOUNS["donor"]
Store = Database[dict[str, Any]]
WAYS: dict[str, Callable[[str], Any]] = {
    "reveal": lambda made: reveal(actor("manager"), DONOR, made, "name", "check"),
    "lookup": lambda _: look_up(actor("manager"), DONOR, "telephone", "03-3205-0209", "enquiry"),
}


@pytest.fixture(autouse=True)
def _as_delivered(database: Store) -> None:
    database["hourly_limits"].delete_many({})


@pytest.mark.parametrize("act", WAYS)
def test_the_thirty_first_in_an_hour_is_refused_and_discloses_nothing(database: Store, act: str) -> None:
    made = donor("staff.soseki")
    for _ in range(30):
        WAYS[act](made)
    with pytest.raises(TooMany) as error:
        WAYS[act](made)
    assert timedelta(minutes=55) < error.value.until - datetime.now(UTC) <= timedelta(hours=1)
    assert database["disclosures"].count_documents({}) == 30
    with pytest.raises(TooMany):
        WAYS[act](made)
    noted = list(database["ledger"].find({"action": "limit_reached"}))
    assert [(each["noun"], each["detail"]) for each in noted] == [("donor", f"{act} account 30")]


@pytest.mark.parametrize("act", WAYS)
def test_the_number_holds_also_when_all_come_at_once(database: Store, act: str) -> None:
    """2A: 160 reveals in 6.5 s gave 79 of 80 donors in full."""
    made = donor("staff.soseki")

    def once(_: int) -> bool:
        try:
            WAYS[act](made)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(160))) == 30
    assert database["disclosures"].count_documents({}) == 30


def test_one_is_given_back_for_each_that_is_an_hour_old(database: Store) -> None:
    who, now = actor("staff.soseki"), datetime.now(UTC)
    moments = [now - timedelta(minutes=61), *[now - timedelta(minutes=1)] * 29]
    database["hourly_counters"].insert_one(
        {"_id": f"reveal account {who.user}", "moments": moments, "ends_at": now + timedelta(hours=1)}
    )
    spend(who, "reveal")
    with pytest.raises(TooMany):
        spend(who, "reveal")
    spend(who, "lookup")  # each act has its own
    spend(actor("staff.shinjuku"), "reveal")  # and each account


def test_an_institution_sets_its_own_numbers_and_they_hold_at_once() -> None:
    who = actor("staff.soseki")
    for number, free in ((2, 2), (4, 2), (3, 0)):
        keep_hourly_limits("soseki", {"export_account": number})
        for _ in range(free):
            spend(who, "export")
        with pytest.raises(TooMany) as error:
            spend(who, "export")
        assert f"1時間に{number}回まで" in error.value.words[0]
        assert f"limited to {number} an hour" in error.value.words[1]
    spend(actor("staff.shinjuku"), "export")


def test_an_institution_has_no_more_than_its_own_number_whoever_of_it_acts(database: Store) -> None:
    keep_hourly_limits("section", {"print_institution": 5})
    for login in ("manager", "auditor", "admin", "manager", "manager"):
        spend(actor(login), "print")
    with pytest.raises(TooMany) as error:
        spend(actor("auditor"), "print")
    assert "館全体で1時間に5回まで" in error.value.words[0]
    assert database["ledger"].find_one({"action": "limit_reached"})["detail"] == "print institution 5"  # type: ignore[index]
    spend(actor("staff.soseki"), "print")


def test_every_act_has_a_number_for_an_account_and_one_for_an_institution() -> None:
    assert set(DEFAULTS) == {f"{act}_{who}" for act in ACTS for who in ("account", "institution")}
