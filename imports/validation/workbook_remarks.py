"""What the reader of workbooks noticed at cells, as far as it matters to the fields that they fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.fields.kinds import kind_of
from imports.formats.form import SheetRow
from imports.formats.remarks import DOUBTFUL
from imports.formats.xlsx.marks import ALTERED, DATE, INTEGER, UNIT
from imports.mapping.donor_rule import DonorRule
from imports.mapping.mapping import Mapping
from imports.mapping.rules import Day, Measured, Rule, Sized, Written
from imports.store.record_writes import standing
from models.data_classes import Words
from models.declaration import Field, Noun

PADDED: Words = (
    "Excelで数値になっている番号です。先頭に0のついた同じ番号の記録があり、どちらか決められません。番号の列を文字列にして送り直してください。",
    "Excel holds this number as a figure, and there is a record of the same number with zeros before it. Make the column "
    "text in Excel and send the file again.",
)
_GIVER_IDENTIFIERS = ("number", "postcode", "telephone")
WIDEST = 8
"""Digits of a number that is padded with zeros."""


class Noticed:
    """The marks of a file's cells through one mapping."""

    def __init__(self, mapping: Mapping) -> None:
        """Which marks say nothing in which column: a date in a date's column is as it should be."""
        self._ordinary: dict[str, frozenset[str]] = {}
        for name, rule in mapping.rules.items():
            for column in rule.columns:
                said = _ordinary(mapping.noun, mapping.noun.fields.get(name), rule, column)
                for source in mapping.sources([column]):
                    self._ordinary[source] = self._ordinary.get(source, said) & said
        numbered = mapping.rules.get(mapping.noun.number)
        self._numbered = mapping.sources(numbered.columns) if numbered else ()

    def altered(self, row: SheetRow) -> Words | None:
        """Why the record's number cannot be read from this row; None where it can."""
        marks = (row.marks.get(column, "") for column in self._numbered)
        return next((DOUBTFUL[mark] for mark in marks if mark in ALTERED), None)

    def doubts(self, row: SheetRow) -> Iterator[tuple[str, Words]]:
        """Column ("" for the whole row) and reason of what deserves a look."""
        for column, mark in row.marks.items():
            if column in self._numbered and mark in ALTERED:
                continue  # told as what keeps the row out
            if not column or (column in self._ordinary and mark not in self._ordinary[column]):
                yield column, DOUBTFUL[mark]

    def unpadded(self, row: SheetRow) -> bool:
        """Whether the record's number is a whole number to Excel."""
        return any(row.marks.get(column) == INTEGER for column in self._numbered)


def _ordinary(noun: Noun, field: Field | None, rule: Rule, column: str) -> frozenset[str]:
    kind = kind_of(field) if field else None
    identifies = field is not None and (field.name == noun.number or kind_of(field).is_digits)
    if isinstance(rule, DonorRule):
        identifies = column in (rule.told.get(part) for part in _GIVER_IDENTIFIERS)
    found = set() if identifies else {INTEGER}
    if (kind and kind.is_dated) or isinstance(rule, Day | Written):
        found.add(DATE)
    if (kind and kind.is_count) or isinstance(rule, Measured | Sized):
        found.add(UNIT)
    return frozenset(found)


def padded(noun: Noun, institution: str, numbers: Iterable[str]) -> set[str]:
    """Those of these numbers that are a record's there with zeros before them: 77, where there is a 0077."""
    asked = {
        number.zfill(width): number
        for number in numbers
        if number.isdecimal()
        for width in range(len(number) + 1, WIDEST + 1)
    }
    return {asked[each] for each in standing(noun, institution, asked, whole=False)} if asked else set()
