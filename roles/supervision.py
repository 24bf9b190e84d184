"""Which institution supervises which: one supervisor for a government, and no institution that nobody reaches.

A government is one institution without a supervisor, and those that it supervises; who reaches whom and whose roles hold
follow from that one field. So it can be set in one way alone, and where an older fault left an institution supervised by
itself, in a circle, or by nobody, an administrator of its government sets it right on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from gate.reading.names import CONSOLE
from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

Document = dict[str, Any]
INSTITUTION, ROLE, USER = NOUNS["institution"], NOUNS["role"], NOUNS["user"]


@dataclass(frozen=True)
class Detached:
    """An institution of this government whose supervisor is not the one that it must have."""

    code: str
    name: Words
    now: str
    """The supervisor that is stored; "" for none."""
    wanted: str
    """The one that it is given by roles.reattaching; "" for the government's own supervisor, which has none."""


def detached(actor: Actor) -> list[Detached]:
    """The institutions of this government that are wrongly supervised, for those who may put it right."""
    top = top_for(actor)
    if not may(actor, INSTITUTION.name, "edit", top):
        return []
    known = _known()
    faults = []
    for code, each in known.items():
        now, wanted = each.get("supervisor") or "", "" if code == top else top
        if now != wanted and _is_ours(code, top, known):
            faults.append(Detached(code, _named(each), now, wanted))
    return sorted(faults, key=lambda each: each.code)


def top_for(actor: Actor) -> str:
    """The supervisor of this actor's government, found also where a fault has made a circle of it."""
    known = _known()
    way, code = [], actor.institution
    while code not in way:
        way.append(code)
        code = str(known.get(code, {}).get("supervisor") or code)
    loop = way[way.index(code) :]
    if len(loop) == 1:
        return code
    # In a circle nobody is on top; the roles of a government stand at its supervisor.
    try:
        role = (
            records_of(ROLE).find_one(
                {"_id": key_of(ROLE, (actor.behind or actor.role).id)}, {"institution": 1}
            )
            or {}
        )
    except NotFound:
        role = {}
    return str(role["institution"]) if role.get("institution") in loop else min(loop)


def starts_wrongly(actor: Actor, document: Document) -> dict[str, Words]:
    """What is wrong with the supervisor of an institution as it is made or will be."""
    top, code = top_for(actor), str(document.get("code") or "")
    asked = str(document.get("supervisor") or "")
    return {} if asked == ("" if code == top else top) else {"supervisor": _why(code, asked, top, _known())}


def _why(code: str, asked: str, top: str, known: dict[str, Document]) -> Words:
    ja, en = _named(known.get(top, {"name": top}))
    if asked == code:
        return ("館が自分自身を監督することはできません。", "An institution cannot supervise itself.")
    if code == top:
        return (
            "この館はほかの館を監督する立場にあります。別の館の下には置けません。",
            "This institution supervises the others and cannot be placed under one of them.",
        )
    if not asked:
        return (
            f"監督する課を選んでください(「{ja}」)。選ばないと、だれも閲覧できない館になります。",
            f"Choose the supervisor (“{en}”); without one, nobody can see this institution.",
        )
    return (
        f"監督できるのは「{ja}」だけです。「{ja}」を選んでください。",
        f"Only “{en}” supervises here; choose “{en}”.",
    )


def _known() -> dict[str, Document]:
    wanted = {"name": 1, "name_en": 1, "supervisor": 1, "created_by": 1}
    return {
        each["_id"]: each for each in records_of(INSTITUTION).find({"institution": {"$ne": None}}, wanted)
    }


def _named(document: Document) -> Words:
    name = str(document.get("name") or "")
    return name, str(document.get("name_en") or name)


def _is_ours(code: str, top: str, known: dict[str, Document]) -> bool:
    """Whether an institution is of this government, as its supervisor says, or else its people's roles or its maker.

    One that has an administrator with a role of its own is a government by itself, regardless of its maker.
    """
    members = {each for each in known if top in _way_up(each, known)}
    if code in members:
        return True
    theirs = list(records_of(USER).find({"institution": code}, {"role": 1}))
    roles = list(
        records_of(ROLE).find(
            {"_id": {"$in": [each.get("role") for each in theirs]}}, {"institution": 1, "role_kind": 1}
        )
    )
    if any(each.get("institution") == code and each.get("role_kind") == "administrator" for each in roles):
        return False
    maker = known[code].get("created_by")
    made_here = maker != CONSOLE and ObjectId.is_valid(maker) and records_of(USER).find_one(
        {"_id": ObjectId(maker), "institution": {"$in": sorted(members)}}, {"_id": 1}
    )  # fmt: skip
    return bool(made_here) or any(each.get("institution") in members for each in roles)


def _way_up(code: str, known: dict[str, Document]) -> set[str]:
    """The institution, its supervisor, and so on up to the end or the beginning of a circle."""
    way: set[str] = set()
    while code in known and code not in way:
        way.add(code)
        code = str(known[code].get("supervisor") or "")
    return way
