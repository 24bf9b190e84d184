"""A run: rows in batches through the mapping and the gate; the good ones are stored, every bad one is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gate.bulk import create_many, prepare_many
from gate.permitting import editable
from gate.refusals import Invalid, Refused
from gate.typed import Wrong
from gate.validating import REQUIRED, clean
from gate.writing import TAKEN, Document
from migration.mapping import Mapping
from migration.sheets import Sheet, SheetRow
from models.data_classes import Words
from policies.actor import Actor
from policies.verdict import may

BATCH = 250
"""Rows stored at once: few enough that the bar moves and that little is done anew after an outage."""


@dataclass(frozen=True)
class Problem:
    """Why a row was not stored. It names the column, and never says what stood there (law 5)."""

    row: int
    column: str
    reason: Words


@dataclass
class Run:
    """One file into one institution."""

    actor: Actor
    mapping: Mapping
    institution: str
    report: Callable[[Problem], None]
    rows: int = 0
    stored: int = 0
    refused: int = 0
    _first: dict[str, int] = field(default_factory=dict)
    """Number → the row of this file that has it."""

    def permit(self) -> None:
        """Refuse the whole run at once, rather than at some row.

        Raises:
            Refused: the actor may not make these records there, or not fill a field of the mapping.
        """
        verdict = may(self.actor, self.mapping.noun.name, "create", self.institution)
        if not verdict:
            raise Refused(verdict)
        editable(self.actor, self.mapping.noun, self.institution, self.mapping.fields)

    def read(self, sheet: Sheet, advance: Callable[[], None]) -> None:
        """Store all good rows of a sheet; `advance` is called after each batch.

        Raises:
            SheetError: the file cannot be read further; what came before is stored.
            PyMongoError: the store did not answer; the batches before this one are stored.
        """
        for batch in _batches(sheet.rows()):
            self._store(batch)
            advance()

    def _store(self, batch: list[SheetRow]) -> None:
        self.rows += len(batch)
        mapped = [(row, values) for row in batch if (values := self._mapped(row)) is not None]
        noun = self.mapping.noun
        prepared = prepare_many(self.actor, noun, self.institution, (values for _, values in mapped))
        ready: list[tuple[SheetRow, Document]] = []
        for (row, _), document in zip(mapped, prepared, strict=True):
            if isinstance(document, Invalid):
                self._refuse(row, document.errors)
            elif first := self._first.get(document[noun.number]):
                self._refuse(row, {noun.number: _twice(first)})
            else:
                self._first[document[noun.number]] = row.number
                ready.append((row, document))
        taken = create_many(self.actor, noun, [document for _, document in ready])
        for position in taken:
            self._refuse(ready[position][0], {noun.number: TAKEN})
        self.stored += len(ready) - len(taken)

    def _mapped(self, row: SheetRow) -> dict[str, Any] | None:
        """The values of a row; None when it was refused already."""
        noun, wrong = self.mapping.noun, {}
        if "" in row.troubles:
            self._tell(row, "", row.troubles[""])
            return None
        values: dict[str, Any] = dict(self.mapping.constants)
        for name, rule in self.mapping.rules.items():
            if lost := next((row.troubles[each] for each in rule.columns if each in row.troubles), None):
                wrong[name] = lost
                continue
            try:
                values[name] = rule.read(row.cells)
            except Wrong as error:
                wrong[name] = error.words
        # A form proposes the next number for an empty one; a row without its number is a mistake in the file.
        if noun.number not in wrong and not values.get(noun.number):
            wrong[noun.number] = REQUIRED
        if wrong:
            self._refuse(row, clean(noun, values)[1] | wrong)
            return None
        return values

    def _refuse(self, row: SheetRow, errors: dict[str, Words]) -> None:
        for position, (name, reason) in enumerate(errors.items()):
            rule = self.mapping.rules.get(name)
            self._tell(row, "・".join(rule.columns) if rule else name, reason, first=position == 0)

    def _tell(self, row: SheetRow, column: str, reason: Words, *, first: bool = True) -> None:
        self.refused += first
        self.report(Problem(row.number, column, reason))


def _twice(row: int) -> Words:
    return (f"この番号は{row}行目にもあります。", f"This number is in row {row} already.")


def _batches(rows: Iterator[SheetRow]) -> Iterator[list[SheetRow]]:
    batch: list[SheetRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
