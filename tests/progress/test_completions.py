"""Plan and actual: who completed how much when, kept with the status itself, beside what was planned (S5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from gate.refusals import Invalid, Refused
from gate.store.clock import fiscal_year, today
from gate.writing.writing import create, patch, remove
from models.registry import NOUNS
from progress.completions import NOBODY, by_week, completed, months, planned, projection, year_of
from progress.counts import ITEM, Scope
from tests.world import actor, item, stored_item

pytestmark = pytest.mark.usefixtures("database")
PLAN = NOUNS["plan"]
TARGET = {"fiscal_year": "2026", "rank_group": "AB", "records_04": "10", "records_03": "5", "pieces_04": "40"}


def done_at(moment: datetime, **values: Any) -> str:
    """An item that became done at that moment."""
    made = item(**{"input_status": "done", "rank": "A", **values})
    get_db()["items"].update_one({"_id": ObjectId(made)}, {"$set": {"completed_at": moment}})
    return made


def test_who_hands_a_record_in_has_entered_it_and_who_passes_it_has_not() -> None:
    made = item("staff.shinjuku")
    assert "entered_by" not in stored_item(made)
    patch(actor("staff.shinjuku"), ITEM, made, 1, {"input_status": "awaiting_check"})
    handed_in = stored_item(made)
    assert handed_in["entered_by"] == handed_in["status_by"] == actor("staff.shinjuku").user
    patch(actor("manager"), ITEM, made, 2, {"input_status": "done"})
    passed = stored_item(made)
    assert (passed["entered_by"], passed["status_by"]) == (
        actor("staff.shinjuku").user, actor("manager").user,
    )  # fmt: skip
    assert passed["completed_at"] == passed["status_at"] > handed_in["status_at"]


def test_what_is_sent_back_is_no_longer_done_and_an_edit_that_leaves_the_status_leaves_its_time() -> None:
    made = item("staff.shinjuku", input_status="done")
    before = stored_item(made)
    patch(actor("staff.shinjuku"), ITEM, made, 1, {"title": "別の名"})
    assert stored_item(made)["status_at"] == before["status_at"]
    patch(actor("manager"), ITEM, made, 2, {"input_status": "sent_back", "check_comment": "寸法がありません"})
    after = stored_item(made)
    assert "completed_at" not in after
    assert after["check_comment"] == "寸法がありません"
    assert after["entered_by"] == before["entered_by"]


@pytest.mark.parametrize("name", ["status_at", "status_by", "entered_by", "completed_at"])
def test_nobody_types_what_the_status_brings(name: str) -> None:
    made = item()
    with pytest.raises(Invalid):
        patch(actor("staff.shinjuku"), ITEM, made, 1, {name: "2026-04-01"})


def test_a_day_and_a_week_are_those_of_japan() -> None:
    """23:30 of Sunday in Japan is still Sunday, though UTC and a year's ISO weeks would have it otherwise."""
    done_at(
        datetime(2026, 12, 31, 15, 30, tzinfo=UTC), object_count="4"
    )  # 1 January, 00:30 in Japan: ISO 2026-W53
    found = completed(actor("manager"), Scope(), date(2027, 1, 1), date(2027, 1, 2))
    assert [(each.day, each.records, each.pieces) for each in found] == [(date(2027, 1, 1), 1, 4)]
    assert not completed(actor("manager"), Scope(), date(2026, 12, 31), date(2027, 1, 1))
    weeks = by_week(found, date(2026, 12, 21), date(2027, 1, 5))
    assert weeks.weeks == [(2026, 52), (2026, 53), (2027, 1)]
    person = actor("staff.shinjuku").user
    assert weeks.people == {person: "staff.shinjukuの人"}
    assert weeks.records[person, (2026, 53)] == 1


