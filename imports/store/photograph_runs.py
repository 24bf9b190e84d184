"""How far a zip of photographs is: counted a few at a time, each once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bson import ObjectId
from mongoengine.connection import get_db

from models.data_classes import Words

PROBLEMS_AT_MOST = 5_000
NAME_AT_MOST = 200
"""Characters of a name in a zip, which may have 65,535 bytes: an import is one document, and none may be over 16 MB."""


class Result(Protocol):
    """What became of one photograph."""

    @property
    def name(self) -> str:
        """Of the file."""

    @property
    def came(self) -> bool:
        """Whether it came now; one that was there before did not."""

    @property
    def reason(self) -> Words | None:
        """Why it did not."""

    @property
    def hint(self) -> Words | None:
        """What to look at, where it came."""


def count(run: str, at: int, results: Sequence[Result]) -> None:
    """Count these, the first of which is the one at `at`; nothing where they are counted already."""
    wrong: list[list[Any]] = [[each.name[:NAME_AT_MOST], *each.reason] for each in results if each.reason]
    hints: list[list[Any]] = [[each.name[:NAME_AT_MOST], *each.hint] for each in results if each.hint]
    told: dict[str, Any] = {
        "$set": {"done": at + len(results)},
        "$inc": {"came": sum(each.came for each in results), "wrong": len(wrong)},
    }
    those = {"problems": wrong, "hints": hints}
    if wrong or hints:
        told["$push"] = {
            name: {"$each": each, "$slice": PROBLEMS_AT_MOST} for name, each in those.items() if each
        }
    get_db()["imports"].update_one({"_id": ObjectId(run), "done": at}, told)
