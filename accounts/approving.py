"""Who approves accounts, and how: a second person on screen, or the console where there is none (accounts.approval)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db

from accounts.accounts import role_of
from accounts.approval import has_records, needs_approval, stands, store_approval
from accounts.console import NAME as CONSOLE
from accounts.console import console
from audit.events import note
from gate.refusals import NotFound, Refused
from gate.store.collections import key_of, records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.effects import Effect
from policies.verdict import Verdict, may

Document = dict[str, Any]
USER = NOUNS["user"]
WAIT = timedelta(hours=24)
"""Between an approval at the console and its effect: an alarm is raised, and people can act on it."""
OTHER: Words = (
    "ほかの人の承認が必要です。ご自分のアカウントと、ご自分が作った・変えたアカウントは承認できません。",
    "Another person must approve this. You cannot approve your own account, nor one that you made or changed.",
)
NOT_YOURS: Words = (
    "アカウントを承認できるのは、館のシステム管理者と、館か所管課の管理者です。",
    "Administrators approve accounts, and managers of the institution or of its supervising section.",
)


@dataclass(frozen=True)
class Waiting:
    """An account, or a reset link of one, that waits for approval."""

    user: str
    login_id: str
    display_name: str
    institution: str
    role: Words
    account: bool
    """The account itself waits; else only its reset link does."""
    asked_by: frozenset[str]
    """Ids of who made the account, gave it this role or institution, or made the link."""
    from_: datetime | None = None
    """When an approval at the console takes effect."""


def link_awaits_approval(role: Role, by: str, user: Mapping[str, Any]) -> bool:
    """Whether a reset link of this account, made by `by`, opens nothing until it is approved.

    One made at the console for an approved account does not wait: who works there holds the store itself.
    """
    if not needs_approval(role) or not has_records(user["institution"]):
        return False
    return by != CONSOLE or not stands(user)


def waiting(actor: Actor) -> list[Waiting]:
    """All that waits in the institutions where this actor may approve accounts, by login id."""
    institutions = _institutions(actor)
    if not institutions:
        return []
    links = {each["user"]: each for each in _waiting_links()}
    roles = _roles_that_need()
    asked = {"institution": {"$in": sorted(institutions)}, "role": {"$in": list(roles)}}
    found = [each for each in records_of(USER).find(asked) if not each.get("disabled")]
    return [
        _waiting(each, roles[each["role"]], links.get(str(each["_id"])))
        for each in sorted(found, key=lambda each: str(each["login_id"]))
        if not stands(each) or str(each["_id"]) in links
    ]


def _waiting(user: Document, role: Words, link: Document | None) -> Waiting:
    account = not stands(user)
    return Waiting(
        str(user["_id"]),
        user["login_id"],
        user.get("display_name", ""),
        user["institution"],
        role,
        account,
        frozenset(_authors(user) if account else ()) | ({link["by"]} if link else set()),
        (user.get("approval") or {}).get("from_") if account else None,
    )


def _roles_that_need() -> dict[Any, Words]:
    stored = (
        (each["_id"], role_of(each))
        for each in records_of(NOUNS["role"]).find({"institution": {"$ne": None}})
    )
    return {key: role.name for key, role in stored if needs_approval(role)}


def _waiting_links() -> Iterable[Document]:
    yield from get_db()["resets"].find({"awaits": True, "ends_at": {"$gt": datetime.now(UTC)}})


def _institutions(actor: Actor) -> set[str]:
    """Where this actor may approve accounts that others made."""
    if actor.behind is not None:
        return set()
    reached = {actor.institution, *actor.supervised}
    if actor.role.kind == "administrator":
        return {each for each in reached if may(actor, "user", "edit", each)}
    return {actor.institution, *actor.oversees} if actor.role.kind == "manager" else set()


def _authors(user: Mapping[str, Any]) -> set[str]:
    """Who made the account, or gave it a role or institution since it was last approved."""
    key, since = str(user["_id"]), (user.get("approval") or {}).get("at")
    acts = [*get_db()["revisions"].find({"noun": "user", "record": key}), *user.get("outbox", [])]
    return {
        str(each["actor"])
        for each in acts
        if each["action"] == "create" or {"role", "institution"} & set(each["fields"])
        if since is None or each["at"] > since
    } | ({str(user.get("created_by"))} if since is None else set())


def approve(actor: Actor, user: str) -> None:
    """Approve an account in its present role and institution, and the reset link that waits for it.

    Raises:
        NotFound: no such account within the actor's reach.
        Refused: not this actor's to approve, or they had a hand in it.
    """
    found = records_of(USER).find_one({"_id": key_of(USER, user), "institution": {"$ne": None}})
    if found is None or actor.scope_of(found["institution"]) is None:
        raise NotFound
    # guard: approval-approver
    if found["institution"] not in _institutions(actor):
        raise Refused(Verdict(Effect.HIDE, "account-approval", NOT_YOURS))
    asked = next((each for each in waiting(actor) if each.user == str(found["_id"])), None)
    if asked is None:
        return
    # guard: approval-second-person
    if actor.user in asked.asked_by or actor.user == asked.user:
        raise Refused(Verdict(Effect.HIDE, "account-approval", OTHER))
    if asked.account:
        store_approval(found, actor)
    links = {"user": asked.user, "awaits": True, "by": {"$ne": actor.user}}
    opened = get_db()["resets"].update_many(links, {"$set": {"awaits": False}}).modified_count
    if opened:
        note(
            "reset_approved",
            actor=actor.user,
            institution=found["institution"],
            noun="user",
            detail=asked.user,
        )


def approve_at_console(user: str) -> datetime:
    """Approve an account where there is no second person; it acts when WAIT is over, and an alarm is raised now.

    Returns:
        From when on it may act.

    Raises:
        NotFound: no such account.
    """
    found = records_of(USER).find_one({"_id": key_of(USER, user), "institution": {"$ne": None}})
    if found is None:
        raise NotFound
    waits = found.get("approval") or {}
    if not stands(found) and waits.get("role") == found.get("role") and "from_" in waits:
        return waits["from_"]  # type: ignore[no-any-return]  # repeated: it does not begin once more
    from_ = (datetime.now(UTC) + WAIT).replace(microsecond=0)
    note(
        "approved_at_console",
        actor=CONSOLE,
        institution=found["institution"],
        noun="user",
        detail=str(found["_id"]),
    )
    store_approval(found, console(found["institution"]), from_=from_)
    get_db()["resets"].update_many({"user": str(found["_id"])}, {"$set": {"awaits": False}})
    return from_
