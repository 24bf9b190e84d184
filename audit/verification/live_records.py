"""Live records held against the ledger: is each as its last change left it, and was none put there past the ledger?

What is found names the noun, the record's number and the field, and no value. What was taken away is
audit.verification.missing_records' business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.collection import Collection

from audit.seals.field_seals import SALT, Seals, seals_under
from audit.verification.last_states import Known, States
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]
Words = tuple[str, str]
Tell = Callable[[int], None]
DECIDING = frozenset({"user", "role", "institution"})
"""Nouns of which every record is looked at each time: they decide who may do what."""
SAMPLE = 1_000
"""Records of every other noun that are looked at, unless all are asked for."""
RUN = 50
"""Records of a sample that follow each other."""
BATCH = 500
LOOKS = 3
"""So often a record is looked at until what seems wrong is believed: it may be being saved."""
DERIVED = dict.fromkeys(("keys", "masked", "intervals"), 0)

WRONG: dict[str, Words] = {
    "field": ("台帳の外で書き換えられています", "it was changed outside the ledger"),
    "salt": ("封の塩が失われたか、入れ替えられています", "the salt of its seals was removed or replaced"),
    "older": (
        "台帳にある版より古いものに戻されています",
        "it was put back to a state before the ledger's last",
    ),
    "newer": ("台帳にない版になっています", "its revision is one that the ledger does not know"),
    "unknown": (
        "台帳にない記録です(更新したばかりなら flask upgrade)",
        "the ledger does not know it (after an update: flask upgrade)",
    ),
    "gone": ("台帳の外で削除されています", "it was removed outside the ledger"),
}


@dataclass(frozen=True)
class RecordFinding:
    """What is wrong with one record. `wrong` is a key of WRONG."""

    noun: str
    number: str
    """The record's number; its id where it is not there."""
    field: str
    wrong: str


def verify_records(*, whole: bool = False, tell: Tell = lambda _: None) -> Iterator[RecordFinding]:
    """Look at live records: all accounts, roles and institutions; of the others a sample.

    Args:
        whole: look at every record of every noun.
        tell: called with the number of records looked at since the last call.
    """
    states = States()
    for noun in NOUNS.values():
        for documents in _in_batches(noun) if whole or noun.name in DECIDING else _sample(noun):
            yield from _look(states, noun, documents)
            tell(len(documents))


def how_many(*, whole: bool = False) -> int:
    """About how many records `verify_records` looks at."""
    counts = ((noun, _records(noun).estimated_document_count()) for noun in NOUNS.values())
    return sum(count if whole or noun.name in DECIDING else min(count, SAMPLE) for noun, count in counts)


def _look(
    states: States, noun: Noun, documents: list[Document], looks: int = LOOKS
) -> Iterator[RecordFinding]:
    known, doubtful = states.known(documents), []
    for document in documents:
        found = _findings(noun, document, known.get(str(document["_id"]), []))
        if found and looks > 1:
            doubtful.append(document["_id"])
        else:
            yield from found
    if doubtful:
        again = _records(noun).find({"_id": {"$in": doubtful}}, DERIVED)
        yield from _look(states, noun, list(again), looks - 1)


def _findings(noun: Noun, document: Document, known: list[Known]) -> list[RecordFinding]:
    """What is wrong with a record that should be in one of these states."""
    if "tombstone" in document:
        return []  # removed by an act, and about to go
    states: list[Known | None] = [*known] or [None]
    compared = [list(_compared(noun, document, each)) for each in states]
    return compared[0] if all(compared) else []


def _compared(noun: Noun, document: Document, known: Known | None) -> Iterator[RecordFinding]:
    def wrong(what: str, field: str = "") -> RecordFinding:
        return RecordFinding(noun.name, str(document.get(noun.number) or document["_id"]), field, what)

    revision = document.get("revision")
    # guard: live-unknown
    if known is None:
        yield wrong("unknown")
    # guard: live-revision
    elif known.removed or not isinstance(revision, int) or revision < known.revision:
        yield wrong("older")
    elif revision > known.revision:
        yield wrong("newer")
    else:
        changed = _changed(noun, document, known.seals)
        yield from (wrong("field" if name else "salt", name) for name in changed)


def _changed(noun: Noun, document: Document, sealed: Seals) -> list[str]:
    """The fields that are not as they were sealed; "" where that cannot be told because the salt is another one."""
    try:
        now = seals_under(str(document[SALT]), noun, document)
    except (KeyError, ValueError):
        return [""]
    # guard: live-fields
    if sealed and not any(now.get(name) == mac for name, mac in sealed.items()):
        return [""]
    return sorted(name for name in {*now, *sealed} if now.get(name) != sealed.get(name))


def _records(noun: Noun) -> Collection[Document]:
    found: Collection[Document] = get_db()[noun.document._meta["collection"]]
    return found


def _in_batches(noun: Noun) -> Iterator[list[Document]]:
    beyond: Document = {}
    while documents := list(_records(noun).find(beyond, DERIVED).sort("_id", 1).limit(BATCH)):
        yield documents
        beyond = {"_id": {"$gt": documents[-1]["_id"]}}


def _sample(noun: Noun) -> Iterator[list[Document]]:
    """Runs of records behind ids drawn at random; all of them where they are no more than a sample."""
    records = _records(noun)
    ends = [records.find_one({}, {"_id": 1}, sort=[("_id", way)]) for way in (1, -1)]
    if records.estimated_document_count() <= SAMPLE or not all(
        each and isinstance(each["_id"], ObjectId) for each in ends
    ):
        yield from _in_batches(noun)
        return
    first, last = (int(str(each["_id"]), 16) for each in ends if each)
    for _ in range(SAMPLE // RUN):
        drawn = ObjectId(f"{SystemRandom().randint(first, last):024x}")
        yield list(records.find({"_id": {"$gte": drawn}}, DERIVED).sort("_id", 1).limit(RUN))
