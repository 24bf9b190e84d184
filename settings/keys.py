"""The keys' folder: made once, readable by its owner alone, and never part of a backup."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


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
