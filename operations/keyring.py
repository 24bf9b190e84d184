"""Whether this machine's keys are those of the store, and making those that a new store does not have yet.

The files are settings.keys', the fingerprints operations.key_prints'; only here the two meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.data_classes import Words
from operations.key_prints import fingerprint, fits_store, prints_of_store, write_prints
from settings import keys
from settings.environment import Settings

MISSING: Words = ("ない", "missing")
DAMAGED: Words = ("空か壊れている", "empty or damaged")
FOREIGN: Words = ("別のもの", "another one")
TRIES = 5


class KeysRefused(Exception):
    """This machine's keys are not the store's. `words` say in one sentence what is wrong and what to do."""

    def __init__(self, var: Path, faults: Mapping[str, Words]) -> None:
        self.faults = faults
        ja = "、".join(f"{name}: {fault[0]}" for name, fault in faults.items())
        en = ", ".join(f"{name}: {fault[1]}" for name, fault in faults.items())
        where = keys.place(var)
        self.words: Words = (
            f"このデータベースの鍵が {where} にそろっていないため動かしません({ja})。これまで使っていた {where} を戻してください"
            "(どこにも残っていないときだけ flask keys accept)。",
            f"The keys in {where} are not those of this store, so nothing runs ({en}): put the former {where} back "
            "(only where it is lost for good: flask keys accept).",
        )
        super().__init__(self.words[1])


@dataclass(frozen=True)
class Found:
    """What was found of the keys. `lacking` are those that nothing in the store was ever made with."""

    keys: dict[str, bytes]
    faults: dict[str, Words]
    lacking: list[str]
    prints: dict[str, str]
    version: int


def look(settings: Settings) -> Found:
    """Hold the files against the store's fingerprints, and where it has none against what it holds. Makes nothing.

    Raises:
        PyMongoError: the store does not answer.
    """
    prints, version = prints_of_store()
    read: dict[str, bytes] = {}
    faults: dict[str, Words] = {}
    names = _names(settings, prints)
    for name in names:
        try:
            if (key := keys.read_key(settings.var, name)) is not None:
                read[name] = key
        except (keys.Damaged, OSError):
            faults[name] = DAMAGED
    lacking = []
    for name in (each for each in names if each not in faults):
        fits = _fits(name, read, prints)
        if name not in read and fits is not None:
            faults[name] = MISSING
        elif name not in read:
            lacking.append(name)
        elif fits is False:
            faults[name] = FOREIGN
    return Found(read, faults, lacking, prints, version)


def load_keys(settings: Settings) -> dict[str, bytes]:
    """The keys of this deployment by their names; in a new one they are made, and their fingerprints written down.

    Raises:
        KeysRefused: they are not the store's.
        PyMongoError: the store does not answer.
        OSError: they cannot be written.
    """
    for _ in range(TRIES):
        found = look(settings)
        if found.faults:
            raise KeysRefused(settings.var, found.faults)
        made = {name: keys.make_key(settings.var, name) for name in found.lacking}
        all_ = found.keys | made
        prints = found.prints | {name: fingerprint(name, key) for name, key in all_.items()}
        if prints == found.prints or write_prints(prints, found.version):
            return all_
    raise KeysRefused(settings.var, dict.fromkeys(found.lacking or found.keys, FOREIGN))


def accept(settings: Settings) -> dict[str, Words]:
    """Take the keys as they lie on this machine for the store's; what is not there is made. What was wrong with each.

    Raises:
        PyMongoError, OSError: as load_keys.
    """
    found = look(settings)
    for name, fault in found.faults.items():
        if fault is DAMAGED:
            keys.set_aside(settings.var, name)
    kept = [each for each in _names(settings, found.prints) if "." not in each or each in found.keys]
    prints = {name: each for name, each in found.prints.items() if "." not in name}
    prints |= {name: fingerprint(name, keys.make_key(settings.var, name)) for name in kept}
    return found.faults if write_prints(prints, found.version) else accept(settings)


def follow(settings: Settings, name: str) -> str:
    """Make the next key of that name and write its fingerprint down; in use from the next start on. Its file's name.

    Killed in between, the next run takes up the file that is there.
    """
    for _ in range(TRIES):
        prints, version = prints_of_store()
        number = 2 + sum(each.startswith(f"{name}.") for each in prints)
        after = keys.following(name, number)
        key = keys.make_key(settings.var, after)
        if write_prints(prints | {after: fingerprint(after, key)}, version):
            return after
    raise KeysRefused(settings.var, {name: FOREIGN})


def _names(settings: Settings, prints: Mapping[str, str]) -> list[str]:
    """The keys that a start needs. A SECRET_KEY of the environment stands in the place of its file."""
    first = [each for each in keys.NAMES if each != keys.SECRET or not settings.secret_key]
    # A store without fingerprints: all that followed the first pepper were in use.
    later = [each for each in prints if "." in each] if prints else keys.followers(settings.var, keys.PEPPER)
    return [*first, *sorted(later, key=lambda each: int(each.rpartition(".")[2]))]


def _fits(name: str, read: Mapping[str, bytes], prints: Mapping[str, str]) -> bool | None:
    if name in prints:
        return name in read and fingerprint(name, read[name]) == prints[name]
    return fits_store(name, read)
