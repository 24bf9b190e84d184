"""The different cells behind one cause of an import, each with its count: what to teach, to map, or to correct."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gate.refusals import NotFound
from imports.mapping.mapping import Mapping
from imports.mapping.source import rows_of
from imports.run.row_comparison import batch_of, feeds, mapping_or_none
from imports.run.running import cause_of
from imports.store import runs
from imports.store.sealed_source import Unopened
from imports.store.source_cells import show
from models.data_classes import PERSONAL, Words
from models.declaration import Field
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
SHOWN = 500
"""The most frequent ones are shown."""
TOLD_APART = 50_000
"""A file with more different cells counts the rest together."""
FIRST_ROWS = 3
VALUES = 3
"""Cells named of one cause."""
NAMED_CAUSES = 20
"""Causes of which cells are named."""
LONGEST = 60
"""Characters of a cell in a message."""


@dataclass
class Distinct:
    """Cells as they stand in the file, the most frequent first."""

    reason: Words
    columns: tuple[str, ...]
    cells: list[tuple[list[str | None], int, list[int]]] = field(default_factory=list)
    """(the columns' cells, None where withheld; how many rows; the first of them)."""
    kinds: int = 0
    """How many different ones there are."""
    more: int = 0
    """Rows beyond TOLD_APART."""


def distinct_cells(actor: Actor, run: Document, phase: str, cause: int, key: bytes) -> Distinct:
    """The different cells of a cause's column; what is personal among them is disclosed first.

    Args:
        cause: its place among the causes that the import tells.

    Raises:
        NotFound: no such cause, or it is of no column. Unopened: the source is gone.
    """
    causes = run.get("trial" if phase == "trial" else "counts", {}).get("causes", [])
    if not 0 <= cause < len(causes) or not causes[cause]["column"]:
        raise NotFound
    told, mapping = causes[cause], mapping_or_none(run)
    found = Distinct((told["ja"], told["en"]), _columns(mapping, told["column"]))
    counts, first = _counted(run, phase, told, found, key)
    found.kinds = len(counts)
    fed = feeds(mapping) if mapping else {}
    frequent = counts.most_common(SHOWN)
    shown = show(
        actor,
        NOUNS[run["noun"]],
        run["institution"],
        str(run["_id"]),
        [dict(zip(found.columns, cells, strict=True)) for cells, _ in frequent],
        {column: fed.get(column, []) for column in found.columns},
    )
    found.cells = [
        ([row[column] for column in found.columns], count, first[cells])
        for row, (cells, count) in zip(shown, frequent, strict=True)
    ]
    return found


Cells = tuple[str, ...]


def _counted(
    run: Document, phase: str, told: Document, found: Distinct, key: bytes
) -> tuple[Counter[Cells], dict[Cells, list[int]]]:
    counts: Counter[Cells] = Counter()
    first: dict[Cells, list[int]] = {}
    for batch in runs.batches(str(run["_id"]), phase, only=("problems", "causes", "source")):
        rows = _rows_of_cause(batch, told)
        source = rows_of(key, run["_id"], batch["no"], batch) if rows else {}
        for row in rows:
            raw = source[row].cells if row in source else {}
            cells = tuple(raw.get(column, "").strip() for column in found.columns)
            if cells not in counts and len(counts) >= TOLD_APART:
                found.more += 1
                continue
            counts[cells] += 1
            if len(known := first.setdefault(cells, [])) < FIRST_ROWS:
                known.append(row)
    return counts, first


def _rows_of_cause(batch: Document, told: Document) -> list[int]:
    same = {at for at, (_, en) in enumerate(batch["causes"]) if cause_of(en) == told["en"]}
    return [
        row for row, column, cause, _, _ in batch["problems"] if cause in same and column == told["column"]
    ]


def _columns(mapping: Mapping | None, column: str) -> tuple[str, ...]:
    """The file's columns; a rule of several is told as one (imports.validation.row_validation)."""
    sources = [mapping.sources(rule.columns) for rule in mapping.rules.values()] if mapping else []
    return next((its for its in sources if "・".join(its) == column), (column,))


class NamedValues:
    """The cells of one import's rows, of columns that fill no field of persons."""

    def __init__(self, run: Document, phase: str, key: bytes) -> None:
        self._run, self._phase, self._key = run, phase, key
        mapping = mapping_or_none(run)
        self._fed: dict[str, list[Field]] = feeds(mapping) if mapping else {}
        rules = mapping.rules.values() if mapping else ()
        sources = [mapping.sources(rule.columns) for rule in rules] if mapping else []
        self._columns = {"・".join(its): its for its in sources}
        self._batch: Document = {"rows": ()}
        self._source: dict[int, Any] = {}

    def columns(self, column: str) -> dict[str, list[Field]]:
        """The file's columns that are told as one, each with the fields that it fills; none where one is of persons."""
        found = {each: self._fed.get(each, []) for each in self._columns.get(column, ())}
        open_ = all(its and not any(field.data_class in PERSONAL for field in its) for its in found.values())
        return found if open_ else {}

    def cells(self, row: int, column: str) -> dict[str, str]:
        """What stood in those columns; nothing where it may not be told, or the source is gone."""
        names = self.columns(column)
        if not names:
            return {}
        if row not in self._batch["rows"]:
            try:
                self._batch = batch_of(self._run, self._phase, row)
                self._source = rows_of(self._key, self._run["_id"], self._batch["no"], self._batch)
            except (NotFound, Unopened):
                return {}
        return {each: self._source[row].cells.get(each, "").strip() for each in names}

    def value(self, row: int, column: str) -> str:
        """The same as one text, for a reader of the file."""
        said = "｜".join(filter(None, self.cells(row, column).values()))
        return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def first_values(actor: Actor, run: Document, phase: str, key: bytes) -> dict[int, list[str]]:
    """Place of a cause that keeps rows out → the first cells that it was found in, as far as this actor may see them."""
    causes = run.get("trial" if phase == "trial" else "counts", {}).get("causes", [])
    values, found = NamedValues(run, phase, key), {}
    for at, cause in enumerate(causes[:NAMED_CAUSES]):
        columns = values.columns(cause["column"]) if cause["fatal"] else {}
        if not columns:
            continue
        rows = [values.cells(row, cause["column"]) for row in cause["first"][:VALUES]]
        shown = show(
            actor,
            NOUNS[run["noun"]],
            run["institution"],
            str(run["_id"]),
            [each for each in rows if each],
            columns,
        )
        said = ["｜".join(filter(None, row.values())) for row in shown]
        found[at] = [each for each in dict.fromkeys(said) if each]
    return found
