"""In which order the days of a column stand, 03/04/2005: the whole file decides it before a row is judged (law 9).

What was decided stands in the import's document and is told on its page; a mapping may say it instead (`order`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from typing import Any

from gate.fields.kinds import kind_of
from gate.store.date_readings import as_it_reads
from imports.formats.form import SheetError, SheetRow
from imports.mapping.mapping import Mapping, mapping_of
from imports.mapping.rules import Cells, Day, Rule
from japanese.day_orders import Evidence, decided, evidence, in_order

Document = dict[str, Any]
AT_ONCE = 1_000
"""Rows looked at between two signs of life."""


@dataclass(frozen=True)
class Ordered:
    """A rule for dates whose days stand in a known order. What is stored as written stays as it is in the file."""

    rule: Rule
    order: str
    period: bool
    """The field keeps the date as written; else it is one day."""

    @property
    def columns(self) -> tuple[str, ...]:
        """As the rule's."""
        return self.rule.columns

    def read(self, cells: Cells) -> Any:
        """As the rule reads it, once the days are year-month-day.

        Raises:
            Wrong: as the rule's.
        """
        turned = self.rule.read(
            {**cells, **{each: in_order(cells[each], self.order) for each in self.columns}}
        )
        if not self.period:
            return turned
        # A rule of days takes nothing else than a day, and its cell is not one until it is turned.
        written = cells[self.rule.column].strip() if isinstance(self.rule, Day) else self.rule.read(cells)
        if turned == written:
            return written
        if isinstance(turned, dict):  # with bounds of its own
            return turned | {"text": written["text"] if isinstance(written, dict) else written}
        reads = as_it_reads(turned)
        return {**reads, "text": written} if reads else written


def mapping_of_import(run: Table[str, Any]) -> Mapping:
    """The mapping of an import, its dates read in the order that it says or that the file has decided.

    Raises:
        MappingError: as mapping_of.
    """
    mapping = mapping_of(run["mapping"]["text"])
    orders = {name: each["order"] for name, each in run.get("orders", {}).items()} | mapping.orders
    rules = {
        name: Ordered(rule, order, mapping.noun.fields[name].is_written_date)
        if (order := orders.get(name)) and name in dated(mapping)
        else rule
        for name, rule in mapping.rules.items()
    }
    return replace(mapping, rules=rules)


def dated(mapping: Mapping) -> dict[str, tuple[str, ...]]:
    """The fields that hold dates, each with the columns that fill it."""
    return {
        name: rule.columns
        for name, rule in mapping.rules.items()
        if (field := mapping.noun.fields.get(name)) and kind_of(field).is_day
    }


def count_orders(
    found: dict[str, Counter[Evidence]], mapping: Mapping, rows: Iterable[SheetRow]
) -> Iterator[None]:
    """Count into `found`, field by field, what the rows tell of the order; a step every AT_ONCE rows.

    A file that cannot be read to its end yields the rows before that point: the next reader reports why.
    """
    columns = dated(mapping)
    try:
        for number, row in enumerate(rows, 1):
            there = mapping.cells(row.cells)
            for name, its in columns.items():
                cells = (there.get(column, "") for column in its)
                found.setdefault(name, Counter()).update(evidence(cells))
            if number % AT_ONCE == 0:
                yield
    except SheetError:
        return


def as_document(mapping: Mapping, found: Table[str, Counter[Evidence]]) -> Document:
    """What an import keeps of it: field → column, order ("" where it stays open), and the days counted."""
    columns = dated(mapping)
    return {
        name: {
            "column": "・".join(mapping.sources(columns[name])),
            "order": mapping.orders.get(name) or decided(its) or "",
            "said": name in mapping.orders,
            **{each: its[each] for each in ("dmy", "mdy", "either")},
        }
        for name, its in found.items()
        if its.total()
    }
