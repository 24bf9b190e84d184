"""What one actor may fill in records of one institution by an import: asked once, and then of every batch (law 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from gate.writing.changes import Batch, Change, Origin
from gate.writing.permissions import Memory
from gate.writing.pipeline import permit
from models.declaration import Noun
from policies.actor import Actor


class Filling:
    """One actor, one institution, the fields that a file fills. It lives no longer than a batch or a minute (law 8)."""

    def __init__(self, actor: Actor, noun: Noun, institution: str, names: Iterable[str], action: str) -> None:
        """Args:
            action: create or edit; each is asked, and each of the fields.

        Raises:
            Refused: no such grant there, or a field that this actor may not edit.
            Invalid: no such field.
        """
        self.actor, self.noun, self.institution = actor, noun, institution
        self.fields = frozenset(names)
        self.memory = Memory()
        permit(self.batch([]), institution, action)

    def batch(self, changes: list[Change], *, at: datetime | None = None, reason: str = "") -> Batch:
        """These changes as a batch of the write pipeline, their values parsed already; the import tells the ledger of them."""
        return Batch(
            self.actor, self.noun, Origin.IMPORT, changes, reason=reason, needs=("import",), fields=self.fields,
            told=True, at=at or datetime.now(UTC), memory=self.memory,
        )  # fmt: skip
