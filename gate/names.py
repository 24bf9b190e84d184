"""Who did it: the name of an account of the same government, for those who may see that it was done.

"Entered by" is a fact of the record and of its data class; it opens nothing else of the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from bson import ObjectId

from gate.shown import Reference, Row, Shown
from gate.store import records_of
from models.declaration import Field
from models.registry import NOUNS
from policies.actor import Actor

CONSOLE = "console"
CONSOLE_NAME = "管理コマンド"
UNKNOWN = "―"


def names_of(actor: Actor, ids: Iterable[Any]) -> dict[str, str]:
    """Account id → display name; a removed account, or another government's, has none."""
    asked = {str(each) for each in ids}
    keys = [ObjectId(each) for each in asked if ObjectId.is_valid(each)]
    houses = [actor.institution, *sorted(actor.supervised)]
    found = (
        records_of(NOUNS["user"]).find(
            {"_id": {"$in": keys}, "institution": {"$in": houses}}, {"display_name": 1}
        )
        if keys
        else ()
    )
    names = {str(each["_id"]): str(each.get("display_name") or UNKNOWN) for each in found}
    return {each: CONSOLE_NAME if each == CONSOLE else names.get(each, UNKNOWN) for each in asked}


def colleagues(actor: Actor, field: Field) -> dict[str, str]:
    """The accounts that a colleague field may name: id → display name, in the order of the names.

    Those of the actor's government that may sign in, of the field's kind of role; where it names none, of any but a
    contractor's. To be offered a colleague's name opens nothing else of the account.
    """
    houses = [actor.institution, *sorted(actor.supervised)]
    kind = field.declared.of_kind
    asked = {"institution": {"$in": houses}, "role_kind": kind or {"$ne": "contractor"}}
    roles = [each["_id"] for each in records_of(NOUNS["role"]).find(asked, {"_id": 1})]
    wanted = {"institution": {"$in": houses}, "role": {"$in": roles}, "disabled": {"$ne": True}}
    found = records_of(NOUNS["user"]).find(wanted, {"display_name": 1, "login_id": 1}).limit(1_000)
    names = {str(each["_id"]): str(each.get("display_name") or each["login_id"]) for each in found}
    return dict(sorted(names.items(), key=lambda each: each[1]))


def named(actor: Actor, rows: list[Row]) -> list[Row]:
    """The rows with names in the place of account ids, and colleagues among their references; one query for all."""
    if not rows:
        return rows
    accounts, those = (
        [name for name in each if name in rows[0].values] for each in _fields(rows[0].noun.name)
    )
    ids = {
        shown.value
        for row in rows
        for name in (*accounts, *those)
        if (shown := row.values.get(name)) and _is_account(shown)
    }
    if not ids:
        return rows
    names = names_of(actor, ids)
    return [
        replace(
            row,
            values={**row.values, **_told(row, accounts, names)},
            references=row.references | _colleagues(row, those, names) if those else row.references,
        )
        for row in rows
    ]


@cache
def _fields(noun: str) -> tuple[list[str], list[str]]:
    """The fields that name an account by itself, and those that refer to a colleague."""
    kinds = ("account", "colleague")
    accounts, those = ([each.name for each in NOUNS[noun] if each.kind == kind] for kind in kinds)
    return accounts, those


def _is_account(shown: Shown) -> bool:
    return shown.verdict.shown and shown.value not in (None, "")


def _told(row: Row, accounts: list[str], names: dict[str, str]) -> dict[str, Shown]:
    shown = ((name, row.values[name]) for name in accounts if name in row.values)
    return {name: each._replace(value=names[str(each.value)]) for name, each in shown if _is_account(each)}


def _colleagues(row: Row, fields: list[str], names: dict[str, str]) -> dict[str, Reference]:
    """A colleague keeps the id, which a form sends back, and is named beside it."""
    return {
        f"user:{each.value}": Reference("user", str(each.value), names[str(each.value)], open=False)
        for name in fields
        if (each := row.values.get(name)) and _is_account(each)
    }
