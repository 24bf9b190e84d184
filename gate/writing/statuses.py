"""What follows from a record's input status: when it came to it and by whom, who entered the record, when it was done.

Kept in the same update as the status itself, so the counts of progress are exact whatever the ledger is still waiting
for: an import's records have no acts of their own there, and a purge of histories would change last year's figures.
A record that is sent back is no longer done: what counts as done is what is done now, by when it became so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

HANDED_IN = "awaiting_check"
DONE = "done"


def moved(before: Mapping[str, Any], status: Any, actor: str, now: datetime) -> dict[str, Any]:
    """The fields that follow when a record comes to this status.

    Whoever hands a record in for its check has entered it; who passes it is only the checker. What becomes done
    without a check was entered by whoever said so.
    """
    found: dict[str, Any] = {"status_at": now, "status_by": actor, "completed_at": None}
    if status == HANDED_IN or (status == DONE and before.get("input_status") != HANDED_IN):
        found["entered_by"] = actor
    if status == DONE:
        found |= {"completed_at": now, "check_comment": None}
    return found


def first_status(noun: str, document: Mapping[str, Any], actor: str, now: datetime) -> dict[str, Any]:
    """What follows for a new record of this noun from the status that it begins with."""
    if noun != "item":
        return {}
    found = moved({}, document.get("input_status"), actor, now)
    return {name: value for name, value in found.items() if value is not None}
