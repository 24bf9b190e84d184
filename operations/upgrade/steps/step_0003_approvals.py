"""Accounts of a version in which no second person approved them, approved as they are (docs/decisions/0028-second-person.md).

Without it no account that reaches personal data could go on working, and the approvers would need approval themselves.
Done once: an account that is made later waits for its second person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.accounts import role_of
from accounts.approval import needs_approval, store_approval
from accounts.console import console
from gate.store.collections import records_of
from models.data_classes import Words
from models.registry import NOUNS
from operations.upgrade.step import Progress, Step

UNSEEN = {"approval": {"$exists": False}, "tombstone": {"$exists": False}}


def _waiting() -> Iterator[dict[str, Any]]:
    roles = {each["_id"]: role_of(each) for each in records_of(NOUNS["role"]).find()}
    for user in list(records_of(NOUNS["user"]).find(UNSEEN)):
        role = roles.get(user.get("role"))
        if role is not None and user.get("institution") and needs_approval(role):
            yield user


def _run(progress: Progress) -> Words | None:
    count = 0
    for user in _waiting():
        store_approval(user, console(user["institution"]))
        progress.keep({}, 1)
        count += 1
    return (
        f"これまでのアカウント{count}件を、いまの役割のまま承認済みとしました。",
        f"{count} accounts of before are approved in the role that they have.",
    )


STEP = Step(
    3,
    ("これまでのアカウントを承認済みにする", "Approve the accounts that were in use before"),
    pending=lambda: sum(1 for _ in _waiting()),
    run=_run,
    cheap=True,
    once=True,
)
