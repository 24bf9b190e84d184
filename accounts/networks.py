"""From where an account may be used: its institution's networks and its role's, read anew each time (S7)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from gate.store.collections import records_of
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.lockout import Limits
from policies.networks import within, within_all

Document = dict[str, Any]
SHUT_OUT: Words = (
    "この一覧では、いまのあなたの接続元({})から入れなくなります。自分の接続元を含めて保存してください。",
    "This list would lock you out: your address is {}. Include it, and save again.",
)


@dataclass(frozen=True)
class Sought:
    """What is known of a name before its password is looked at. All of it is read for unknown names as well."""

    document: Document | None
    """The account; None where there is none."""
    limits: Limits
    inside: bool
    """Whether the address is allowed for it. A name that is nobody's is allowed what its stand-in institution is."""


def _lists() -> dict[str, Document]:
    wanted = {"networks": 1, "attempts": 1, "cool_off": 1}
    found = records_of(NOUNS["institution"]).find({"institution": {"$ne": None}}, wanted)
    return {each["_id"]: each for each in found}


def open_to(address: str) -> bool:
    """Whether anybody at all may come from an address; where every institution has its list, it may be in none."""
    found = _lists()
    return not found or any(within(address, each.get("networks") or ()) for each in found.values())


def sought(name: str, address: str, pepper: bytes) -> Sought:
    """The account of a folded name, with what its institution and role say of attempts and networks.

    A name that is nobody's follows one of the institutions, always the same: were there limits or lists for unknown
    names alone, they would tell that the name is unknown.
    """
    lists = _lists()
    user = records_of(NOUNS["user"]).find_one({"login_key": name, "institution": {"$ne": None}})
    role = records_of(NOUNS["role"]).find_one({"_id": (user or {}).get("role")}, {"networks": 1}) or {}
    institution = lists.get(user["institution"] if user else _stand_in(name, sorted(lists), pepper), {})
    inside = within_all(address, (institution.get("networks") or (), role.get("networks") or ()))
    return Sought(user, Limits.of(institution.get("attempts"), institution.get("cool_off")), inside)


def _stand_in(name: str, institutions: list[str], pepper: bytes) -> str:
    """The institution that a name draws; one more institution changes the draw of its own share of names only."""

    def drawn(code: str) -> bytes:
        return hmac.new(pepper, f"stand-in:{code}:{name}".encode(errors="surrogatepass"), sha256).digest()

    return max(institutions, key=drawn, default="")


def shuts_out(
    actor: Actor, noun: Noun, document: Mapping[str, Any], kept: Mapping[str, Any]
) -> dict[str, Words]:
    """What is wrong with a new list, as far as it would keep out who saves it: of their own institution or role."""
    if "networks" not in kept or not actor.address:
        return {}
    own = actor.institution if noun.is_institution else (actor.behind or actor.role).id
    if str(document["_id"]) != own or within(actor.address, kept.get("networks") or ()):
        return {}
    return {"networks": (SHUT_OUT[0].format(actor.address), SHUT_OUT[1].format(actor.address))}
