"""What a person decided of the rows that an import held back: written beside their outcomes, and put in their place once done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

Document = dict[str, Any]


def new_sheet() -> str:
    """The id of a sheet of decisions, one for each time that somebody decides: an import does the one that it names."""
    return str(ObjectId())


def write_decisions(run: str, sheet: str, no: int, told: Mapping[int, Document]) -> None:
    """Row → what was decided of it, by whom and when, on a sheet of its own in the batch of that number."""
    if told:
        values = {on_sheet(sheet, row): each for row, each in told.items()}
        get_db()["import_batches"].update_one({"_id": _id(run, no)}, {"$set": values})


def forget_decisions(run: str, sheet: str) -> None:
    """Drop a sheet whose turn never came: somebody else was first."""
    get_db()["import_batches"].update_many({"run": run}, {"$unset": {f"decisions.{sheet}": ""}})


def decisions_on(batch: Document, sheet: str) -> dict[int, Document]:
    """Row of a batch → its decision on this sheet."""
    found: Document = batch.get("decisions", {}).get(sheet, {})
    return {int(row): told for row, told in found.items()}


def on_sheet(sheet: str, row: int) -> str:
    """Where a batch holds the decision on this row."""
    return f"decisions.{sheet}.{row}"


def put_outcomes(run: str, no: int, told: Mapping[str, Any]) -> None:
    """Store other outcomes, records, revisions and problems for a batch whose decisions are done; done twice, it says the same."""
    get_db()["import_batches"].update_one({"_id": _id(run, no)}, {"$set": dict(told)})


def _id(run: str, no: int) -> str:
    return f"{run}:run:{no:06d}"
