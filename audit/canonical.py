"""One way of writing an entry as bytes, so that equal entries have equal hashes on every machine and in every store."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bson import Binary, Decimal128, ObjectId

GENESIS = "0" * 64
"""What the first entry of a chain names as the hash before it."""


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Keys in order, no blanks, UTF-8; a moment as milliseconds since 1970, which is what the store keeps of it.

    Raises:
        TypeError: a kind of value that no entry and no revision holds.
    """
    return json.dumps(
        entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False
    ).encode()


def _plain(value: Any) -> Any:
    # Each kind under a name of its own: a moment replaced by a text that reads alike is a change.
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {"$ms": round(moment.timestamp() * 1000)}
    if isinstance(value, ObjectId | Decimal128):
        return {f"${type(value).__name__}": str(value)}
    if isinstance(value, bytes | Binary):
        return {"$bytes": bytes(value).hex()}
    raise TypeError(f"no canonical form for {type(value).__name__}")


def read(text: bytes) -> dict[str, Any]:
    """The entry that `canonical` wrote.

    Raises:
        ValueError: it did not write this.
    """
    found = json.loads(text, object_hook=_typed)
    if not isinstance(found, dict):
        raise ValueError("no entry")
    return found


def _typed(found: dict[str, Any]) -> Any:
    if set(found) == {"$ms"}:
        return datetime.fromtimestamp(found["$ms"] / 1000, UTC)
    if set(found) == {"$ObjectId"}:
        return ObjectId(found["$ObjectId"])
    if set(found) == {"$Decimal128"}:
        return Decimal128(found["$Decimal128"])
    return bytes.fromhex(found["$bytes"]) if set(found) == {"$bytes"} else found


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of an entry without its own `hash`; it names its predecessor's in `prev`."""
    return sha256(canonical({name: value for name, value in entry.items() if name != "hash"})).hexdigest()


def seal_of(salt: str, values: Mapping[str, Any]) -> str:
    """What the ledger keeps of a revision's values: HMAC-SHA-256 under a salt that lies with them.

    With salt and values gone the seal tells nothing, and stays where it is: an erasure breaks no chain.
    """
    return hmac.new(salt.encode(), canonical(values), sha256).hexdigest()
