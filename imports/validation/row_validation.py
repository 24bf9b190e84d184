"""One row looked at: what it would store, and everything that is wrong with it or deserves a look. It stores nothing."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field
from typing import Any

from gate.fields.typed_text import Wrong
from gate.fields.validation import REQUIRED, clean_field
from imports.formats.doubts import BENT, bent, doubts, suspected
from imports.formats.form import SheetRow
from imports.mapping.cell_values import Saying
from imports.mapping.donor_rule import Told
from imports.mapping.mapping import Mapping
from imports.mapping.personal import FLAGS, flags, free_text
from imports.mapping.unreadable import KEEP, NOTES, REFUSE, told_of
from imports.store.filling import Filling
from imports.validation.altered_cells import Altered
from imports.validation.date_doubts import date_doubts
from imports.validation.value_doubts import value_doubts
from imports.validation.workbook_remarks import Noticed
from japanese.text import without_formula_guard
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
    donors: dict[str, Told] = field(default_factory=dict)
    """Field → the donor as the row tells of them."""
    revision: int | None = None
    """The revision that the row was written out at, where it says so."""
    noted: list[str] = field(default_factory=list)
    """Cells that could not be read and that the notes keep; a new record's notes end with them."""
    unread: list[str] = field(default_factory=list)
    """Fields that are left empty, or get their default, because their cell could not be read."""
    own_notes: Any = None
    """The row's own notes without them."""

    def noted_in(self, kept: Document, record: Document) -> Document:
        """What the row changes in a record, the noted cells behind the notes that the row or else the record has."""
        if not self.noted:
            return kept
        return {**kept, NOTES: with_notes(self.own_notes or record.get(NOTES), self.noted)}


def with_notes(notes: Any, noted: Iterable[str]) -> str:
    """Notes with lines added that are not there yet."""
    lines = str(notes or "").split("\n")
    return "\n".join(filter(None, [*lines, *(each for each in noted if each not in lines)]))


