"""What stands in a removed record's place until the ledger has its end, and what still refers to a record."""

from __future__ import annotations

from typing import Any

from audit import outbox
from gate.store.collections import records_of
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]
FEW = 200
"""Of more records than these it is asked at once which are referred to, and not of each whether it is."""


def tombstone_of(noun: Noun, document: Document, *, actor: str, reason: str) -> Document:
    """What replaces a stored document: its outbox with one entry more, and what the sealer needs to clear away."""
    revision = document["revision"] + 1
    told = outbox.entry(
        actor=actor, action="remove", revision=revision,
        fields=sorted(name for name in document if name in noun.fields and not noun.fields[name].is_system),
        before={}, reason=reason.strip()[:500],
    )  # fmt: skip
    images = {each.name: document.get(each.name) for each in noun if each.is_picture}
    tombstone = {
        # No institution: no one's reach holds it. The id as number keeps the unique index content.
        "institution": None,
        noun.number: str(document["_id"]),
        "tombstone": {"institution": document["institution"]} | images,
        "revision": revision,
        "outbox": [*document.get("outbox", []), told],
        "outbox_at": told["at"],
    }
    if "login_key" in document:
        tombstone["login_key"] = str(document["_id"])
    return tombstone


def referred(noun: Noun, ids: list[Any]) -> set[Any]:
    """Those of the ids that some other record refers to."""
    found: set[Any] = set()
    pointing = [
        (other, each.name) for other in NOUNS.values() for each in other if each.declared.target == noun.name
    ]
    for key in ids if len(ids) <= FEW else ():
        if any(
            records_of(other).find_one({name: key, "_id": {"$ne": key}}, {"_id": 1})
            for other, name in pointing
        ):
            found.add(key)
    wanted = set(ids)
    for other, name in pointing if len(ids) > FEW else ():
        for document in records_of(other).find({name: {"$in": ids}}, {name: 1}):
            value = document[name]
            found |= wanted & set(value if isinstance(value, list) else [value]) - {document["_id"]}
    return found
