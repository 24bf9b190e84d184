"""What stands in a removed record's place until the ledger has its end, and what still refers to a record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from audit import outbox
from gate.store.collections import records_of
from models.data_classes import PERSONAL
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]
FEW = 200
"""Of more records than these it is asked at once which are referred to, and not of each whether it is."""
HIDDEN = "＊＊＊"


def tombstone_of(noun: Noun, document: Document, *, actor: str, reason: str) -> Document:
    """What replaces a stored document: its outbox with one entry more, and what the sealer needs to clear away."""
    revision = document["revision"] + 1
    told = outbox.entry(
        actor=actor, action="remove", revision=revision,
        fields=sorted(name for name in document if name in noun.fields and not noun.fields[name].is_system),
        before={}, reason=_without_values(noun, document, reason.strip())[:500],
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


def _without_values(noun: Noun, document: Document, reason: str) -> str:
    """A reason without the personal values of the record that it outlives, however wide or spaced they are written in it."""
    folded = unicodedata.normalize("NFKC", reason)
    for word in sorted(_personal_words(noun, document), key=len, reverse=True):
        # guard: reason-values
        folded = re.sub(r"[\s・,-]*".join(map(re.escape, word)), HIDDEN, folded, flags=re.IGNORECASE)
    return folded if HIDDEN in folded else reason


def _personal_words(noun: Noun, document: Document) -> set[str]:
    """Every personal value that is text, as a whole and by its words, of two characters or more."""
    found: set[str] = set()
    for field in noun:
        if field.data_class in PERSONAL and not field.is_system:
            for text in _texts(document.get(field.name)):
                said = unicodedata.normalize("NFKC", text)
                parts = [said, *re.split(r"[\s・、。,()]+", said)]
                found |= {bare for each in parts if len(bare := re.sub(r"[\s・,-]", "", each)) > 1}
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


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
