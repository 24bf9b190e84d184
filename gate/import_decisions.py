"""What a person decided of the rows that an import held back: written beside their fates, and put in their place once done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mongoengine.connection import get_db

Document = dict[str, Any]


def write_decisions(run: str, no: int, told: Mapping[int, Document]) -> None:
    """Row → what was decided of it, by whom and when, in the batch of that number; a later one takes the place of an earlier."""
    if told:
        values = {f"decisions.{row}": each for row, each in told.items()}
        get_db()["import_batches"].update_one({"_id": _id(run, no)}, {"$set": values})


def put_fates(run: str, no: int, told: Mapping[str, Any]) -> None:
    """Other fates, records, revisions and problems for a batch whose decisions are done; done twice, it says the same."""
    get_db()["import_batches"].update_one({"_id": _id(run, no)}, {"$set": dict(told)})


def _id(run: str, no: int) -> str:
    return f"{run}:run:{no:06d}"