class Checking:
    """The rows of one file through one mapping, by one actor's rights."""

    def __init__(self, mapping: Mapping, filling: Filling, saying: Saying | None = None) -> None:
        """`saying`: of an earlier batch, which knows already what was said there."""
        self.mapping, self.filling = mapping, filling
        self._saying = saying or Saying(mapping, filling.institution)
        self._number = mapping.noun.number
        self._free = [each for each in free_text(mapping.noun) if each.name in mapping.fields]
        self._read = mapping.columns
        self._numbered = self._number_columns()
        self._noticed = Noticed(mapping)
        self._altered = Altered(mapping)

    def _number_columns(self) -> tuple[str, ...]:
        rule = self.mapping.rules.get(self.mapping.noun.number)
        return self.mapping.sources(rule.columns) if rule else ()

    def number(self, row: SheetRow) -> str:
        """The record's number alone, "" where it cannot be read: enough to know which rows are the same record's."""
        noun = self.mapping.noun
        rule = self.mapping.rules.get(noun.number)
        if rule is None or "" in row.troubles:
            return ""
        try:
            return str(clean_field(noun.fields[noun.number], rule.read(self.cells(row))) or "")
        except Wrong:
            return ""

    def look(self, row: SheetRow) -> Checked:
        """Everything about a row, all its mistakes and not only the first; what is doubtful `doubt` tells."""
        found = Checked(row)
        if "" in row.troubles:
            found.wrong[""] = row.troubles[""]
            return found
        said = self._saying.say(self.cells(row), row.troubles)
        found.kept, found.wrong, found.donors = said.kept, said.wrong, said.donors
        self._leave_empty(found)
        number = found.kept.get(self._number)
        # A form proposes the next number for an empty one; a row without its number is a mistake in the file.
        if not number and self._number not in found.wrong:
            found.wrong[self._number] = REQUIRED
        found.number = str(number or "")
        if self.mapping.options.revision:
            written = row.cells.get(self.mapping.options.revision, "").strip()
            found.revision = int(written) if written.isdecimal() and len(written) < 10 else None
        return found

    def _leave_empty(self, found: Checked) -> None:
        """Where the mapping says so, a cell that cannot be read does not keep the row out; it is told, and perhaps kept."""
        for name in [each for each in found.wrong if self.mapping.unreadable.get(each, REFUSE) != REFUSE]:
            choice, column = self.mapping.unreadable[name], self.column(name)
            found.unread.append(name)
            told = told_of(self.mapping.noun.fields[name], choice, found.wrong.pop(name))
            found.doubts.append(Problem(found.row.number, column, told, False))
            if choice == KEEP:
                raw = self.raw(found.row)
                cell = " ".join(filter(None, (raw.get(each, "").strip() for each in self._sources(name))))
                found.noted.append(f"{column}: {cell}")
        if found.noted:
            found.own_notes = found.kept.get(NOTES)
            try:
                notes = self.mapping.noun.fields[NOTES]
                found.kept[NOTES] = clean_field(notes, with_notes(found.own_notes, found.noted))
            except Wrong as error:
                found.wrong[NOTES] = error.words

    def _sources(self, name: str) -> tuple[str, ...]:
        return self.mapping.sources(self.mapping.rules[name].columns)

    def unpadded(self, looked: Iterable[Checked]) -> set[str]:
        """The numbers that a workbook holds as figures: a zero before them may be lost."""
        return {each.number for each in looked if each.number and self._noticed.unpadded(each.row)}

    def raw(self, row: SheetRow) -> dict[str, str]:
        """As they were before an export of ours made them safe for spreadsheets; any other file's as they are."""
        if not self.mapping.options.returned:
            return row.cells
        return {column: without_formula_guard(cell) for column, cell in row.cells.items()}

    def cells(self, row: SheetRow) -> Mapping_[str, str]:
        """The same with the computed columns among them."""
        return self.mapping.cells(self.raw(row))

    def doubt(self, looked: Iterable[Checked]) -> None:
        """Add to each row what in it deserves a look, and that its number is bent."""
        found = [each for each in looked if "" not in each.row.troubles]
        for each in found:
            if any(bent(each.row.cells.get(column, "")) for column in self._numbered):
                each.wrong[self._number] = BENT
            elif each.row.marks and (altered := self._noticed.altered(each.row)):
                each.wrong[self._number] = altered
            each.doubts += [
                Problem(each.row.number, column, reason, False)
                for column, reason in self._noticed.doubts(each.row)
            ]
        self._doubt_cells(found)
        for each in found:
            for name, reason in date_doubts(self.mapping.noun, each.kept):
                each.doubts.append(Problem(each.row.number, self.column(name), reason, False))
            for name, reason in value_doubts(self.mapping, self.cells(each.row)):
                each.doubts.append(Problem(each.row.number, self.column(name), reason, False))
        for at, name, flag in flags(self._free, [each.kept for each in found]):
            row = found[at].row.number
            found[at].doubts.append(Problem(row, self.column(name), FLAGS[flag][1], False))

    def _doubt_cells(self, found: list[Checked]) -> None:
        """Characters that were lost before the file came, or that are not stored as they stand."""
        if suspected(each.row.cells for each in found):
            for each in found:
                each.doubts += [
                    Problem(each.row.number, lost.column, lost.reason, False, lost.places)
                    for lost in doubts(each.row.cells)
                    if lost.column in self._read
                ]
        if self._altered.suspected(each.row.cells for each in found):
            for each in found:
                each.doubts += [
                    Problem(each.row.number, column, reason, False, places)
                    for column, reason, places in self._altered.alterations(each.row.cells)
                ]

    def column(self, name: str) -> str:
        """The columns that fill a field, as they are told to people."""
        rule = self.mapping.rules.get(name)
        return "・".join(self.mapping.sources(rule.columns)) if rule else name

    def problems(self, found: Checked) -> list[Problem]:
        """All of a row's, the fatal ones first."""
        fatal = [Problem(found.row.number, self.column(name), reason) for name, reason in found.wrong.items()]
        return fatal + found.doubts
