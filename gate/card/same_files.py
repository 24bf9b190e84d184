"""Records that were given the very same file: a hint for who uploads it again, as far as they may see those records."""

from __future__ import annotations

from gate.reading.loading import find_document
from gate.reading.references import label
from gate.reading.shown import Reference
from gate.store.collections import records_of
from models.declaration import Noun
from policies.actor import Actor

NAMED = 5


def same_files(actor: Actor, noun: Noun, record: str) -> list[Reference]:
    """Other records of the institution whose file has the same bytes, the oldest few first.

    Raises:
        NotFound, Refused: as gate.reading.loading.find_document.
    """
    document = find_document(actor, noun, record)
    if not document.get("digest"):
        return []
    same = {
        "digest": document["digest"],
        "institution": document["institution"],
        "_id": {"$ne": document["_id"]},
    }
    keys = [each["_id"] for each in records_of(noun).find(same, {"_id": 1}).sort("_id", 1).limit(NAMED)]
    return [each for each in label(actor, noun, keys).values() if each.open]
