"""The content check: the queue, the sample, sending back, and what lies still (S5)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from gate.refusals import BadQuestion, Conflict, Invalid, NotFound, Refused
from gate.writing.writing import patch
from progress.counts import ITEM, Scope
from tests.world import actor, item, stored_item
from workflows.content_check.check import (
    decide,
    queue,
    sample,
    sampled,
    sent_back_records,
    sent_back_to,
    stale,
)

pytestmark = pytest.mark.usefixtures("database")


def test_the_longest_waiting_stands_first() -> None:
    late, early, middle = (item(input_status="awaiting_check", rank="A") for _ in range(3))
    item(input_status="done")
    for days, id_ in ((1, late), (9, early), (5, middle)):
        at = datetime.now(UTC) - timedelta(days=days)
        get_db()["items"].update_one({"_id": ObjectId(id_)}, {"$set": {"status_at": at}})
    page = queue(actor("manager"), Scope())
    assert [row.id for row in page.rows] == [early, middle, late]
    assert [row.id for row in queue(actor("manager"), Scope(group="CD")).rows] == []
    with pytest.raises(Refused):
        queue(actor("librarian.kaizu"), Scope())


def test_sent_back_with_a_comment_it_waits_for_who_entered_it() -> None:
    made = item("staff.shinjuku", input_status="awaiting_check")
    decide(actor("manager"), made, 1, "send_back", {"comment": "寸法がありません"})
    after = stored_item(made)
    assert (after["input_status"], after["check_comment"], after["revision"]) == (
        "sent_back", "寸法がありません", 2,
    )  # fmt: skip
    assert [row.id for row in sent_back_records(actor("staff.shinjuku"))] == [made]
    assert sent_back_to(actor("staff.shinjuku")) == 1
    assert sent_back_to(actor("staff.soseki")) == sent_back_to(actor("manager")) == 0
    patch(actor("staff.shinjuku"), ITEM, made, 2, {"input_status": "awaiting_check"})
    decide(actor("manager"), made, 3, "pass", {"comment": ""})
    assert "check_comment" not in stored_item(made)
    assert sent_back_to(actor("staff.shinjuku")) == 0


def test_who_passes_a_record_has_not_seen_it() -> None:
    """The disclosure was when it was opened; a press of a button in the queue is none (law 6)."""
    made = item(
        "staff.shinjuku", input_status="awaiting_check", provenance="来歴に名のある人", notes="備考の人"
    )
    before = get_db()["ledger"].count_documents({}) + get_db()["disclosures"].count_documents({})
    decide(actor("staff.shinjuku"), made, 1, "pass", {"comment": ""})
    assert get_db()["ledger"].count_documents({}) + get_db()["disclosures"].count_documents({}) == before


@pytest.mark.parametrize("who", ["auditor", "contractor", "admin", "staff.soseki"])
def test_only_who_may_set_the_status_decides(who: str) -> None:
    made = item("staff.shinjuku", input_status="awaiting_check")
    with pytest.raises(Refused):
        decide(actor(who), made, 1, "send_back", {"comment": "x"})
    with pytest.raises(NotFound):
        decide(actor("librarian.kaizu"), made, 1, "pass", {"comment": ""})
    assert stored_item(made)["revision"] == 1


def test_what_cannot_be_decided_is_not() -> None:
    made, begun = item(input_status="awaiting_check"), item(input_status="in_progress")
    manager = actor("manager")
    for record, act, comment in ((made, "send_back", "  "), (made, "burn", "x"), (begun, "pass", "")):
        with pytest.raises(Invalid):
            decide(manager, record, 1, act, {"comment": comment})
    with pytest.raises(Conflict):
        decide(manager, made, 7, "pass", {"comment": ""})


def test_a_sample_is_fair_whole_and_the_same_for_the_same_draw() -> None:
    made = {item(input_status="done") for _ in range(6)}
    item(input_status="in_progress")
    manager = actor("manager")
    assert set(sample(manager, Scope(), 100, 1)) == made
    assert sample(manager, Scope(), 2, 3) == sample(manager, Scope(), 2, 3)
    drawn = Counter(id_ for draw in range(120) for id_ in sample(manager, Scope(), 2, draw))
    # Each is expected forty times, with a spread of five: these draws are always the same ones, the ids are not.
    assert all(15 <= drawn[id_] <= 65 for id_ in made), drawn
    assert {row.id for row in sampled(manager, Scope(), sample(manager, Scope(), 3, 1)).rows} <= made
    for wrong in (0, 101, -1):
        with pytest.raises(BadQuestion):
            sample(manager, Scope(), wrong, 1)


def test_a_sample_stays_while_its_records_are_worked_off() -> None:
    """What is sent back or comes in changes one of the others at most."""
    made = [item(input_status="done") for _ in range(40)]
    manager = actor("manager")
    first = sample(manager, Scope(), 10, 7)
    get_db()["items"].update_one({"_id": ObjectId(first[0])}, {"$set": {"input_status": "sent_back"}})
    second = sample(manager, Scope(), 10, 7)
    assert set(first[1:]) <= set(second)
    assert set(second) <= set(made) - {first[0]}
    get_db()["items"].delete_one({"_id": ObjectId(next(each for each in made if each not in second))})
    assert set(sample(manager, Scope(), 10, 7)) == set(second)


def test_a_draft_that_nobody_changed_for_a_fortnight_lies_still() -> None:
    old, new = item(input_status="in_progress"), item(input_status="in_progress")
    for days, id_ in ((16, old), (12, new)):
        at = datetime.now(UTC) - timedelta(days=days)
        get_db()["items"].update_one({"_id": ObjectId(id_)}, {"$set": {"changed_at": at}})
    assert [row.id for row in stale(actor("manager"), Scope()).rows] == [old]
    get_db()["institutions"].update_one({"_id": "section"}, {"$set": {"stale_days": 7}})
    assert {row.id for row in stale(actor("manager"), Scope()).rows} == {old, new}
