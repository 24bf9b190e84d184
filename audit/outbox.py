"""The outbox: a record's own list of what was done to it and is not yet in the ledger.

It is pushed by the same update that changes the record, so that no change can be without its entry (design.md,
"what must hold together"). The sealer moves it on.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any


def entry(
    *, actor: str, action: str, revision: int, fields: list[str], before: dict[str, Any], reason: str = ""
) -> dict[str, Any]:
    """One entry: names of fields and opaque ids, and the values before, which stay with the record's history.

    Args:
        actor: the account's opaque id, or `console`.
        action: create, edit, remove.
        revision: the record's revision after the act.
        fields: names of the fields that changed.
        before: their stored values before the act.
        reason: why, as the person said.
    """
    return {
        "at": datetime.now(UTC),
        "actor": actor,
        "action": action,
        "revision": revision,
        "fields": fields,
        "before": before,
        "reason": reason,
        # Lies with the values from the first moment, so that a sealer begun anew comes to the same seal.
        "salt": secrets.token_hex(16),
    }
