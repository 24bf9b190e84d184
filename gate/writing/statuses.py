"""What follows from a record's input status: when it came to it and by whom, who entered the record, when it was done.

Kept in the same update as the status itself, so the counts of progress are exact whatever the ledger is still waiting
for: an import's records have no acts of their own there, and a purge of histories would change last year's figures.
A record that is sent back is no longer done: what counts as done is what is done now, by when it became so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gate.writing.changes import Batch, Origin

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


def follow_status(batch: Batch) -> None:
    """Set what follows from a status that a record begins with or comes to; who runs an import entered none of it."""
    user, imported = batch.actor.user, batch.origin is Origin.IMPORT
    for change in batch.new():
        found = moved({}, change.after.get("input_status"), user, batch.at)
        change.set({
            name: value for name, value in found.items()
            if value is not None and not (imported and name == "entered_by")
        })  # fmt: skip
    for change, before in batch.edits():
        # What is taken back brings its own.
        if "input_status" in change.kept and "status_at" not in change.kept:
            found = moved(before, change.kept["input_status"], user, batch.at)
            if imported:
                found["entered_by"] = before.get("entered_by")
            change.set({**found, **change.kept})
