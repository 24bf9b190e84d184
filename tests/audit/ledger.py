"""What the tests of the ledger share: a second place in a folder of the test's own, and a chain with something in it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from audit.chain import append
from audit.checkpoints import checkpoint
from audit.place import Place, copy
from audit.verification.chains import verify
from operations.upgrade.discovery import all_steps
from operations.upgrade.step import Progress

Document = dict[str, Any]
BEGAN = datetime(2026, 4, 1, 9, tzinfo=UTC)


def place(folder: Path) -> Place:
    """A second place with a signing key of its own."""
    return Place(folder / "second", secrets.token_hex(32).encode())


def entry(number: int, **more: Any) -> Document:
    """One disclosure, as it stands before it has a place in a chain."""
    return {
        "kind": "disclosure",
        "source": f"test:{number}",
        "at": BEGAN + timedelta(minutes=number),
        "actor": f"user{number % 3}",
        "action": "seen",
        "noun": "donor",
        "exit": "list",
        "breadth": "list_page",
        "subjects": [f"person{number % 7}", f"person{number}"],
        "fields": ["address", "name"],
        "purpose": "",
        **more,
    }


def written(where: Place, institution: str, count: int) -> None:
    """A chain of that many entries, copied, with a checkpoint."""
    append(institution, [entry(n, source=f"{institution}:{n}") for n in range(1, count + 1)])
    copy(where, institution)
    checkpoint(where, institution, force=True)


def found(where: Place) -> list[tuple[str, int, str]]:
    """What verification finds: institution, number of the first bad entry, what is wrong."""
    return [
        (each.institution, each.finding.number, each.finding.wrong) for each in verify(where) if each.finding
    ]


def upgraded() -> None:
    """Seal the records of the world as `flask upgrade` does those of an earlier version."""
    [step] = [each for each in all_steps() if each.words[1] == "Seal the records of before"]
    step.run(Progress({}, lambda _: None))