def test_one_persons_and_one_groups_alone() -> None:
    now = datetime(2026, 5, 1, 3, tzinfo=UTC)
    done_at(now, rank="A")
    done_at(now, rank="D")
    get_db()["items"].update_one({"rank": "D"}, {"$unset": {"entered_by": ""}})
    span = (date(2026, 4, 1), date(2027, 4, 1))
    who = actor("manager")
    assert sum(each.records for each in completed(who, Scope(), *span)) == 2
    assert [each.group for each in completed(who, Scope(), *span, actor("staff.shinjuku").user)] == ["AB"]
    assert [each.group for each in completed(who, Scope(), *span, NOBODY)] == ["CD"]
    assert [each.group for each in completed(who, Scope(group="CD"), *span)] == ["CD"]
    assert not completed(who, Scope("soseki"), *span)


@pytest.mark.parametrize("hidden", ["entered_by", "completed_at", "object_count"])
def test_counts_by_a_withheld_field_are_refused(hidden: str) -> None:
    get_db()["roles"].update_many(
        {"code": "manager"}, {"$set": {f"effects.item.supervised.field:{hidden}": "hide"}}
    )
    with pytest.raises(Refused) as error:
        completed(actor("manager"), Scope(), date(2026, 4, 1), date(2027, 4, 1))
    assert error.value.status == 400


def test_plan_beside_actual_month_by_month() -> None:
    create(actor("manager"), PLAN, "shinjuku", TARGET)
    create(actor("manager"), PLAN, "soseki", {**TARGET, "records_04": "7"})
    for day in (1, 2, 30):
        done_at(datetime(2026, 4, day, 3, tzinfo=UTC))
    who = actor("manager")
    plan = planned(who, Scope(), 2026, "records")
    done = completed(who, Scope(), *(date(2026, 4, 1), date(2027, 4, 1)))
    year = year_of(plan, done, 2026, "records", date(2026, 5, 10))
    assert [each.planned_so_far for each in year] == [17] * 11 + [27]
    assert [each.actual_so_far for each in year] == [3, 3] + [None] * 10
    assert planned(who, Scope("shinjuku", "AB"), 2026, "pieces") == {
        first: 40 if first.month == 4 else 0 for first in months(2026)
    }
    assert planned(who, Scope(), 2025, "records") is None
    assert planned(actor("staff.soseki"), Scope("shinjuku"), 2026, "records") is None


def test_a_fiscal_year_begins_in_april() -> None:
    assert [fiscal_year(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [2025, 2026]
    assert (months(2026)[0], months(2026)[-1]) == (date(2026, 4, 1), date(2027, 3, 1))


def test_there_is_one_plan_of_an_institution_for_a_year_and_its_ranks() -> None:
    manager = actor("manager")
    made = create(manager, PLAN, "shinjuku", TARGET)
    with pytest.raises(Invalid) as error:
        create(manager, PLAN, "shinjuku", TARGET)
    assert set(error.value.errors) == {"fiscal_year", "rank_group"}
    with pytest.raises(Invalid):
        patch(manager, PLAN, made, 1, {"fiscal_year": "2027"})
    patch(manager, PLAN, made, 1, {"records_05": "12"})
    remove(manager, PLAN, made, 2, "立て直す")
    assert create(manager, PLAN, "shinjuku", TARGET)


@pytest.mark.parametrize("who", ["staff.shinjuku", "auditor", "admin", "contractor", "librarian.kaizu"])
def test_only_managers_plan(who: str) -> None:
    with pytest.raises(Refused):
        create(actor(who), PLAN, "shinjuku", TARGET)


def test_the_finish_follows_from_the_last_eight_weeks() -> None:
    who, now = actor("manager"), today()
    for _ in range(4):
        item()
    assert projection(who, Scope(), now).finish is None
    noon = datetime.combine(now, datetime.min.time(), tzinfo=UTC) + timedelta(hours=3)
    for _ in range(8):
        done_at(noon - timedelta(days=20))
    done_at(noon - timedelta(weeks=8))  # too long ago
    found = projection(who, Scope(), now)
    assert (found.left, found.a_week, found.finish) == (4, 1.0, now + timedelta(weeks=4))
    get_db()["items"].update_many({}, {"$unset": {"entered_by": ""}})
    assert projection(who, Scope(), now).finish is None  # an import is no rate to go by
