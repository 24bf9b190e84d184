"""What a row says of each field: read by the field's rule, looked at by the gate's validator; what is said again and
again is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, cast

from gate.fields.kinds.kind import NO_FIELD, kind_of
from gate.fields.kinds.rows import MAX_ROWS
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from imports.mapping.donor_rule import Told
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.rules import Rule
from models.data_classes import PERSONAL, Words
from models.declaration import Field
from models.part import new_part_id
from models.registry import fields_of

Document = dict[str, Any]
Cells = Mapping[str, str]
"""Kinds of field whose values come again and again in one file."""
REMEMBERED = 4_096
"""Of one field."""
_Outcome = tuple[Any, Any, Words | None]
"""As the rule read it (None: it could not), as it may be stored, and why not."""


@dataclass(slots=True)
class Said:
    """All that one row says. A field stands in `kept` or in `wrong`; what belongs to a donor in `donors`, until it is one."""

    kept: Document = field(default_factory=dict)
    wrong: dict[str, Words] = field(default_factory=dict)
    donors: dict[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ruled:
    name: str
    rule: Rule
    field: Field | None
    """None: no such field, or one that nobody enters."""
    cells: Callable[[Cells], Any]
    """What the rule looks at."""
    sources: tuple[str, ...]
    """The file's columns behind it."""
    known: dict[Any, _Outcome] | None
    """What it looked at → what came of it; None where nothing comes twice."""


class Saying:
    """The rows of one file through one mapping. It holds nothing that rights bear on, and serves for the whole of a run."""

    def __init__(self, mapping: Columns, institution: str) -> None:
        fields = fields_of(mapping.noun, institution).values()
        entered = {each.name: each for each in fields if not each.declared.kept_by_system}
        self._rules = [
            _Ruled(
                name, rule, entered.get(name), itemgetter(*rule.columns), mapping.sources(rule.columns),
                {} if name in entered and _repeats(entered[name]) else None,
            )
            for name, rule in mapping.rules.items() if rule.columns
        ]  # fmt: skip
        alike = {**mapping.defaults(institution), **mapping.constants}
        self._alike = {name: _cleaned(entered.get(name), value) for name, value in alike.items()}
        """What every row gets alike where its own cell says nothing."""
        self._unasked = [name for name in self._alike if name not in mapping.rules]
        self._rows: dict[Any, list[Document]] = {}

    def say(self, cells: Cells, troubles: Mapping[str, Words]) -> Said:
        """What these cells say.

        Args:
            cells: column → cell, the computed ones among them.
            troubles: column → why its cell cannot be read.
        """
        found = Said()
        for ruled in self._rules:
            name = ruled.name
            if troubles and (lost := next((troubles[c] for c in ruled.sources if c in troubles), None)):
                found.wrong[name] = lost
                continue
            outcome = self._outcome(ruled, cells)
            if type(outcome[0]) is Told:
                found.donors[name] = outcome[0]
            else:
                _put(found, name, self._alike.get(name, outcome) if outcome[0] in ("", []) else outcome)
        for name in self._unasked:
            _put(found, name, self._alike[name])
        return found

    def _outcome(self, ruled: _Ruled, cells: Cells) -> _Outcome:
        if ruled.known is None:
            return self._worked_out(ruled, cells)
        said = ruled.cells(cells)
        found = ruled.known.get(said)
        if found is None:
            if len(ruled.known) >= REMEMBERED:
                ruled.known.clear()
            found = ruled.known[said] = self._worked_out(ruled, cells)
        return found

    def _worked_out(self, ruled: _Ruled, cells: Cells) -> _Outcome:
        try:
            value = ruled.rule.read(cells)
        except Wrong as error:
            return None, None, error.words
        if isinstance(value, Told):
            return value, None, None
        if (
            ruled.field
            and kind_of(ruled.field).by_rows
            and isinstance(value, list)
            and not ruled.field.required
        ):
            return self._parts(ruled.field, value)
        return _cleaned(ruled.field, value)

    def _parts(self, of: Field, value: list[Any]) -> _Outcome:
        """Rows read one by one: sizes repeat, and sets of them do not. Each gets an id of its own."""
        if len(value) > MAX_ROWS or not all(isinstance(each, dict) and "id" not in each for each in value):
            return _cleaned(of, value)
        rows = []
        for each in value:
            said = (of.name, *each.items())
            if said not in self._rows:
                _, clean, why = _cleaned(of, [each])
                if why is not None:
                    return value, None, why
                if len(self._rows) >= REMEMBERED:
                    self._rows.clear()
                self._rows[said] = cast("list[Document]", clean)
            rows += [{**row, "id": new_part_id()} for row in self._rows[said]]
        return value, rows, None


def _repeats(of: Field) -> bool:
    """What is said of things comes again and again; what is said of people is not kept in memory."""
    return kind_of(of).repeats and of.data_class not in PERSONAL


def _put(found: Said, name: str, outcome: _Outcome) -> None:
    _, clean, why = outcome
    if why is None:
        found.kept[name] = dict(clean) if type(clean) is dict else clean
    else:
        found.wrong[name] = why


def _cleaned(of: Field | None, value: Any) -> _Outcome:
    if of is None:
        return value, None, NO_FIELD
    try:
        return value, clean_field(of, value), None
    except Wrong as error:
        return value, None, error.words
