"""Records that the ledger tells of and the store does not have, though no act removed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import SystemRandom
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

from audit.chain import chain
from audit.seals.field_seals import sealed_states
from audit.verification.live_records import DECIDING, RecordFinding
from audit.verification.sealed_values import ERASING, KEPT_MANY, REMOVED_MANY
from models.registry import NOUNS

Document = dict[str, Any]
BATCH = 1_000
ONE_OF = 50
"""Of the records of other nouns one in so many is looked for, unless all are asked for."""


class MissingRecords:
    """Shown every entry of the chains, finds the records that are missing."""

    def __init__(self, *, whole: bool = False) -> None:
        """`whole`: look for every record of every noun, not for a sample."""
        self._whole = whole
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self._absent: defaultdict[str, set[str]] = defaultdict(set)

    def see(self, entry: Document) -> None:
        """Look for the records that an entry begins to tell of."""
        noun = str(entry.get("noun"))
        if "seals" not in entry or noun not in NOUNS:
            return
        if "record" in entry and entry.get("revision") != 1:
            return
        try:
            begun = sealed_states(entry)
        except (KeyError, TypeError, ValueError, IndexError):
            return  # no entry of ours; the verification of the chain tells of it
        everything = self._whole or noun in DECIDING
        dice = SystemRandom()
        self._asked[noun] |= {each.record for each in begun if everything or not dice.randrange(ONE_OF)}
        if len(self._asked[noun]) >= BATCH:
            self._look(noun)

    def _look(self, noun: str) -> None:
        asked = self._asked.pop(noun, set())
        keys = [ObjectId(each) if ObjectId.is_valid(each) else each for each in sorted(asked)]
        there = get_db()[NOUNS[noun].document._meta["collection"]].find({"_id": {"$in": keys}}, {"_id": 1})
        self._absent[noun] |= asked - {str(each["_id"]) for each in there}

    def found(self) -> Iterator[RecordFinding]:
        """Those that are missing, once every entry was seen."""
        for noun in list(self._asked):
            self._look(noun)
        for noun, absent in self._absent.items():
            # guard: missing-records
            yield from (RecordFinding(noun, each, "", "gone") for each in sorted(absent - _removed(absent)))


def _removed(absent: set[str]) -> set[str]:
    """Those whose removal the ledger tells of, waiting or sealed."""
    found: set[str] = set()
    ids = sorted(absent)
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        acts: Document = {"action": {"$in": list(ERASING)}}
        found |= {str(each["record"]) for each in get_db()["ledger"].find({**acts, "record": {"$in": some}})}
        sealed = chain().find({**acts, "subjects": {"$in": some}}, {"subjects": 1})
        found |= {str(subject) for each in sealed for subject in each["subjects"]}
        found |= _removed_among_many(some)
    return found


def _removed_among_many(ids: list[str]) -> set[str]:
    """Those that an undone import removed; what it told of and kept after all is not removed."""
    asked: Document = {"action": {"$in": [REMOVED_MANY, KEPT_MANY]}, "subjects": {"$in": ids}}
    told = [
        each
        for entries in (get_db()["ledger"], chain())
        for each in entries.find(asked, {"action": 1, "at": 1, "subjects": 1})
    ]
    last = {
        record: each["action"]
        for each in sorted(told, key=lambda one: one["at"])
        for record in each["subjects"]
    }
    return {record for record in ids if last.get(record) == REMOVED_MANY}
