"""Records of a version that sealed no fields, sealed as they are found (docs/decisions/0040-field-seals.md).

The entry says that their state until then is not vouched for. It is written before the salts are, so that a killed run leaves
no record with a salt and without its entry. Done once: a record that lacks its salt later was tampered with.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bson import ObjectId
from pymongo import UpdateOne

from audit.seals.field_seals import OLDER, SALT, new_salt, seal_many
from gate.reading.names import CONSOLE
from gate.store.collections import records_of
from models.declaration import Noun
from models.registry import NOUNS
from operations.upgrade.step import Progress, Step

Document = dict[str, Any]
BATCH = 500
UNSEALED: Document = {SALT: {"$exists": False}, "tombstone": {"$exists": False}}
DERIVED = dict.fromkeys(("keys", "masked", "intervals", "sort_keys", "beginnings"), 0)


def _pending() -> int:
    return sum(records_of(noun).count_documents(UNSEALED) for noun in NOUNS.values())


def _run(progress: Progress) -> None:
    for noun in NOUNS.values():
        while documents := list(records_of(noun).find(UNSEALED, DERIVED).sort("_id", 1).limit(BATCH)):
            _seal(noun, documents)
            progress.keep({"noun": noun.name}, len(documents))


def _seal(noun: Noun, documents: list[Document]) -> None:
    by_institution: defaultdict[str, list[Document]] = defaultdict(list)
    for each in documents:
        each[SALT] = new_salt()
        by_institution[str(each.get("institution") or "")].append(each)
    for institution, those in by_institution.items():
        name = f"{OLDER}:{noun.name}:{ObjectId()}"
        seal_many(name, OLDER, noun, institution, those, actor=CONSOLE, detail="flask upgrade")
    # One that was changed meanwhile got its salt and its seals by that change.
    records_of(noun).bulk_write(
        [
            UpdateOne(
                {"_id": each["_id"], "revision": each.get("revision"), **UNSEALED},
                {"$set": {SALT: each[SALT]}},
            )
            for each in documents
        ],
        ordered=False,
    )


STEP = Step(
    5,
    ("これまでの記録に封をする", "Seal the records of before"),
    pending=_pending,
    run=_run,
    once=True,
)
