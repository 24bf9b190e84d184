"""The keys' folder: made once, readable by its owner alone, and never part of a backup."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

IMPORT_SOURCE = "import_source"
"""The key that the raw files of imports are sealed with until they are signed off."""


def folder(var: Path) -> Path:
    """`var/keys`, mode 700."""
    keys = var / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.chmod(0o700)
    return keys


def key(var: Path, name: str) -> bytes:
    """The key of that name, 32 random bytes in hexadecimal, made at its first use; safe when many ask at once."""
    path = folder(var) / name
    for _ in range(2):
        try:
            if found := path.read_bytes().strip():
                return found
        except FileNotFoundError:
            pass
        fresh = folder(var) / f".{name}.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        try:
            os.link(fresh, path)  # fails where another process was first: then its key is read
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes().strip()


def later(var: Path, name: str) -> list[bytes]:
    """The keys that followed the first of that name (`name.2`, `name.3` …), oldest first."""
    numbered = [
        (int(number), path)
        for path in folder(var).glob(f"{name}.*")
        if (number := path.name.removeprefix(f"{name}.")).isdecimal()
    ]
    return [path.read_bytes().strip() for _, path in sorted(numbered)]


def follow(var: Path, name: str) -> str:
    """Make the next key of that name; it is in use from the next start on. Returns its file's name."""
    key(var, name)
    after = f"{name}.{len(later(var, name)) + 2}"
    key(var, after)
    return after
