"""Which approved piece of work lets a contractor's account act at this moment from this address (S14).

Asked anew for every request in every process: when the window ends or the approval is withdrawn, so does the access.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from gate.store.collections import records_of
from models.registry import NOUNS
from policies.work import Window


def current_work_request(user: str, institutions: Iterable[str], address: str) -> str:
    """The id of an approved request of these institutions whose window is open to the account; "" when there is none.

    Args:
        user: the contractor's account.
        institutions: the institutions of its government.
        address: where the request comes from.
    """
    asked = {"contractor": user, "work_status": "approved", "institution": {"$in": sorted(institutions)}}
    now = datetime.now(UTC)
    for each in records_of(NOUNS["work_request"]).find(asked).sort("_id", -1):
        if Window(each["begins_at"], each["ends_at"], each["network"]).is_open(now, address):
            return str(each["_id"])
    return ""
