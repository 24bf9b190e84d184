"""Who did it: the name of an account of the same government, for those who may see that it was done.

"Entered by" is a fact of the record and of its data class; it opens nothing else of the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bson import ObjectId

from gate.shown import Row
from gate.store import records_of
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


def named(actor: Actor, rows: list[Row]) -> list[Row]:
    """The rows with names in the place of account ids; one query for all of them."""
    ids = {
        shown.value
        for each in rows
        for shown in each
        if shown.field.kind == "account" and shown.state == "shown" and shown.value
    }
    if not ids:
        return rows
    names = names_of(actor, ids)
    return [
        replace(
            each,
            values={
                name: replace(shown, value=names[str(shown.value)])
                if shown.field.kind == "account" and shown.state == "shown" and shown.value
                else shown
                for name, shown in each.values.items()
            },
        )
        for each in rows
    ]
