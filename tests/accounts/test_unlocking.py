"""A lock is lifted by who operates the accounts, and by nobody else (S9)."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.database import Database

from accounts.sign_in.attempt import Outcome, attempt
from accounts.sign_in.unlocking import lock_of, unlock
from gate.refusals import NotFound, Refused
from policies.lockout import Limits
from tests.world import PASSWORD, PEPPER, actor

Store = Database[dict[str, Any]]


def try_in(password: str) -> Outcome:
    return attempt("staff.soseki", password, pepper=PEPPER, address="192.0.2.7")


def test_who_operates_the_accounts_unlocks_and_it_is_logged(database: Store) -> None:
    locked = actor("staff.soseki")
    for _ in range(Limits().attempts):
        assert try_in("ちがう合言葉") == Outcome()
    admin = actor("admin")
    assert lock_of(admin, locked.user, pepper=PEPPER) is not None
    for other in ("staff.soseki", "manager", "auditor", "contractor"):
        with pytest.raises(Refused):
            unlock(actor(other), locked.user, pepper=PEPPER)
    with pytest.raises(NotFound):
        unlock(actor("admin.kaizu"), locked.user, pepper=PEPPER)
    assert try_in(PASSWORD).locked
    unlock(admin, locked.user.upper(), pepper=PEPPER)  # the ledger names the account, and not what was typed
    [entry] = database["ledger"].find({"action": "unlocked"})
    assert (entry["actor"], entry["institution"], entry["detail"]) == (admin.user, "soseki", locked.user)
    found = try_in(PASSWORD)
    assert found.user
    assert found.last_lock is not None
