"""One row of a file beside the record that it became, each as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gate.reading.loading import load
from gate.reading.shown import Row
from gate.refusals import NotFound, Refused
from imports.mapping.donor_rule import DONOR_FIELDS, DonorRule
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.source import rows_of
from imports.run.outcomes import OUTCOMES
from imports.store import runs
from imports.store.sealed_source import Unopened
from imports.store.source_cells import show
from models.data_classes import Words
from models.declaration import Field
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]


@dataclass(frozen=True)
class Beside:
    """A row and its record."""

    row: int
    outcome: Words
    cells: list[tuple[str, str | None, tuple[Words, ...]]]
    """(column, cell or None where it is withheld, labels of the fields that it fills)."""
    reasons: list[tuple[str, Words, bool]]
    """(column, reason, whether it kept the row out)."""
    record: Row | None
    """The record of the row; on trial the one that would be changed."""
    changing: tuple[Words, ...] = ()
    """On trial: labels of the fields that the row would change in it."""


def feeds(mapping: Mapping) -> dict[str, list[Field]]:
    """Column → the fields that it fills, the donor's among them."""
    found: dict[str, list[Field]] = {}
    donor = NOUNS["donor"]
    for name, rule in mapping.rules.items():
        if isinstance(rule, DonorRule):
            for part, column in rule.told.items():
                _feed(found, mapping, [column], donor.fields[DONOR_FIELDS[part]])
        else:
            _feed(found, mapping, rule.columns, mapping.noun.fields[name])
    # What is cut out of a cell says nothing of what else stands there: its column counts as one that feeds nothing.
    for column in mapping.computed.cut:
        found.pop(column, None)
    return found


def _feed(found: dict[str, list[Field]], mapping: Mapping, columns: Sequence[str], field: Field) -> None:
    """A computed column feeds the field, and so does each column that it is made of."""
    for column in dict.fromkeys((*columns, *mapping.sources(columns))):
        found.setdefault(column, []).append(field)


def mapping_or_none(run: Document) -> Mapping | None:
    """The import's mapping, where it has a usable one."""
    try:
        return mapping_of(run["mapping"]["text"])
    except (MappingError, KeyError):
        return None


def batch_of(run: Document, phase: str, row: int) -> Document:
    """The batch that a row is in.

    Raises:
        NotFound: the file has no such row.
    """
    id_ = str(run["_id"])
    found = runs.batch(id_, phase, runs.first_reaching(id_, phase, row))
    if found is None or row not in found["rows"]:
        raise NotFound
    return found


def beside(actor: Actor, run: Document, phase: str, row: int, key: bytes) -> Beside:
    """What a reader may see of a row and of its record; the disclosures are written first.

    Raises:
        NotFound: no such row. LedgerClosed: it could not be told.
    """
    batch = batch_of(run, phase, row)
    at = batch["rows"].index(row)
    mapping = mapping_or_none(run)
    noun = NOUNS[run["noun"]]
    fed = feeds(mapping) if mapping else {}
    cells = _cells(run, batch, at, key)
    columns = {column: fed.get(column, []) for column in cells}
    shown = show(actor, noun, run["institution"], str(run["_id"]), [cells], columns)[0] if cells else {}
    changing: list[str] = next((names for n, _, names in batch.get("changes", []) if n == row), [])
    causes = batch["causes"]
    return Beside(
        row,
        OUTCOMES[batch["fates"][at]],
        [(column, cell, tuple(each.label for each in columns[column])) for column, cell in shown.items()],
        [
            (column, tuple(causes[cause]), fatal)
            for n, column, cause, fatal, _ in batch["problems"]
            if n == row
        ],
        _record(actor, run, batch["records"][at]),
        tuple(noun.fields[name].label for name in changing),
    )


def _cells(run: Document, batch: Document, at: int, key: bytes) -> dict[str, str]:
    try:
        return rows_of(key, run["_id"], batch["no"], batch)[batch["rows"][at]].cells
    except Unopened:
        return {}


def _record(actor: Actor, run: Document, record: Any) -> Row | None:
    if record is None:
        return None
    try:
        return load(actor, NOUNS[run["noun"]], str(record))
    except (NotFound, Refused):
        return None
