"""Which rows of an import's sample a witness has opened, and what of each was withheld from them then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

Document = dict[str, Any]


def opened_by(run: Mapping[str, Any], user: str) -> dict[int, list[str]]:
    """Row → names (`noun.field`) of what this person could not compare in it, of the rows that they have opened."""
    return {int(row): list(names) for row, names in run.get("opened", {}).get(user, {}).items()}


def note_opened(run: Mapping[str, Any], user: str, rows: Mapping[int, list[str]]) -> None:
    """Write down that a person has these rows before them. What was shown to them once counts as seen."""
    before = opened_by(run, user)
    told = {
        f"opened.{user}.{row}": [each for each in names if each in before.get(row, names)]
        for row, names in rows.items()
    }
    if told:
        get_db()["imports"].update_one({"_id": ObjectId(run["_id"]), "state": run["state"]}, {"$set": told})
