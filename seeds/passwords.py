"""The demo accounts' passwords: random, shown to nobody but the owner of one file."""

from __future__ import annotations

import csv
import os
import secrets
from pathlib import Path

from accounts.sign_in.paper_codes import paper_code

FILE = "demo-accounts.csv"
HEADER = ("login_id", "password", "role", "institution")


def new_password() -> str:
    """Five groups of five letters: 29 characters to type, about 120 bits."""
    return paper_code(5)


def kept(var: Path) -> dict[str, tuple[str, ...]]:
    """Login id → its row of the file; empty when there is no file."""
    try:
        with (var / FILE).open(encoding="utf-8", newline="") as file:
            return {row[0]: tuple(row) for row in list(csv.reader(file))[1:] if len(row) == len(HEADER)}
    except FileNotFoundError:
        return {}


def keep(var: Path, rows: dict[str, tuple[str, ...]]) -> Path:
    """Write the file whole, mode 600, in one step: a reader sees the old one or the new one."""
    var.mkdir(parents=True, exist_ok=True)
    fresh = var / f".{FILE}.{secrets.token_hex(6)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows.values()])
    fresh.replace(var / FILE)
    return var / FILE
