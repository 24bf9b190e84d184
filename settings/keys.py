"""The keys' folder: readable by its owner alone, and never part of a backup. A key is made only where it is asked to be."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

SECRET, PEPPER, FACTOR = "secret_key", "pepper", "second_factor"  # names of files, not keys
LEDGER = "ledger"
"""Signs the ledger's checkpoints."""
IMPORT_SOURCE = "import_source"
"""The key that the raw files of imports are sealed with until they are signed off."""
NAMES = (SECRET, PEPPER, FACTOR, LEDGER, IMPORT_SOURCE)
_WHOLE = re.compile(rb"[0-9a-f]{64}")


class Damaged(Exception):
    """The file of a key is there, and what stands in it is no key: it is empty, cut short or something else."""


def folder(var: Path) -> Path:
    """`var/keys`; made with mode 700."""
    keys = place(var)
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.chmod(0o700)
    return keys


def place(var: Path) -> Path:
    """`var/keys`, whether or not it is there."""
    return var / "keys"


def read_key(var: Path, name: str) -> bytes | None:
    """The key of that name, 32 random bytes in hexadecimal; None where there is none.

    Raises:
        Damaged: the file holds no key.
        OSError: it cannot be read.
    """
    try:
        found = (place(var) / name).read_bytes().strip()
    except FileNotFoundError:
        return None
    if not _WHOLE.fullmatch(found):
        raise Damaged(name)
    return found


def make_key(var: Path, name: str) -> bytes:
    """The key of that name, made where it is not there; safe when many ask at once.

    Raises:
        Damaged, OSError: as read_key; or it cannot be written.
    """
    if found := read_key(var, name):
        return found
    path = folder(var) / name
    fresh = folder(var) / f".{name}.{secrets.token_hex(8)}"
    try:
        # guard: key-mode
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        os.link(fresh, path)  # fails where another process was first: then its key is read
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
    made = read_key(var, name)
    if made is None:
        raise FileNotFoundError(path)
    return made


def set_aside(var: Path, name: str) -> None:
    """Rename a file that is no key any more; its content is kept beside."""
    path = place(var) / name
    if path.exists():
        path.rename(path.with_name(f".{name}.aside.{secrets.token_hex(4)}"))


def following(name: str, number: int) -> str:
    """The file's name of a key that followed the first of that name: `pepper.2`, `pepper.3` …"""
    return f"{name}.{number}"


def followers(var: Path, name: str) -> list[str]:
    """The names of the keys in the folder that followed the first of that name, oldest first."""
    numbered = [
        (int(number), path.name)
        for path in place(var).glob(f"{name}.*")
        if (number := path.name.removeprefix(f"{name}.")).isdecimal()
    ]
    return [each for _, each in sorted(numbered)]
