"""What is about to be written: changes to records of one noun by one actor, as a batch with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from gate.writing.permissions import Memory
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor

Document = dict[str, Any]
MARK = "operations"
"""The field of a record that names the operations that changed it and are not ended yet."""


class Origin(StrEnum):
    """From where a change comes. Rules hold for all of them alike; a behaviour may know the origin."""

    FORM = "form"
    BATCH = "batch"
    """One act on several chosen records of a list."""
    IMPORT = "import"
    UNDO = "undo"
    """A batch or an import that is taken back."""
    API = "api"
    CONSOLE = "console"
    """A `flask` command, set-up and seeds among them."""
    WORKFLOW = "workflow"
    """An act of a procedure, which asks by itself whether it is permitted."""


@dataclass(eq=False, slots=True)
class Change:
    """One record to make, edit or remove, and what became of it."""

    institution: str = ""
    """Of a new record: where it is made."""
    record: str = ""
    """The id of the record in an address, where `before` is still to be read."""
    before: Document | None = None
    """The stored record; None of a new one."""
    typed: Mapping[str, Any] = field(default_factory=dict)
    """Values as a person gave them: to be permitted, parsed and checked."""
    kept: Document = field(default_factory=dict)
    """Values to store, None clears. What stands here before the parse is set by the system."""
    removes: bool = False
    revision: int | None = None
    """The revision that the actor looked at; None: the one in `before`."""
    id: Any = None
    """Of a new record whose id is given."""
    beside: Document = field(default_factory=dict)
    """Stored with it, and in no history: the mark of an import."""
    proposed: Mapping[str, bool] = field(default_factory=dict)
    """Reading → whether a machine proposed it and nobody has confirmed it yet, of those that its form told."""
    names: frozenset[str] = frozenset()
    """Fields that a person changes; filled by the parse."""
    listed: list[str] = field(default_factory=list)
    """Of a new record the fields that the ledger names."""
    after: Document = field(default_factory=dict)
    """Of a new record the whole document; of an edit what is derived from it, once known."""
    wrong: dict[str, Words] = field(default_factory=dict)
    """Field → what is wrong with it; "" is the whole record."""
    error: Exception | None = None
    """Why nothing was written: Refused, NotFound, Invalid or Conflict."""
    idle: bool = False
    """The record is as it should be already."""

    @property
    def is_new(self) -> bool:
        """Whether it makes a record."""
        return self.before is None

    @property
    def whole(self) -> Document:
        """The record as it will be; nothing of one that is removed."""
        if self.removes:
            return {}
        return self.after if self.before is None else {**self.before, **self.kept}

    @property
    def revision_after(self) -> int:
        """The revision of the record once this is written."""
        return (self.before["revision"] if self.before else 0) + (not self.idle)

    def set(self, values: Mapping[str, Any]) -> None:
        """Let the same write store these values too."""
        if self.before is None:
            self.after.update(values)
        else:
            self.kept = {**self.kept, **values}


@dataclass(eq=False)
class Batch:
    """Changes that go through gate.writing.pipeline together. It lives no longer than that (law 8)."""

    actor: Actor
    noun: Noun
    origin: Origin
    changes: list[Change]
    action: str = ""
    """What the ledger calls it, where it is not create, edit or remove."""
    reason: str = ""
    needs: tuple[str, ...] = ()
    """Actions that must be granted beside create, edit or remove."""
    permitted: bool = False
    """The act has asked already whether its actor may: a workflow's, or one of the system."""
    fields: frozenset[str] | None = None
    """Where all changes fill the same fields and `kept` holds them parsed: these fields, asked once for all."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """What else must still hold of a stored record when it is written, such as the state that an act begins from."""
    mark: str = ""
    """The operation that the update belongs to (workflows.engine.operations)."""
    told: bool = False
    """The ledger gets one entry for the batch, so new records bring none of their own, and removed ones leave no tombstone."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    memory: Memory = field(default_factory=Memory)
    defaults: Document | None = None
    """What a new record has before anything is typed, once worked out."""

    def open(self) -> list[Change]:
        """Those that nothing has stopped so far."""
        return [each for each in self.changes if each.error is None and not each.idle]

    def new(self) -> Iterator[Change]:
        """The open ones that make a record."""
        return (each for each in self.open() if each.before is None)

    def edits(self) -> Iterator[tuple[Change, Document]]:
        """The open ones that change a record, each with the record as it is stored."""
        return ((each, each.before) for each in self.open() if each.before is not None and not each.removes)

    def removals(self) -> Iterator[tuple[Change, Document]]:
        """The open ones that remove a record, each with the record as it is stored."""
        return ((each, each.before) for each in self.open() if each.before is not None and each.removes)

    def raise_first(self) -> None:
        """Raise what stopped the first change that was stopped."""
        for each in self.changes:
            if each.error is not None:
                raise each.error
