"""Checkpoints: a signed note of how long a chain is and how it ends, kept in the store and in the second place.

The text is that of C2SP tlog-checkpoint inside a C2SP signed note (Ed25519): origin, size, hash in base64, and one
line of extension, the time. The hash is that of the last entry of the chain, not the root of a tree.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from mongoengine.connection import get_db

from audit.chain import Head, id_of
from audit.place import Place, copied_head, opened

EVERY = 1_000
"""Entries after which a chain gets its next checkpoint."""
OFTEN = timedelta(minutes=10)
"""Time after which a chain that has grown gets its next checkpoint."""
_ED25519 = b"\x01"
_NAME = "shuzoko"
FILE = "checkpoints.jsonl"
"""One note a line, as a JSON text: a line that a killed process half wrote is cut off by the next."""


@dataclass(frozen=True)
class Checkpoint:
    """One note; `note` is its whole text with the signature."""

    origin: str
    head: Head
    at: datetime
    note: str


def signing_key(place: Place) -> Ed25519PrivateKey:
    """The key that signs."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(place.seed.decode()))


def public_key(place: Place) -> Ed25519PublicKey:
    """The key that its signatures are held against."""
    return signing_key(place).public_key()


def origin(institution: str) -> str:
    """Whose chain a checkpoint speaks of."""
    return f"shuzoko/{institution}"


def _key_id(public: Ed25519PublicKey) -> bytes:
    return sha256(_NAME.encode() + b"\n" + _ED25519 + public.public_bytes_raw()).digest()[:4]


def signed(key: Ed25519PrivateKey, institution: str, ends: Head, at: datetime) -> Checkpoint:
    """A checkpoint of a chain that ends there."""
    root = base64.b64encode(bytes.fromhex(ends.hash)).decode()
    text = f"{origin(institution)}\n{ends.number}\n{root}\ntime {at:%Y-%m-%dT%H:%M:%SZ}\n"
    signature = base64.b64encode(_key_id(key.public_key()) + key.sign(text.encode())).decode()
    return Checkpoint(origin(institution), ends, at, f"{text}\n— {_NAME} {signature}\n")


def read(note: str) -> Checkpoint:
    """A checkpoint from its text; the signature is not looked at.

    Raises:
        ValueError: it is none.
    """
    lines = note.split("\n")
    try:
        ends = Head(int(lines[1]), base64.b64decode(lines[2], validate=True).hex())
        at = datetime.strptime(lines[3], "time %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (IndexError, binascii.Error) as error:
        raise ValueError("no checkpoint") from error
    return Checkpoint(lines[0], ends, at, note)


def is_signed(checkpoint: Checkpoint, public: Ed25519PublicKey) -> bool:
    """Whether the note bears this key's signature over its text."""
    text, _, signatures = checkpoint.note.partition("\n\n")
    for each in signatures.splitlines():
        with suppress(InvalidSignature, binascii.Error, ValueError):
            dash, name, signature = each.split(" ")
            given = base64.b64decode(signature, validate=True)
            if (dash, name, given[:4]) == ("—", _NAME, _key_id(public)):
                # guard: signature
                public.verify(given[4:], f"{text}\n".encode())
                return True
    return False


def kept(place: Place, institution: str) -> Iterator[Checkpoint]:
    """The checkpoints of the second place, oldest first.

    Raises:
        ValueError: what stands there is none.
    """
    path = place.of(institution) / FILE
    if path.exists():
        with path.open("rb") as file:
            yield from (_read_line(each) for each in file if each.endswith(b"\n"))


def every(place: Place, institution: str) -> Iterator[Checkpoint]:
    """The checkpoints of the second place, then those of the store.

    Raises:
        ValueError: what stands there is none.
    """
    yield from kept(place, institution)
    for each in get_db()["checkpoints"].find({"institution": institution}).sort("_id", 1):
        yield read(str(each.get("note")))


def _read_line(line: bytes) -> Checkpoint:
    note = json.loads(line)
    if not isinstance(note, str):
        raise ValueError("no checkpoint")
    return read(note)


def checkpoint(
    place: Place, institution: str, *, now: datetime | None = None, force: bool = False
) -> Checkpoint | None:
    """Sign how far the second place has come, when a checkpoint is due (or when forced); None when none is.

    Raises:
        OSError: key or place cannot be read or written.
        ValueError: the last checkpoint there is none.
    """
    at = now or datetime.now(UTC)
    ends = copied_head(place, institution)
    if not ends.number:
        return None
    with opened(place, institution, FILE) as file:
        file.seek(0)
        *_, newest = (None, *file)  # a few hundred bytes each, one in a thousand entries
        last = _read_line(newest) if newest else None
        grown = ends.number - (last.head.number if last else 0)
        if not grown or not (force or grown >= EVERY or last is None or at - last.at >= OFTEN):
            return None
        made = signed(signing_key(place), institution, ends, at)
        get_db()["checkpoints"].replace_one(
            {"_id": id_of(institution, ends.number)},
            {"institution": institution, "number": ends.number, "at": at, "note": made.note},
            upsert=True,
        )
        file.write(json.dumps(made.note, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return made
