"""A photograph that comes by its file's name: one media record, then its place in the item; done twice, it is done once."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from bson import ObjectId

from gate.reading.loading import find_document
from gate.refusals import Conflict
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import create, patch
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor

TRIES = 5
NAMED = 5


class Identity:
    """The media record of a file: the same name and bytes are the same photograph, whenever they come."""

    def __init__(self, institution: str, name: str) -> None:
        self._digest = sha256(f"{institution}\n{name}\n".encode())

    def add(self, content: bytes) -> None:
        """Tell of the next bytes."""
        self._digest.update(content)

    def id(self) -> ObjectId:
        """Its id, when all bytes are told."""
        return ObjectId(self._digest.digest()[:12])


def is_there(id_: ObjectId) -> bool:
    """Whether this photograph came before."""
    return records_of(_media()).find_one({"_id": id_}, {"_id": 1}) is not None


def same_bytes(institution: str, id_: ObjectId) -> list[str]:
    """The numbers of other media records of the institution that were given the very same bytes, the oldest few first."""
    records, noun = records_of(_media()), _media()
    own = records.find_one({"_id": id_}, {"digest": 1}) or {}
    if not own.get("digest"):
        return []
    asked = {"digest": own["digest"], "institution": institution, "_id": {"$ne": id_}}
    return [each[noun.number] for each in records.find(asked, {noun.number: 1}).sort("_id", 1).limit(NAMED)]


def put(actor: Actor, institution: str, id_: ObjectId, title: str, picture: Any) -> None:
    """Store a picture as a media record with that id; one that is there already stays as it is.

    Raises:
        Refused, Invalid: as gate.writing.writing.create.
    """
    values = {"title": title[:300], "file": picture}
    create(actor, _media(), institution, values, id_=id_, origin=Origin.IMPORT)


def attach(actor: Actor, item: str, media: ObjectId) -> bool:
    """Add a photograph to an item, behind those it has; False where it has this one already.

    Raises:
        NotFound, Refused: as gate.writing.writing.patch. Conflict: people kept editing it meanwhile.
    """
    noun = NOUNS["item"]
    for left in reversed(range(TRIES)):
        document = find_document(actor, noun, item, "edit")
        there = document.get("photographs", [])
        if media in there:
            return False
        try:
            patch(
                actor,
                noun,
                item,
                document["revision"],
                {"photographs": [*there, media]},
                origin=Origin.IMPORT,
            )
        except Conflict:
            if not left:
                raise
            continue
        return True
    return False


def _media() -> Noun:
    return NOUNS["media"]
