"""The one update that changes a record: its values, what follows from them, its revision and its outbox entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from audit import outbox
from gate.writing.statuses import moved

Document = dict[str, Any]
DERIVED = ("keys", "masked", "intervals", "lacks", "login_key", "drawn")
"""What gate.writing.writing.derived makes: it follows the fields, and stands in no history."""


def update_of(
    document: Document, kept: Document, after: Document, *, actor: str, action: str, reason: str = ""
) -> Document:
    """The store's update that makes `document` into `after`, where `kept` are the fields that change."""
    revision = document["revision"]
    if "input_status" in kept and "status_at" not in kept:  # an import that is taken back brings its own
        status = after.get("input_status")
        kept = {**moved(document, status, actor, datetime.now(UTC)), **kept}
    kept = {**kept, **{name: after[name] for name in DERIVED if name in after}}
    names = sorted(name for name in kept if name not in (*DERIVED, "stamp"))
    told = outbox.entry(
        actor=actor,
        action=action,
        revision=revision + 1,
        fields=names,
        before={name: document.get(name) for name in names},
        reason=reason.strip()[:500],
    )
    now = told["at"]
    emptied = {name: "" for name, value in kept.items() if value in (None, [])}
    update: Document = {
        "$set": {name: value for name, value in kept.items() if name not in emptied}
        | {"changed_at": now, "changed_by": actor, "outbox_at": now},
        "$inc": {"revision": 1},
        "$push": {"outbox": told},
    }
    if emptied:
        update["$unset"] = emptied
    return update


def same(stored: Any, given: Any) -> bool:
    """Whether a value as read is the one that is stored; empty is empty, however it is written."""
    if isinstance(stored, list) and isinstance(given, list):
        return stored == given
    return (stored if stored not in ("", []) else None) == (given if given not in ("", []) else None)
