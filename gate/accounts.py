"""From an account in the store to an actor: read anew for every request, so that a change holds at once (law 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from mongoengine.connection import get_db

from gate.refusals import NotFound
from gate.store import key_of, records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.verdict import may


@dataclass(frozen=True)
class House:
    """An institution as every signed-in person may see it."""

    code: str
    name: Words
    standing: str
    colour: str


@dataclass(frozen=True)
class Account:
    """A signed-in person: the actor that policies know, and what the frame of the screen shows."""

    actor: Actor
    display_name: str
    language: str
    house: House
    houses: dict[str, House]
    """All institutions of this government, by code."""


def account(user: str, view_as: str = "") -> Account | None:
    """The account of that id; None when it is unknown, disabled, or its role or institution is gone.

    Args:
        user: the account's id.
        view_as: a role of the same government to try on, read-only; ignored unless the account edits roles.
    """
    try:
        found = records_of(NOUNS["user"]).find_one({"_id": key_of(NOUNS["user"], user)})
    except NotFound:
        return None
    if found is None or found.get("disabled") or not found.get("institution"):
        return None
    role = records_of(NOUNS["role"]).find_one(
        {"_id": {"$eq": found.get("role")}, "institution": {"$ne": None}}
    )
    houses = circle(found["institution"])
    if role is None or role["institution"] not in houses or found["institution"] not in houses:
        return None
    actor = Actor(
        user=str(found["_id"]),
        login_id=found["login_id"],
        institution=found["institution"],
        supervised=frozenset(houses) - {found["institution"]},
        role=role_of(role),
        revealed=_revealed(str(found["_id"])),
    )
    if view_as:
        actor = _trying_on(actor, view_as, frozenset(houses))
    return Account(
        actor,
        found.get("display_name", ""),
        found.get("language", "ja"),
        houses[found["institution"]],
        houses,
    )


def _trying_on(actor: Actor, role: str, houses: frozenset[str]) -> Actor:
    if not may(actor, "role", "edit", actor.institution):
        return actor
    try:
        other = records_of(NOUNS["role"]).find_one({"_id": key_of(NOUNS["role"], role)})
    except NotFound:
        return actor
    if other is None or other.get("institution") not in houses:
        return actor
    return replace(actor, role=role_of(other), behind=actor.role, revealed=frozenset())


def role_of(document: dict[str, Any]) -> Role:
    """A stored role as policies read it."""
    name = document.get("name", "")
    return Role.from_document(
        role_id=str(document["_id"]),
        name=(name, document.get("name_en") or name),
        kind=document.get("role_kind", ""),
        actions=document.get("actions", {}),
        effects=document.get("effects", {}),
    )


def circle(institution: str) -> dict[str, House]:
    """The institutions of one government: the supervisor and all under it, the asked one included."""
    found = records_of(NOUNS["institution"])
    own = found.find_one({"_id": institution, "institution": institution})
    if own is None:
        return {}
    top = own.get("supervisor") or own["_id"]
    members = found.find({"$or": [{"_id": top}, {"supervisor": top}], "institution": {"$ne": None}})
    return {each["_id"]: _house(each) for each in [*members, own]}


def _house(document: dict[str, Any]) -> House:
    name = document["name"]
    return House(
        document["_id"],
        (name, document.get("name_en") or name),
        document.get("standing", "museum"),
        document.get("colour") or "indigo",
    )


def _revealed(user: str) -> frozenset[tuple[str, str, str]]:
    now = datetime.now(UTC)
    open_now = get_db()["reveals"].find({"actor": user, "ends_at": {"$gt": now}})
    return frozenset((each["noun"], each["record"], each["field"]) for each in open_now)
