"""The state of an institution's terms: a stamp on the institution, which every request reads with it.

Terms and stamp are two documents (law 4). So a change announces itself on the institution first, and gives it a new stamp
after. While a change is announced nobody remembers the terms that they read; what a killed process announced is over after
LEASE, and counts as part of the stamp from then on. So no request sees, of a change that was stored before it began, the
terms of before.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import time
from typing import Any

from gate.store.collections import records_of
from models.registry import NOUNS

LEASE = 60.0
"""Seconds: longer than any one write may take."""
FIELD = "vocabularies"


def key_of_state(institution: str, state: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What terms may be remembered under; None while a change is under way, when they must be read.

    Args:
        institution: whose terms.
        state: as the institution's document holds it.
    """
    announced: Mapping[str, float] = state.get("announced") or {}
    if not announced:
        return institution, str(state.get("stamp") or "")
    if any(at > time() - LEASE for at in announced.values()):
        return None
    return institution, str(state.get("stamp") or ""), *sorted(announced)


@contextmanager
def expire_terms_around(institutions: Iterable[str]) -> Iterator[None]:
    """Around a write of terms of these institutions."""
    own, asked = secrets.token_hex(8), {"_id": {"$in": sorted(institutions)}}
    of_institutions = records_of(NOUNS["institution"])
    over = time() - LEASE
    # What was announced before and is over need not be kept: the new stamp says that it was stored.
    gone = {
        f"{FIELD}.announced.{each}": ""
        for found in of_institutions.find(asked, {FIELD: 1})
        for each, at in ((found.get(FIELD) or {}).get("announced") or {}).items()
        if at < over
    }
    of_institutions.update_many(asked, {"$set": {f"{FIELD}.announced.{own}": time()}})
    try:
        yield
    finally:
        of_institutions.update_many(
            asked,
            {
                "$set": {f"{FIELD}.stamp": secrets.token_hex(8)},
                "$unset": {f"{FIELD}.announced.{own}": "", **gone},
            },
        )
