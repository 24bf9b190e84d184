"""What the registers lack: an institution without a responsible person, a handler without a training for too long."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from gate.store.clock import today
from gate.store.collections import records_of
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach

Document = dict[str, Any]
MONTHS = 12
AT_MOST = 5_000


@dataclass(frozen=True)
class Lacking:
    """What one institution's registers lack on a day; `untrained` are ids of handlers."""

    institution: str
    responsible: bool
    """That nobody is responsible."""
    untrained: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.responsible or bool(self.untrained)


def lacking(actor: Actor, day: str = "") -> list[Lacking]:
    """Of each institution whose registers this actor reads, what they lack; those that lack nothing are left out.

    `day`: `YYYY-MM-DD`; empty for today.
    """
    institutions = reach(actor, "handler", "read") & reach(actor, "training", "read")
    found = (of_house(each, day or str(today())) for each in sorted(institutions))
    return [each for each in found if each]


def of_house(institution: str, day: str) -> Lacking:
    """What one institution's registers lack on a day; for the gate's own rooms, which have asked whether they may."""
    standing = standing_on(institution, day)
    months = (
        records_of(NOUNS["institution"]).find_one({"_id": institution}, {"training_months": 1}) or {}
    ).get("training_months", MONTHS)
    trained = _trained(institution, _months_before(day, months), day)
    return Lacking(
        institution,
        not any(each.get("standing") == "responsible" for each in standing),
        tuple(str(each["_id"]) for each in standing if each["_id"] not in trained),
    )


def standing_on(institution: str, day: str) -> list[Document]:
    """The responsible persons and handlers of an institution on a day."""
    asked = {"institution": institution, "begins_on": {"$lte": day}, "$or": [{"ends_on": None}, {"ends_on": {"$gte": day}}]}  # fmt: skip
    shown = {"name": 1, "standing": 1, "begins_on": 1, "ends_on": 1}
    return list(records_of(NOUNS["handler"]).find(asked, shown).sort("_id", 1).limit(AT_MOST))


def _trained(institution: str, since: str, until: str) -> set[Any]:
    asked = {"institution": institution, "held_on": {"$gte": since, "$lte": until}}
    held: Iterable[Document] = records_of(NOUNS["training"]).find(asked, {"attended": 1})
    return {key for each in held for key in each.get("attended") or []}


def _months_before(day: str, months: int) -> str:
    """The same day of the month that many months earlier, or the month's last."""
    now = date.fromisoformat(day)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    year = max(year, 1)
    return date(year, month + 1, min(now.day, monthrange(year, month + 1)[1])).isoformat()
