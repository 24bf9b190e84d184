"""From an account in the store to an actor: read again for every request, so that a change holds at once (law 8)."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bson import decode
from mongoengine.connection import get_db

from accounts.access_windows import current_work_request
from accounts.approval import is_approved
from accounts.identity import Identity, of_account
from accounts.sessions import Limits, limits_of
from gate.lists.columns import Chosen, chosen_of
from gate.lists.saved_views import View, views_of
from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.networks import within_all
from policies.verdict import may

_Everywhere = Mapping[str, tuple["House", str]]


@dataclass(frozen=True)
class House:
    """An institution as every signed-in person may see it."""

    code: str
    name: Words
    standing: str
    colour: str
    networks: tuple[str, ...] = ()
    """From where its accounts may be used; the guard's to know, and on no screen of this."""
    limits: Limits = field(default_factory=Limits)
    """How long a session of its people lives."""
    views: tuple[View, ...] = ()
    """The views saved for everybody of it."""
    supervisor: str = ""
    vocabularies: Mapping[str, Any] = field(default_factory=dict)
    """The state of its terms, by which a process knows whether those that it remembers still hold (vocabularies.present)."""


@dataclass(frozen=True)
class Account:
    """A signed-in person: the actor that policies know, and what the frame of the screen shows."""

    actor: Actor
    display_name: str
    language: str
    house: House
    houses: dict[str, House]
    """All institutions of this government, by code."""
    role_networks: tuple[str, ...] = ()
    has_factor: bool = False
    wants_factor: bool = False
    """Whether its role asks for a second factor."""
    stamp: str = ""
    """The one that this account's sessions are begun under; those of an earlier one have ended."""
    work: str = ""
    """Of a contractor: the approved work request under which it acts."""
    columns: Chosen = field(default_factory=dict)
    """Noun → the columns that this person chose for its lists."""
    views: tuple[View, ...] = ()
    """The views that this person saved."""

    def may_come_from(self, address: str) -> bool:
        """Whether its institution and its role both allow this network address."""
        # guard: account-networks
        return within_all(address, (self.house.networks, self.role_networks))

    def coming_from(self, address: str, device: str = "", language: str = "") -> Account:
        """The same account, its actor knowing the address and the device's cookie of this request, and its language."""
        spoken = language or self.actor.language
        return replace(self, actor=replace(self.actor, address=address, device=device, language=spoken))


def account(
    user: str, view_as: str = "", address: str = "", identity: Identity | None = None
) -> Account | None:
    """The account of that id, as it may act now and from there; None when it may not.

    It may not when it is unknown, disabled, its role or institution is gone, or it is a contractor's outside the
    window and network of every approved work request (S14).

    Args:
        user: the account's id.
        view_as: a role of the same government to try on, read-only; ignored unless the account edits roles.
        address: the network address of who asks; a contractor without one is nobody.
        identity: of the account, where it was read with this request's session.
    """
    found = standing(user, view_as, identity)
    if found is None or found.actor.role.role_kind != "contractor" or found.actor.behind is not None:
        return found
    work = current_work_request(found.actor.user, found.houses, address)
    return replace(found, work=work) if work else None


def standing(user: str, view_as: str = "", identity: Identity | None = None) -> Account | None:
    """As account, whatever the hour and the network: for explanations at the console, never for a request."""
    try:
        read = identity if identity is not None and identity.is_of(user) else of_account(user)
    except NotFound:
        return None
    found = read.user
    # guard: account-disabled
    if found is None or found.get("disabled") or not found.get("institution"):
        return None
    everywhere = _everywhere(read.institutions)
    houses = _circle(everywhere, found["institution"])
    role = _role(read.role) if read.role else None
    if role is None or role.institution not in houses or found["institution"] not in houses:
        return None
    # guard: account-approval
    if not is_approved(found, role.role):
        return None
    actor = Actor(
        user=str(found["_id"]),
        login_id=found["login_id"],
        institution=found["institution"],
        supervised=frozenset(houses) - {found["institution"]},
        role=role.role,
        revealed=Revealed(str(found["_id"])),
        oversees=frozenset(each for each in houses if everywhere[each][1] == found["institution"]),
        language=found.get("language", "ja"),
    )
    if view_as:
        actor = _trying_on(actor, view_as, frozenset(houses))
    return Account(
        actor,
        found.get("display_name", ""),
        found.get("language", "ja"),
        houses[found["institution"]],
        houses,
        role.networks,
        bool(found.get("second_factor")),
        role.wants_factor,
        found.get("stamp") or "",
        columns=chosen_of(found),
        views=views_of(found),
    )


def _trying_on(actor: Actor, role: str, houses: frozenset[str]) -> Actor:
    # guard: view-as-edits-roles
    if not may(actor, "role", "edit", actor.institution):
        return actor
    try:
        other = records_of(NOUNS["role"]).find_one({"_id": key_of(NOUNS["role"], role)})
    except NotFound:
        return actor
    if other is None or other.get("institution") not in houses:
        return actor
    return replace(actor, role=role_of(other), behind=actor.role, revealed=frozenset())


@dataclass(frozen=True)
class _Stored:
    institution: str
    role: Role
    networks: tuple[str, ...]
    wants_factor: bool


@lru_cache(500)
def _role(written: bytes) -> _Stored:
    """A role read again each time, and worked out anew only when a byte of it has changed."""
    document = decode(written)
    return _Stored(
        document["institution"],
        role_of(document),
        tuple(document.get("networks") or ()),
        document.get("second_factor") == "required",
    )


@lru_cache(8)
def _everywhere(written: tuple[bytes, ...]) -> _Everywhere:
    """The institutions read again likewise: code → the institution and its supervisor."""
    documents = map(decode, written)
    return {each["_id"]: (_house(each), each.get("supervisor") or "") for each in documents}


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
    found = records_of(NOUNS["institution"]).find({"institution": {"$ne": None}})
    return _circle({each["_id"]: (_house(each), each.get("supervisor") or "") for each in found}, institution)


def _circle(everywhere: _Everywhere, institution: str) -> dict[str, House]:
    if institution not in everywhere:
        return {}
    top = everywhere[institution][1] or institution
    return {
        code: house
        for code, (house, supervisor) in everywhere.items()
        if code in (top, institution) or supervisor == top
    }


def _house(document: dict[str, Any]) -> House:
    name = document["name"]
    return House(
        document["_id"],
        (name, document.get("name_en") or name),
        document.get("standing", "museum"),
        document.get("colour") or "indigo",
        tuple(document.get("networks") or ()),
        limits_of(document),
        views_of(document, document["_id"]),
        document.get("supervisor") or "",
        document.get("vocabularies") or {},
    )


class Revealed(Container[tuple[str, str, str]]):
    """What an account has revealed and may still see, asked of the store when a card first needs to know."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._open: frozenset[tuple[str, str, str]] | None = None

    def __contains__(self, subject: object) -> bool:
        if self._open is None:
            open_now = get_db()["reveals"].find({"actor": self._user, "ends_at": {"$gt": datetime.now(UTC)}})
            self._open = frozenset((each["noun"], each["record"], each["field"]) for each in open_now)
        return subject in self._open
