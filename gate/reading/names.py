"""Who did it: the name of an account, for its colleagues; for others its role and institution (decision 0015).

"Entered by" is a fact of the record and of its data class; it opens nothing else of the account. Names of staff are
identity of staff: they are told to the people of the same institution and of the one that supervises it. A contractor,
and another institution, are told which role of which institution it was, and no more: not even whether two records were
entered by one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bson import ObjectId

from gate.fields.kinds import kind_of
from gate.reading.shown import Judged, Judgement, Reference
from gate.store.collections import records_of
from models.data_classes import Words
from models.declaration import Field
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
CONSOLE = "console"
CONSOLE_NAME: Words = ("管理コマンド", "Console")
UNKNOWN = "―"
CONTRACTOR = "contractor"
_GROUP = "as:"
"""Begins the key of all people of one role and institution; no account id has a colon."""
_REMOVED = f"{_GROUP}-"
"""The key of all whose accounts are gone."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account as one actor may name it. Those who may not be told apart have the same key."""

    key: str
    name: str


def names_of(actor: Actor, ids: Iterable[Any]) -> dict[str, str]:
    """Account id → name, or role and institution; a removed account, or another government's, has none."""
    return {id_: person.name for id_, person in people_of(actor, ids).items()}


def people_of(actor: Actor, ids: Iterable[Any]) -> dict[str, Person]:
    """Account id → who that is for this actor."""
    asked = {str(each) for each in ids}
    keys = [ObjectId(each) for each in asked if ObjectId.is_valid(each)]
    accounts = {str(each["_id"]): each for each in _accounts(actor, {"_id": {"$in": keys}})} if keys else {}
    roles = _roles([each for each in accounts.values() if not _always_named(actor, each)])
    institutions = _houses(actor) if roles else {}
    found = {each: Person(_REMOVED, UNKNOWN) for each in asked}
    for id_, each in accounts.items():
        role = roles.get(each.get("role"), {})
        if _always_named(actor, each) or _invited(actor, role):
            found[id_] = Person(id_, str(each.get("display_name") or UNKNOWN))
        else:
            found[id_] = _as_role(actor, role, institutions.get(each["institution"], {}), each)
    return found | ({CONSOLE: Person(CONSOLE, _in(actor, CONSOLE_NAME))} if CONSOLE in asked else {})


def behind(actor: Actor, key: str) -> Document | None:
    """The store's condition for the account ids behind a person's key; None where this actor may see no such person."""
    ids = [str(each["_id"]) for each in _accounts(actor, {})]
    if key == _REMOVED:
        return {"$nin": [*ids, CONSOLE, None, ""]}
    found = [id_ for id_, person in people_of(actor, [*ids, CONSOLE]).items() if person.key == key]
    return {"$in": found} if found else None


def may_ask_for(actor: Actor, account: str) -> bool:
    """Whether this actor may ask what one account did: those whose name it is told, and no other."""
    return people_of(actor, [account])[account].key == account


def colleagues(actor: Actor, field: Field) -> dict[str, str]:
    """The accounts that a colleague field may name: id → display name, in the order of the names.

    Those that may sign in, of the field's kind of role; where it names none, of any but a contractor's, and only
    those whose names this actor is told. To be offered a colleague's name opens nothing else of the account.
    """
    kind = field.declared.of_kind
    where = {"institution": {"$in": _government(actor)}, "role_kind": kind or {"$ne": CONTRACTOR}}
    roles = {each["_id"]: each for each in records_of(NOUNS["role"]).find(where, {"role_kind": 1})}
    accounts = _accounts(actor, {"role": {"$in": list(roles)}, "disabled": {"$ne": True}})
    names = {
        str(each["_id"]): str(each.get("display_name") or each["login_id"])
        for each in accounts
        if _always_named(actor, each) or _invited(actor, roles[each["role"]])
    }
    return dict(sorted(names.items(), key=lambda each: each[1]))


def _government(actor: Actor) -> list[str]:
    return [actor.institution, *sorted(actor.supervised)]


def _accounts(actor: Actor, where: Document) -> list[Document]:
    projection = {"display_name": 1, "login_id": 1, "institution": 1, "role": 1}
    asked = {"institution": {"$in": _government(actor)}, **where}
    return list(records_of(NOUNS["user"]).find(asked, projection))


def _always_named(actor: Actor, account: Document) -> bool:
    """Tell whether this actor sees the name, whatever the account's role."""
    if str(account["_id"]) == actor.user:
        return True
    near = account["institution"] == actor.institution or account["institution"] in actor.oversees
    return near and actor.role.role_kind != CONTRACTOR


def _invited(actor: Actor, role: Document) -> bool:
    """A contractor is named to the people of the government that lets it in: they say in the request who comes."""
    return role.get("role_kind") == CONTRACTOR and actor.role.role_kind != CONTRACTOR


def _roles(accounts: list[Document]) -> dict[Any, Document]:
    keys = list({each.get("role") for each in accounts})
    wanted = {"name": 1, "name_en": 1, "role_kind": 1}
    return (
        {each["_id"]: each for each in records_of(NOUNS["role"]).find({"_id": {"$in": keys}}, wanted)}
        if keys
        else {}
    )


def _houses(actor: Actor) -> dict[str, Document]:
    where = {"_id": {"$in": _government(actor)}}
    return {
        each["_id"]: each for each in records_of(NOUNS["institution"]).find(where, {"name": 1, "name_en": 1})
    }


def _as_role(actor: Actor, role: Document, institution: Document, account: Document) -> Person:
    """All people of a role in an institution, as one."""
    said, at = (
        _in(actor, (each.get("name") or "", each.get("name_en") or each.get("name") or ""))
        for each in (role, institution)
    )
    name = f"{said}（{at}）" if actor.language == "ja" else f"{said} ({at})"
    return Person(f"{_GROUP}{account['institution']}:{account.get('role')}", name)


def _in(actor: Actor, words: Words) -> str:
    return words[0] if actor.language == "ja" else words[1]


def name_accounts(actor: Actor, records: Iterable[Judged]) -> None:
    """Put names in the place of account ids, and colleagues among the references; one query for all.

    A colleague keeps the id, which a form sends back, and is named beside it.
    """
    many = list(records)
    accounts, colleagues = (list(_of_accounts(many, chosen=chosen)) for chosen in (False, True))
    ids = {value for _, _, (_, value, _) in (*accounts, *colleagues)}
    if not ids:
        return
    names_by_id = names_of(actor, ids)
    for record, name, (field, value, verdict) in accounts:
        record.values[name] = (field, names_by_id[str(value)], verdict)
    for record, _, (_, value, _) in colleagues:
        record.references[f"user:{value}"] = Reference.colleague(str(value), names_by_id[str(value)])


def _of_accounts(records: Iterable[Judged], *, chosen: bool) -> Iterator[tuple[Judged, str, Judgement]]:
    """Each value of these records that is an account's id and shown as such."""
    for record in records:
        for name in _fields(record.noun.name, chosen=chosen):
            if (judged := record.values.get(name)) and judged[2].shown and judged[1] not in (None, ""):
                yield record, name, judged


@cache
def _fields(noun: str, *, chosen: bool) -> list[str]:
    """The fields that name an account by itself, or those that refer to a colleague."""
    named = ((each.name, kind_of(each)) for each in NOUNS[noun])
    if chosen:
        return [name for name, kind in named if kind.chosen_account]
    return [name for name, kind in named if kind.names_account and not kind.chosen_account]
