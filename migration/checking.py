"""One row looked at: what it would store, and everything that is wrong with it or deserves a look. It stores nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gate.preparing import Preparing
from gate.typed import Wrong
from gate.validating import REQUIRED
from japanese.text import bare_cell
from migration.mapping import Mapping
from migration.personal import FLAGS, flags, free_text
from migration.reading.doubts import BENT, bent, doubts
from migration.reading.form import SheetRow
from migration.rules import Told
from models.data_classes import Words

Document = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row, or doubtful. It names the column, and never says what stood there (law 5)."""

    row: int
    column: str
    reason: Words
    fatal: bool = True
    places: tuple[int, ...] = ()
    """Which characters of the cell, from 1, where that can be told."""


def listed(problems: Iterable[Problem]) -> Document:
    """Problems as a batch's paper holds them: each with the place of its reason among the causes."""
    causes: dict[Words, int] = {}
    rows = [
        [each.row, each.column, causes.setdefault(each.reason, len(causes)), each.fatal, list(each.places)]
        for each in problems
    ]
    return {"problems": rows, "causes": [list(each) for each in causes]}


@dataclass
class Checked:
    """A row as far as it can be judged without the store."""

    row: SheetRow
    number: str = ""
    kept: Document = field(default_factory=dict)
    """Field → value to store; a field whose cell is empty has None."""
    wrong: dict[str, Words] = field(default_factory=dict)
    """Field → why it cannot be stored; "" is the whole row."""
    doubts: list[Problem] = field(default_factory=list)
    giver: dict[str, Told] = field(default_factory=dict)
    """Field → the donor as the row tells of them."""
    revision: int | None = None
    """The revision that the row was written out at, where it says so."""
    base: Document = field(default_factory=dict)
    """The values as read before validation, for our own export come back."""


class Checking:
    """The rows of one file through one mapping, by one actor's rights."""

    def __init__(self, mapping: Mapping, preparing: Preparing) -> None:
        self.mapping, self.preparing = mapping, preparing
        self._defaults = mapping.defaults(preparing.institution)
        self._free = [each for each in free_text(mapping.noun) if each.name in mapping.fields]
        self._read = mapping.columns
        self._rules = list(mapping.rules.items())
        self._numbered = self._number_columns()

    def _number_columns(self) -> tuple[str, ...]:
        rule = self.mapping.rules.get(self.mapping.noun.number)
        return rule.columns if rule else ()

    def number(self, row: SheetRow) -> str:
        """The record's number alone, "" where it cannot be read: enough to know which rows are the same record's."""
        noun = self.mapping.noun
        rule = self.mapping.rules.get(noun.number)
        if rule is None or "" in row.troubles:
            return ""
        try:
            kept, _ = self.preparing.cleaned({noun.number: rule.read(self._cells(row))})
        except Wrong:
            return ""
        return str(kept.get(noun.number) or "")

    def look(self, row: SheetRow) -> Checked:
        """Everything about a row, all its mistakes and not only the first."""
        found = Checked(row)
        if "" in row.troubles:
            found.wrong[""] = row.troubles[""]
            return found
        values = self._values(row, found)
        noun = self.mapping.noun
        kept, wrong = self.preparing.cleaned(values)
        found.kept, found.base = kept, values
        found.wrong |= {name: reason for name, reason in wrong.items() if name not in found.wrong}
        # A form proposes the next number for an empty one; a row without its number is a mistake in the file.
        if noun.number not in found.wrong and not kept.get(noun.number):
            found.wrong[noun.number] = REQUIRED
        found.number = str(kept.get(noun.number) or "")
        self._doubt(row, found)
        return found

    def _cells(self, row: SheetRow) -> dict[str, str]:
        """As they were before an export of ours made them safe for spreadsheets; any other file's as they are."""
        if not self.mapping.options.returned:
            return row.cells
        return {column: bare_cell(cell) for column, cell in row.cells.items()}

    def _values(self, row: SheetRow, found: Checked) -> dict[str, Any]:
        values: dict[str, Any] = {**self._defaults, **self.mapping.constants}
        cells = self._cells(row)
        for name, rule in self._rules:
            if row.troubles and (
                lost := next((row.troubles[c] for c in rule.columns if c in row.troubles), None)
            ):
                found.wrong[name] = lost
                continue
            try:
                value = rule.read(cells)
            except Wrong as error:
                found.wrong[name] = error.words
                continue
            if isinstance(value, Told):
                found.giver[name] = value
            elif value not in ("", []) or name not in values:
                values[name] = value
        if self.mapping.options.revision:
            told = row.cells.get(self.mapping.options.revision, "").strip()
            found.revision = int(told) if told.isdecimal() and len(told) < 10 else None
        return values

    def _doubt(self, row: SheetRow, found: Checked) -> None:
        number = row.number
        for column in self._numbered:
            if bent(row.cells.get(column, "")):
                found.wrong[self.mapping.noun.number] = BENT
        for each in doubts(row.cells):
            if each.column in self._read:
                found.doubts.append(Problem(number, each.column, each.reason, False, each.places))
        for name, flag in flags(self._free, found.kept):
            found.doubts.append(Problem(number, self.column(name), FLAGS[flag][1], False))

    def column(self, name: str) -> str:
        """The columns that fill a field, as they are told to people."""
        rule = self.mapping.rules.get(name)
        return "・".join(rule.columns) if rule else name

    def problems(self, found: Checked) -> list[Problem]:
        """All of a row's, the fatal ones first."""
        fatal = [Problem(found.row.number, self.column(name), reason) for name, reason in found.wrong.items()]
        return fatal + found.doubts
