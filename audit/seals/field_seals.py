"""What a record is after a change, sealed field by field, so that the ledger notices a value that is changed in the store.

Each seal is a MAC (keyed BLAKE2b, RFC 7693, 96 bits) of the field's name and value. Its key is a random salt that stands in
the record alone and is another one after each change: an entry of the ledger holds no value, and once a value was
changed, anonymised or removed nobody can confirm a guess at it, whoever holds the ledger and the keys.

What follows from other fields is not sealed, nor what decides nothing: `unsealed` in the declaration (models.declaration).
"""

from __future__ import annotations

import secrets
from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from bson import encode
from pymongo.errors import DuplicateKeyError

from audit.events import known_event
from audit.streams import insert
from models.declaration import Noun

Document = dict[str, Any]
Seals = dict[str, str]
"""Field → seal. What is empty has none."""
SALT = "seal_salt"
"""The field of a record that holds its salt."""
IMPORTED, OLDER = "import_sealed", "records_sealed"
"""Events that seal many records at once: those of an import's batch, and those of a version that sealed none."""
_LENGTH = 12


def seals_under(salt: str, noun: Noun, document: Mapping[str, Any]) -> Seals:
    """The seals of a record's fields under this salt.

    Raises:
        ValueError: the salt is none.
    """
    key, fields, found = bytes.fromhex(salt), noun.fields, {}
    for name, value in document.items():
        field = fields.get(name)
        if field is None or field.declared.unsealed or _is_empty(value):
            continue
        found[name] = _seal(key, name, _lasting(value, field.declared.unsealed_parts))
    return found


def _lasting(value: Any, without: tuple[str, ...]) -> Any:
    return {part: each for part, each in value.items() if part not in without} if without else value


def _seal(key: bytes, name: str, value: Any) -> str:
    # Text, which most values are, without the store's encoding of it: that takes as long as the MAC.
    said = f"{name}\0s{value}".encode() if type(value) is str else f"{name}\0".encode() + encode({"": value})
    return b2a_base64(blake2b(said, key=key, digest_size=_LENGTH).digest(), newline=False).decode()


def _is_empty(value: Any) -> bool:
    # As the store's update has it: an emptied field is taken out.
    return value is None or value in ([], {})


def new_salt() -> str:
    """A salt for one state of one record."""
    return secrets.token_hex(16)


def seal_new(noun: Noun, document: Document) -> None:
    """Give a record that is about to be stored its salt, and its first outbox entry the seals.

    One without an outbox entry is told of with others: see seal_many.
    """
    document[SALT] = new_salt()
    for told in document.get("outbox", ()):
        told["seals"] = seals_under(document[SALT], noun, document)


def seal_update(noun: Noun, before: Mapping[str, Any], update: Document) -> None:
    """Let an update of a stored record set a new salt, and the outbox entry that it pushes bear the seals.

    Args:
        before: the whole record as it is stored.
        update: with `$set`, `$unset` perhaps, and `$push` of one outbox entry.
    """
    after = {**before, **update["$set"]}
    for name in update.get("$unset", ()):
        after.pop(name, None)
    update["$set"][SALT] = salt = new_salt()
    update["$push"]["outbox"]["seals"] = seals_under(salt, noun, after)


class SealedState(NamedTuple):
    """One record as an entry seals it among others."""

    record: str
    revision: int
    seals: Seals


def seal_many(
    name: str,
    kind: str,
    noun: Noun,
    institution: str,
    documents: Iterable[Mapping[str, Any]],
    *,
    actor: str,
    detail: str,
) -> None:
    """Append one entry that seals many records, which bear their salts; written again under the same name it stands there once.

    Args:
        name: unlike every other event's.
        kind: IMPORTED or OLDER.
        institution: whose ledger it belongs to.
        actor, detail: as audit.events.note.

    Raises:
        PyMongoError: the store refused or did not answer.
    """
    sealed = [(each, seals_under(each[SALT], noun, each)) for each in documents]
    if not sealed:
        return
    fields = sorted(set().union(*(seals for _, seals in sealed)))
    with suppress(DuplicateKeyError):
        insert("ledger", {
            "_id": name, "at": datetime.now(UTC), "action": known_event(kind), "actor": actor, "institution": institution,
            "noun": noun.name, "subjects": [str(each["_id"]) for each, _ in sealed], "fields": fields, "detail": detail,
            "seals": [
                " ".join([str(each.get("revision", 1)), *(seals.get(name, "-") for name in fields)]) for each, seals in sealed
            ],
        })  # fmt: skip


def sealed_states(entry: Mapping[str, Any]) -> list[SealedState]:
    """The records that an entry of a ledger, or of an outbox with its `record`, seals; none where it seals none.

    Raises:
        KeyError, TypeError, ValueError, IndexError: nobody of this panel wrote it.
    """
    seals = entry.get("seals")
    if seals is None:
        return []
    if "record" in entry:
        return [SealedState(str(entry["record"]), int(entry["revision"]), dict(seals))]
    found = []
    for record, told in zip(entry["subjects"], seals, strict=True):
        revision, *macs = told.split(" ")
        each = {name: mac for name, mac in zip(entry["fields"], macs, strict=True) if mac != "-"}
        found.append(SealedState(str(record), int(revision), each))
    return found
