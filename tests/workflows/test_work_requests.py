"""A contractor's work: asked for, decided by another person, time-boxed, network-bound, witnessed, reported (S14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from accounts.accounts import account, standing
from audit.drain import drain
from audit.sealer import seal
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.writing.writing import create, patch, remove
from models.registry import NOUNS
from policies.work import JAPAN, MINUTE
from tests.world import actor
from workflows.work_requests.requests import decide, enter, leave, report

Document = dict[str, Any]
WORK = NOUNS["work_request"]
HERE = "192.0.2.7"


def contractor(database: Database[Document]) -> str:
    """The contractor's account, without the request that the world gives it."""
    database["work_requests"].delete_many({})
    found = database["users"].find_one({"login_id": "contractor"})
    assert found is not None
    return str(found["_id"])


def at(hours: float) -> str:
    return (datetime.now(JAPAN) + timedelta(hours=hours)).strftime(MINUTE)


def asked(database: Database[Document], login_id: str = "staff.shinjuku", **values: Any) -> str:
    """A request by that account, its window open from an hour ago until in an hour."""
    who = actor(login_id)
    given = {
        "work": "サーバーの点検", "why": "定期保守", "work_place": "machine_room", "contractor": contractor(database),
        "begins_at": at(-1), "ends_at": at(1), "network": HERE, "witness": who.user, **values,
    }  # fmt: skip
    return create(who, WORK, who.institution, given)


def stored(database: Database[Document], id_: str) -> Document:
    found = database["work_requests"].find_one({"_id": ObjectId(id_)})
    assert found is not None
    return found


def test_before_the_approval_and_after_its_withdrawal_nobody_comes_in(database: Database[Document]) -> None:
    id_ = asked(database)
    user = stored(database, id_)["contractor"]
    assert account(user, address=HERE) is None
    decide(actor("manager"), id_, 1, "approve", "")
    known = account(user, address=HERE)
    assert known is not None
    assert known.work == id_
    decide(actor("staff.shinjuku"), id_, 2, "withdraw", "中止")
    assert account(user, address=HERE) is None
    assert standing(user) is not None  # the account itself is as it was


def test_only_from_the_network_that_was_asked_for(database: Database[Document]) -> None:
    id_ = asked(database)
    decide(actor("manager"), id_, 1, "approve", "")
    user = stored(database, id_)["contractor"]
    for address in ("192.0.2.8", "127.0.0.1", "", "zzz", f"{HERE}, 10.0.0.1"):
        assert account(user, address=address) is None, address
    assert account(user, address=f"::ffff:{HERE}") is not None


@pytest.mark.parametrize(("begins", "ends", "open_"), [(-2, -1, False), (1, 2, False), (-1, 1, True)])
def test_only_while_the_window_lasts(
    database: Database[Document], begins: float, ends: float, open_: bool
) -> None:
    id_ = asked(database, begins_at=at(begins), ends_at=at(ends))
    decide(actor("manager"), id_, 1, "approve", "")
    assert (account(stored(database, id_)["contractor"], address=HERE) is not None) is open_


def test_another_governments_paper_opens_nothing(database: Database[Document]) -> None:
    id_ = asked(database)
    decide(actor("manager"), id_, 1, "approve", "")
    database["work_requests"].update_one({"_id": ObjectId(id_)}, {"$set": {"institution": "kaizu"}})
    assert account(stored(database, id_)["contractor"], address=HERE) is None


def test_nobody_decides_on_their_own_request(database: Database[Document]) -> None:
    id_ = asked(database, "manager")
    with pytest.raises(Invalid):
        decide(actor("manager"), id_, 1, "approve", "")
    assert stored(database, id_)["work_status"] == "requested"
    decide(actor("admin"), id_, 1, "approve", "よい")
    found = stored(database, id_)
    assert (found["work_status"], found["decided_by"]) == ("approved", actor("admin").user)
    assert found["decision_note"] == "よい"


def test_who_is_not_granted_decisions_makes_none(database: Database[Document]) -> None:
    id_ = asked(database)
    with pytest.raises(Refused):
        decide(actor("auditor"), id_, 1, "approve", "")
    for login_id in ("staff.soseki", "librarian.kaizu"):
        with pytest.raises((Refused, NotFound)):
            decide(actor(login_id), id_, 1, "approve", "")


def test_an_approver_cannot_write_the_window_they_approve(database: Database[Document]) -> None:
    id_ = asked(database, "manager")
    database["roles"].update_one({"code": "administrator", "institution": "section"}, {"$push": {"actions.work_request.own": "edit"}})  # fmt: skip
    with pytest.raises((Invalid, Refused)):
        patch(actor("admin"), WORK, id_, 1, {"ends_at": at(500)})


