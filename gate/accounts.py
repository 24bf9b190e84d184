"""From an account in the store to an actor: read anew for every request, so that a change holds at once (law 8)."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from mongoengine.connection import get_db

from gate.refusals import NotFound
from gate.sessions import Limits, limits_of
from gate.store import key_of, records_of
from gate.work_windows import open_work
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.networks import within_all
from policies.verdict import may

KEPT_ROLES = 500
_RAW = CodecOptions(document_class=RawBSONDocument)
_roles: dict[bytes, _Stored] = {}


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

    def may_come_from(self, address: str) -> bool:
        """Whether its institution and its role both allow this network address."""
        return within_all(address, (self.house.networks, self.role_networks))

    def coming_from(self, address: str) -> Account:
        """The same account, its actor knowing the address of this request."""
        return replace(self, actor=replace(self.actor, address=address))


def account(user: str, view_as: str = "", address: str = "") -> Account | None:
    """The account of that id, as it may act now and from there; None when it may not.

    It may not when it is unknown, disabled, its role or institution is gone, or it is a contractor's outside the
    window and network of every approved work request (S14).

    Args:
        user: the account's id.
        view_as: a role of the same government to try on, read-only; ignored unless the account edits roles.
        address: the network address of who asks; a contractor without one is nobody.
    """
    found = standing(user, view_as)
    if found is None or found.actor.role.kind != "contractor" or found.actor.behind is not None:
        return found
    work = open_work(found.actor.user, found.houses, address)
    return replace(found, work=work) if work else None


def standing(user: str, view_as: str = "") -> Account | None:
    """As account, whatever the hour and the network: for explanations at the console, never for a request."""
    try:
        found = records_of(NOUNS["user"]).find_one({"_id": key_of(NOUNS["user"], user)})
    except NotFound:
        return None
    if found is None or found.get("disabled") or not found.get("institution"):
        return None
    role = _stored_role(found.get("role"))
    houses = circle(found["institution"])
    if role is None or role.institution not in houses or found["institution"] not in houses:
        return None
    actor = Actor(
        user=str(found["_id"]),
        login_id=found["login_id"],
        institution=found["institution"],
        supervised=frozenset(houses) - {found["institution"]},
        role=role.role,
        revealed=Revealed(str(found["_id"])),
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


@dataclass(frozen=True)
class _Stored:
    institution: str
    role: Role
    networks: tuple[str, ...]
    wants_factor: bool


def _stored_role(key: Any) -> _Stored | None:
    """The role of that key, read anew each time; worked out anew only when a byte of it has changed."""
    roles = records_of(NOUNS["role"]).with_options(codec_options=_RAW)
    raw = roles.find_one({"_id": {"$eq": key}, "institution": {"$ne": None}})
    if raw is None:
        return None
    written = bytes(raw.raw)
    kept = _roles.get(written)
    if kept is None:
        document = dict(raw)
        if len(_roles) >= KEPT_ROLES:
            _roles.clear()
        kept = _roles[written] = _Stored(
            document["institution"],
            role_of(document),
            tuple(document.get("networks") or ()),
            document.get("second_factor") == "required",
        )
    return kept


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
    everywhere = {
        each["_id"]: each for each in records_of(NOUNS["institution"]).find({"institution": {"$ne": None}})
    }
    own = everywhere.get(institution)
    if own is None:
        return {}
    top = own.get("supervisor") or institution
    return {
        code: _house(each)
        for code, each in everywhere.items()
        if code in (top, institution) or each.get("supervisor") == top
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
