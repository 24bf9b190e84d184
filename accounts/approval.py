"""An account that reaches personal data acts only after a second person has approved it in its role and institution.

So no administrator reaches personal data alone: neither by an account of their own making, nor by the reset link of
somebody else's (design.md, "The policy model"). Accounts whose role may approve are approved likewise, or one person
would be the first and the second.

What was approved stands on the account: its role and its institution. Whatever changes one of them needs another
approval, by whichever way it was changed, because the comparison is made when the account acts. Until the first record
is entered nothing is there to protect: an account that is used then counts as approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from accounts.console import console
from gate.store.collections import records_of
from gate.writing.writing import write
from models.data_classes import PERSONAL
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import SCOPES, Actor, Role
from policies.effects import Effect

Document = dict[str, Any]
USER = NOUNS["user"]
APPROVERS = frozenset({"administrator", "manager"})
"""The kinds of role that may approve an account."""
PROTECTED: tuple[Noun, ...] = tuple(
    noun
    for noun in NOUNS.values()
    if any(field.data_class in PERSONAL for field in noun)
    and noun.name not in ("user", "institution", "role")
)
"""The nouns whose first record ends the set-up."""


def needs_approval(role: Role) -> bool:
    """Whether accounts of this role must be approved: it reaches personal data, or may approve others."""
    # guard: approval-needed
    if ("needs_approval",) not in role.judged:
        role.judged["needs_approval",] = role.kind in APPROVERS or _reaches_personal(role)
    return bool(role.judged["needs_approval",])


def _reaches_personal(role: Role) -> bool:
    return any(
        effect > Effect.HIDE and _is_personal(NOUNS[noun], subject)
        for noun, scopes in role.effects.items()
        if noun in NOUNS
        for scope in SCOPES
        for subject, effect in scopes.get(scope, {}).items()
    )


def _is_personal(noun: Noun, subject: str) -> bool:
    name = subject.removeprefix("field:")
    if name == subject:
        return subject in PERSONAL
    return name in noun.fields and noun.fields[name].data_class in PERSONAL


def approved(role: object, institution: str, by: str) -> Document:
    """What stands on an account that was approved in this role and institution."""
    return {"role": role, "institution": institution, "by": by, "at": datetime.now(UTC)}


def is_approved(user: Mapping[str, Any], role: Role) -> bool:
    """Whether a stored account may act in its role, as far as approval goes."""
    return not needs_approval(role) or stands(user) or _set_up(user)


def stands(user: Mapping[str, Any]) -> bool:
    """Whether an approval of the account in its present role and institution is in effect."""
    found = user.get("approval") or {}
    # guard: approval-role
    # guard: approval-institution
    if found.get("role") != user.get("role") or found.get("institution") != user.get("institution"):
        return False
    # guard: approval-wait
    return bool(found.get("from_", found["at"]) <= datetime.now(UTC))


def _set_up(user: Mapping[str, Any]) -> bool:
    """Approve an account that is used before there is any record; whether that was so."""
    if has_records(user["institution"]):
        return False
    store_approval(user, console(user["institution"]))
    return True


def has_records(institution: str) -> bool:
    """Whether any record that needs protection has been entered in the government of this institution."""
    institutions = records_of(NOUNS["institution"])
    own = institutions.find_one({"_id": institution}, {"supervisor": 1}) or {}
    top = own.get("supervisor") or institution
    under = institutions.find({"$or": [{"_id": top}, {"supervisor": top}]}, {"_id": 1})
    codes = [each["_id"] for each in under]
    return any(records_of(noun).find_one({"institution": {"$in": codes}}, {"_id": 1}) for noun in PROTECTED)


def store_approval(user: Mapping[str, Any], actor: Actor, **more: datetime) -> None:
    """Write on an account that this actor approved it as it is; `from_`: when that takes effect, if later."""
    value = approved(user.get("role"), user["institution"], actor.user) | more
    write(USER, dict(user), {"approval": value}, actor=actor, action="approve_account")
