"""The second place: a folder that only ever grows, holding every entry and every checkpoint once more.

Whoever owns the store and the signing key can write the whole chain anew; here it still stands as it was. So it
belongs on another machine's disk, mounted for appending (SHUZOKO_LEDGER_COPY), and no restore ever touches it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote

from audit.canonical import canonical, digest
from audit.chain import Head, entries, head
from audit.copies import last_known, note_loss, remember

LINES = 1_000
_TAIL = 1 << 20


class Diverged(Exception):
    """The store's chain does not go on where the second place ends: nothing was copied."""

    def __init__(self, institution: str, number: int) -> None:
        """Args: the chain, and the first entry that cannot follow."""
        super().__init__(f"{institution}:{number}")
        self.institution = institution
        self.number = number


@dataclass(frozen=True)
class Place:
    """The folder of the copies, and the seed of the key that signs their checkpoints (32 bytes in hexadecimal)."""

    folder: Path
    seed: bytes = field(repr=False)

    def of(self, institution: str) -> Path:
        """The folder of one chain."""
        return self.folder / quote(institution, safe="")

    def institutions(self) -> list[str]:
        """The institutions that have a copy."""
        if not self.folder.is_dir():
            return []
        return sorted(
            unquote(each.name) for each in self.folder.iterdir() if (each / "entries.jsonl").exists()
        )


def line(entry: dict[str, Any]) -> bytes:
    """An entry as it stands in the second place."""
    return canonical(entry) + b"\n"


@contextmanager
def opened(place: Place, institution: str, name: str) -> Iterator[IO[bytes]]:
    """A file of the second place for appending, by one process at a time; what a killed one half wrote is cut off."""
    folder = place.of(institution)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - _TAIL)
        file.seek(start)
        tail = file.read()
        if start and b"\n" not in tail:
            raise OSError(f"{name}: the last line has no beginning")
        file.truncate(start + tail.rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        yield file


def copied(place: Place, institution: str) -> Iterator[bytes]:
    """The lines of the second place in its order, as `line` writes them; a torn last line is none."""
    path = place.of(institution) / "entries.jsonl"
    if path.exists():
        with path.open("rb") as file:
            yield from (each for each in file if each.endswith(b"\n"))


def copied_head(place: Place, institution: str) -> Head:
    """Where the copy ends."""
    path = place.of(institution) / "entries.jsonl"
    if not path.exists():
        return Head()
    with path.open("rb") as file:
        return _last(file)


def _last(file: IO[bytes]) -> Head:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    whole = [each for each in file.read().split(b"\n")[:-1] if each]
    if not whole:
        return Head()
    try:
        last = json.loads(whole[-1])
        return Head(int(last["number"]), str(last["hash"]))
    except (KeyError, TypeError) as error:
        raise ValueError("the last line is no entry") from error


def copy(place: Place, institution: str) -> int:
    """Stream the entries that the second place does not have yet; each is on its disk before this returns.

    Returns:
        How many.

    Raises:
        Diverged: the chain was cut or written anew; the copy stays as it is.
        OSError: the place cannot be written.
        ValueError: what stands at its end is no entry.
    """
    with opened(place, institution, "entries.jsonl") as file:
        last = _last(file)
        file.seek(0, os.SEEK_END)
        known = last_known(institution)
        if last.number < known.number:
            note_loss(institution, last.number, known.number)
        elif known.hash and last.number == known.number and last.hash != known.hash:
            raise Diverged(institution, last.number)
        if head(institution).number < last.number:
            raise Diverged(institution, head(institution).number + 1)
        count = 0
        for batch in _batches(entries(institution, last.number)):
            for each in batch:
                if (each["number"], each["prev"]) != (last.number + 1, last.hash) or digest(each) != each[
                    "hash"
                ]:
                    raise Diverged(institution, last.number + 1)
                last = Head(each["number"], each["hash"])
            file.write(b"".join(map(line, batch)))
            file.flush()
            os.fsync(file.fileno())
            count += len(batch)
    if last != known:
        remember(institution, last)
    return count


def _batches(found: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for each in found:
        batch.append(each)
        if len(batch) == LINES:
            yield batch
            batch = []
    if batch:
        yield batch
