"""What is asked together by what was so the last time decides nothing: session, account and role are read anew (law 8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pymongo.collection import Collection
from pymongo.command_cursor import CommandCursor
from pymongo.database import Database

from accounts import identity
from accounts.accounts import account
from accounts.sessions import Limits, begin_session, find_session, new_session_id
from tests.accounts.test_accounts import id_of

pytestmark = pytest.mark.usefixtures("database")
PEPPER = b"pepper"


@pytest.fixture
def session(database: Database[dict[str, Any]]) -> str:
    """A session of the museum's staff that was asked for before, so that its account is read with it."""
    id_ = new_session_id()
    begin_session(
        id_, id_of(database, "staff.shinjuku"), "", {}, Limits(), pepper=PEPPER, address="", browser=""
    )
    assert find_session(id_, pepper=PEPPER)[1] is None
    return id_


def read(id_: str) -> identity.Identity:
    """What was read with the session."""
    found = find_session(id_, pepper=PEPPER)[1]
    assert found is not None
    return found


def login(id_: str) -> str:
    """Whose account was read with the session."""
    return str((read(id_).user or {}).get("login_id"))


def test_an_account_is_read_with_its_session_from_the_second_time_on(session: str) -> None:
    assert login(session) == "staff.shinjuku"
    assert login(session) == "staff.shinjuku"


def test_an_account_that_a_session_is_wrongly_remembered_for_is_not_given(
    database: Database[dict[str, Any]], session: str
) -> None:
    for key in identity._last_user.all_keys():
        identity._last_user.put(key, (database["users"].find_one({"login_id": "admin"}) or {})["_id"])
    assert find_session(session, pepper=PEPPER)[1] is None  # it is asked for by itself
    assert login(session) == "staff.shinjuku"


def test_a_removed_account_is_read_as_nobody(database: Database[dict[str, Any]], session: str) -> None:
    database["users"].delete_one({"login_id": "staff.shinjuku"})
    assert read(session) == identity.NOBODY


def test_a_session_that_has_ended_brings_no_account(database: Database[dict[str, Any]], session: str) -> None:
    past = (database["sessions"].find_one() or {})["ends_at"] - timedelta(days=1)
    database["sessions"].update_one({}, {"$set": {"ends_at": past}})
    assert find_session(session, pepper=PEPPER) == (None, None)
    database["sessions"].delete_many({})
    assert find_session(session, pepper=PEPPER) == (None, None)


def test_the_role_is_the_one_of_now_and_not_the_one_remembered(
    database: Database[dict[str, Any]], session: str
) -> None:
    login(session)
    other = database["roles"].find_one({"code": "manager"}) or {}
    database["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"role": other["_id"]}})
    for _ in range(2):
        assert b"manager" in (read(session).role or b"")
    houses = [each["_id"].encode() for each in database["institutions"].find()]
    assert all(any(house in each for each in read(session).institutions) for house in houses)
    database["roles"].update_one({"_id": other["_id"]}, {"$set": {"institution": None}})
    assert read(session).role is None


def test_what_another_thread_learns_meanwhile_does_not_change_what_was_asked(
    database: Database[dict[str, Any]], session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty people at once: a page was now and then taken for nobody's."""
    user = database["users"].find_one({"login_id": "staff.shinjuku"}) or {}
    identity._last_role.clear()
    asking = Collection.aggregate

    def asked(*of: Any, **more: Any) -> Any:
        answer = asking(*of, **more)
        identity._last_role.put(user["_id"], user["role"])
        return answer

    monkeypatch.setattr(Collection, "aggregate", asked)
    assert read(session).role is not None
    identity._last_role.clear()
    assert identity.of_account(str(user["_id"])).role is not None


def test_another_accounts_identity_opens_nothing(database: Database[dict[str, Any]], session: str) -> None:
    """Law 1: what does not belong together is not believed."""
    found = account(id_of(database, "admin"), identity=read(session))
    assert found is not None
    assert found.actor.login_id == "admin"


def test_no_order_of_the_answer_is_relied_on(session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """MongoDB promises none for what it unites."""
    login(session)
    whole = read(session)
    answered = CommandCursor.to_list
    monkeypatch.setattr(CommandCursor, "to_list", lambda cursor: answered(cursor)[::-1])
    found = read(session)
    assert (found.user, found.role) == (whole.user, whole.role)
    assert set(found.institutions) == set(whole.institutions)


def test_a_role_that_is_a_condition_finds_no_role(database: Database[dict[str, Any]], session: str) -> None:
    database["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"role": {"$ne": None}}})
    for _ in range(3):
        found = read(session)
        assert found.role is None
        assert len(found.institutions) == database["institutions"].count_documents({})