def test_what_was_approved_stays_as_it_was(database: Database[Document]) -> None:
    id_ = asked(database)
    decide(actor("manager"), id_, 1, "approve", "")
    for change in ({"ends_at": at(500)}, {"network": "203.0.113.1"}, {"contractor": actor("manager").user}):
        with pytest.raises(Invalid):
            patch(actor("staff.shinjuku"), WORK, id_, 2, change)
    with pytest.raises(Refused):
        remove(actor("staff.shinjuku"), WORK, id_, 2, "不要")


def test_the_state_is_written_by_the_procedure_alone(database: Database[Document]) -> None:
    with pytest.raises(Invalid):
        asked(database, work_status="approved")
    id_ = asked(database)
    for name in ("work_status", "decided_by", "passages"):
        with pytest.raises(Invalid):
            patch(actor("staff.shinjuku"), WORK, id_, 1, {name: "approved"})


def test_two_deciders_at_once_decide_once(database: Database[Document]) -> None:
    id_ = asked(database)
    decide(actor("manager"), id_, 1, "refuse", "日程が合わない")
    with pytest.raises((Conflict, Invalid)):
        decide(actor("admin"), id_, 1, "approve", "")
    assert stored(database, id_)["work_status"] == "refused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"contractor": "zzz"}, {"network": "0.0.0.0/0"}, {"network": "office"}, {"ends_at": at(-5)}, {"witness": ""},
        {"begins_at": "きのう"}, {"work_place": "elsewhere"},
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_carried_out_is_not_taken(
    database: Database[Document], wrong: Document
) -> None:
    with pytest.raises(Invalid):
        asked(database, **wrong)


def test_only_a_contractors_account_is_let_in_and_none_of_theirs_is_a_witness(
    database: Database[Document],
) -> None:
    with pytest.raises(Invalid):
        asked(database, contractor=actor("staff.soseki").user)
    with pytest.raises(Invalid):
        asked(database, witness=contractor(database))


def test_the_door_is_kept_by_the_institutions_own_people(database: Database[Document]) -> None:
    id_ = asked(database)
    with pytest.raises(Invalid):
        enter(actor("staff.shinjuku"), id_, "見本システム 技術 太郎")  # not approved yet
    decide(actor("manager"), id_, 1, "approve", "")
    enter(actor("staff.shinjuku"), id_, "見本システム 技術 太郎")
    passage = stored(database, id_)["passages"][0]
    assert passage["witness"] == "staff.shinjukuの人"
    assert passage["left_at"] is None
    leave(actor("staff.shinjuku"), id_, passage["id"])
    leave(actor("staff.shinjuku"), id_, passage["id"])
    after = stored(database, id_)
    assert after["passages"][0]["left_at"]
    assert after["revision"] == 4
    with pytest.raises(NotFound):
        leave(actor("staff.shinjuku"), id_, "zzz")
    with pytest.raises((Refused, NotFound)):
        enter(actor("staff.soseki"), id_, "だれか")


def test_the_report_is_made_from_the_ledger(database: Database[Document]) -> None:
    id_ = asked(database, begins_at=at(-3))
    decide(actor("manager"), id_, 1, "approve", "")
    user = stored(database, id_)["contractor"]
    database["work_requests"].update_one({"_id": ObjectId(id_)}, {"$set": {"decided_at": datetime.now(UTC) - timedelta(hours=2)}})  # fmt: skip
    act: Document = {"actor": user, "institution": "section", "noun": "", "detail": HERE}
    now = datetime.now(UTC)
    database["ledger"].insert_many([
        {**act, "at": now - timedelta(hours=5), "action": "signed_in"},  # before the window
        {**act, "at": now - timedelta(minutes=30), "action": "signed_in"},
        {**act, "at": now - timedelta(minutes=20), "action": "refused"},
        {**act, "actor": actor("manager").user, "at": now - timedelta(minutes=20), "action": "signed_in"},
    ])  # fmt: skip
    waiting = [each["action"] for each in report(actor("staff.shinjuku"), id_, "inspection").acts]
    while seal() + drain():
        pass
    found = report(actor("staff.shinjuku"), id_, "inspection")
    assert [each["action"] for each in found.acts] == waiting == ["signed_in", "refused"]
    assert found.whole
    with pytest.raises(Refused):
        report(actor("auditor"), id_, "inspection")


def test_an_unapproved_request_reports_no_acts(database: Database[Document]) -> None:
    id_ = asked(database)
    user = stored(database, id_)["contractor"]
    database["ledger"].insert_one({"actor": user, "institution": "section", "noun": "", "detail": "", "at": datetime.now(UTC), "action": "signed_in"})  # fmt: skip
    assert report(actor("staff.shinjuku"), id_, "inspection").acts == []
