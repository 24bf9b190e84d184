"""What waits for the sealer is numbered and signed as it is written: an entry that is deleted or changed while it waits is missed.

Each process writes a stream of its own, so that none waits for another. An entry bears the stream's name, its running
number in it and an HMAC; all three go into the chain with it. The number of a stream's last entry stands in the second
place too, so that a tail that was deleted is missed as well.
"""

from __future__ import annotations

import hmac
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from mongoengine.connection import get_db

from audit.canonical import canonical

Document = dict[str, Any]
ROOMS = ("ledger", "disclosures")
"""The collections in which entries wait for the chain."""
FOLDER = "waiting"
"""In the second place: a file for each stream, named after it, with the number of its last entry."""


@dataclass
class _Stream:
    """The entries that one process writes."""

    process: int
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    number: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


class _Here:
    """Where this process writes; made again after a fork."""

    folder: Path | None = None
    key: bytes = b""
    stream = _Stream(-1)


def open_streams(second_place: Path, seed: bytes) -> None:
    """Sign from now on with a key made of the ledger's seed, and note the heads in the second place."""
    _Here.folder, _Here.key = second_place / FOLDER, sha256(b"waiting entries:" + seed).digest()
    _Here.stream = _Stream(os.getpid())


def _stream() -> _Stream:
    if _Here.stream.process != os.getpid():
        _Here.stream = _Stream(os.getpid())
    return _Here.stream


def insert(room: str, entry: Document) -> None:
    """Write an entry that waits for the sealer; it is acknowledged by the store before this returns.

    Raises:
        PyMongoError: the store refused or did not answer.
    """
    entry = {name: _as_kept(value) for name, value in entry.items()}
    stream = _stream()
    with stream.lock:
        marks = {"stream": stream.name, "place": stream.number + 1}
        marked = {**entry, **marks, "mac": _mac({**entry, **marks})}
        try:
            get_db()[room].insert_one(marked)
        except BaseException:
            # Whether it is there is not known: what follows begins a stream of its own, without a gap.
            _Here.stream = _Stream(os.getpid())
            raise
        stream.number += 1
        _note_head(stream)


def _as_kept(value: Any) -> Any:
    """The store keeps moments in whole milliseconds."""
    return (
        value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value
    )


def _mac(entry: Mapping[str, Any]) -> str:
    signed = {name: value for name, value in entry.items() if name not in ("_id", "mac")}
    return hmac.new(_Here.key, canonical(signed), sha256).hexdigest()[:32]


def _note_head(stream: _Stream) -> None:
    if _Here.folder is None:
        return
    # The sealer reports a second place that cannot be written; the entry itself is in the store.
    with suppress(OSError):
        _Here.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = _Here.folder / stream.name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(descriptor, b"%012d\n" % stream.number, 0)
        finally:
            os.close(descriptor)


def is_unchanged(waiting: Mapping[str, Any]) -> bool:
    """Whether an entry that waits is as it was written; one of before there were streams counts as such."""
    if "stream" not in waiting:
        return True
    try:
        return hmac.compare_digest(_mac(waiting), str(waiting.get("mac")))
    except (TypeError, ValueError):
        return False


def heads(second_place: Path) -> dict[str, int]:
    """Stream → number of its last entry, as the second place has it."""
    folder, found = second_place / FOLDER, {}
    for path in folder.iterdir() if folder.is_dir() else ():
        written = path.read_bytes().strip()
        found[path.name] = int(written) if written.isdigit() else 0
    return found


def forget_heads(second_place: Path) -> None:
    """After a restore: what waited when the backup was made and had not reached the chain is lost, and said to be."""
    for path in (second_place / FOLDER).glob("*"):
        path.unlink(missing_ok=True)


class Gaps:
    """Finds which entries of the streams are missing, among those that were written before it was made.

    What is written while the chains are read may be seen in part; it is no business of this look.
    """

    def __init__(self, second_place: Path) -> None:
        """Note how far each stream goes by the second place, and what waits now."""
        self._ends = heads(second_place)
        self._seen: dict[str, set[int]] = {}
        for room in ROOMS:
            for each in get_db()[room].find({"stream": {"$exists": True}}, {"stream": 1, "place": 1}):
                self.see(each)

    def see(self, entry: Mapping[str, Any]) -> None:
        """Take an entry of a chain into account."""
        if isinstance(entry.get("place"), int):
            self._seen.setdefault(str(entry.get("stream")), set()).add(entry["place"])

    def missing(self) -> Iterator[tuple[str, int]]:
        """Each stream that lacks entries, and the number of its first that is missing."""
        for stream, last in sorted(self._ends.items()):
            lacks = set(range(1, last + 1)) - self._seen.get(stream, set())
            if lacks:
                yield stream, min(lacks)
