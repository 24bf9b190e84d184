"""The demo's past: when its records came to their status, and what its museums had planned for the fiscal year."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.console import console
from gate.store.clock import fiscal_year, today
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import create, patch
from models.plan import MONTHS
from models.registry import NOUNS

Document = dict[str, Any]
WEEKS = 40
"""How far back the demo's work goes."""


def aged(document: Document, dice: Random, person: str) -> None:
    """Let an invented item have come to its status on some working day of the last WEEKS weeks, entered by somebody."""
    now: datetime = document["status_at"]
    day = now - timedelta(weeks=dice.random() * WEEKS)
    day -= timedelta(days=max(0, day.weekday() - 4))
    document["status_at"] = day
    if "completed_at" in document:
        document["completed_at"] = day
    if "entered_by" in document and person:
        document["entered_by"] = person


def staff_of(institution: str) -> str:
    """The id of the demo's account that enters records there; "" before there are accounts."""
    found = records_of(NOUNS["user"]).find_one({"login_key": f"staff.{institution}"}, {"_id": 1})
    return str(found["_id"]) if found else ""


def plans(institution: str, items: int) -> None:
    """A plan for this fiscal year and each group of ranks, that fits so many items: it grows with the demo, unless a
    person has changed it."""
    plan, year, actor = NOUNS["plan"], fiscal_year(today()), console(institution)
    for group, share in (("AB", 0.25), ("CD", 0.35)):
        target = max(1, round(items * share / len(MONTHS)))
        values: Document = {f"records_{month:02d}": target for month in MONTHS}
        values |= {f"pieces_{month:02d}": 2 * target for month in MONTHS}
        there = records_of(plan).find_one({"institution": institution, "plan_number": f"{year}-{group}"})
        if there is None:
            values |= {"fiscal_year": year, "rank_group": group}
            create(actor, plan, institution, values, origin=Origin.CONSOLE)
        elif there["changed_by"] == actor.user:
            patch(actor, plan, str(there["_id"]), there["revision"], values, origin=Origin.CONSOLE)
