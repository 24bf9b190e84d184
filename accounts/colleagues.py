"""The accounts that may do something with an institution's records, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.accounts import circle, standing
from gate.store.collections import records_of
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may


def who_may(noun: str, action: str, institution: str) -> Iterator[Actor]:
    """Each account of the government that is granted this action there, one after another.

    Args:
        noun: the kind of record.
        action: as roles grant it.
        institution: whose records.
    """
    asked = {"institution": {"$in": list(circle(institution))}, "disabled": {"$ne": True}}
    for each in records_of(NOUNS["user"]).find(asked, {"_id": 1}).sort("_id", 1):
        found = standing(str(each["_id"]))
        if found and found.actor.scope_of(institution) and may(found.actor, noun, action, institution):
            yield found.actor
