"""A source's habit: a year's end is written as its first day, 1896-01-01. Noticed in the whole file, widened on agreement.

What was noticed stands in the import's document and is told on its page; the mapping says what was agreed (`widen`).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import tomli_w

from imports.formats.form import SheetRow
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.rules import Written
from japanese.first_days import is_first_day

Document = dict[str, Any]
FEW = 3
"""Bounds that are all 1 January: fewer may be so by chance."""


class YearBounds:
    """The last days of a file's periods, watched while its rows go by."""

    def __init__(self, mapping: Mapping) -> None:
        self._columns = {
            name: rule.latest
            for name, rule in mapping.rules.items()
            if isinstance(rule, Written) and not rule.widen
        }
        self._said: Counter[str] = Counter()
        self._january: Counter[str] = Counter()

    def watch(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """The same rows."""
        for row in rows:
            for name, column in self._columns.items():
                if cell := row.cells.get(column, "").strip():
                    self._said[name] += 1
                    self._january[name] += is_first_day(cell)
            yield row

    def as_document(self) -> Document:
        """Field → its column and how many bounds it has, where each of them is 1 January."""
        return {
            name: {"column": column, "count": self._said[name]}
            for name, column in self._columns.items()
            if self._said[name] >= FEW and self._said[name] == self._january[name]
        }


def widened(text: str, field: str) -> str:
    """The mapping's text, in which 1 January as a field's last day stands for the whole year.

    Raises:
        MappingError: the field has no bounds of its own in the file.
    """
    told = tomllib.loads(text)
    if not isinstance(mapping_of(text).rules.get(field), Written):
        raise MappingError("対応表にその年代の列はありません。", "The mapping has no such bounds.")
    told["fields"][field] = {**told["fields"][field], "widen": True}
    return tomli_w.dumps(told)
