"""Rows of a file beside the records that they became, each as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId

from gate.reading.judging import may_be_opened
from gate.reading.loading import load_several
from gate.reading.shown import Cells, Row, Shown, verdict_on
from gate.refusals import NotFound
from imports.mapping.donor_rule import DONOR_FIELDS, DonorRule
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.source import rows_of
from imports.run.outcomes import OUTCOMES
from imports.store import runs
from imports.store.record_writes import stored
from imports.store.sealed_source import Unopened
from imports.store.source_cells import is_open, show
from models.data_classes import Words
from models.declaration import Field
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

Document = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """A column that fills something: its cell (None where it is withheld) and the stored values that it filled."""

    column: str
    cell: str | None
    stored: list[tuple[Words, Shown | None]]
    """Label and value; None where there is no record."""


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
    pairs: list[Pair] = field(default_factory=list)
    hidden: list[Field] = field(default_factory=list)
    """Fields that the row fills and this reader cannot compare."""
    openable: list[tuple[str, str, list[Field]]] = field(default_factory=list)
    """(noun, id of the record, its fields) that this reader may reveal for a purpose."""


@dataclass
class _Read:
    """A row while it is put together."""

    number: int
    batch: Document
    at: int
    cells: dict[str, str]
    records: dict[str, str] = field(default_factory=dict)
    """Noun → id of the record that the row filled, or its donor."""
    revealed: frozenset[tuple[str, str]] = frozenset()
    shown: Cells | None = None


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


def beside(actor: Actor, run: Document, phase: str, rows: Iterable[int], key: bytes) -> list[Beside]:
    """What a reader may see of rows and of their records; the disclosures are written first, once for all rows.

    Raises:
        NotFound: no such row. LedgerClosed: it could not be told.
    """
    mapping, noun = mapping_or_none(run), NOUNS[run["noun"]]
    fed = feeds(mapping) if mapping else {}
    read = list(_read(run, phase, rows, key))
    records = load_several(actor, noun, [each.batch["records"][each.at] for each in read])
    donors = _donors(actor, run, mapping, read) if mapping else {}
    for each in read:
        each.revealed = frozenset(
            (its.noun, its.name)
            for its in {one for fields in fed.values() for one in fields}
            if its.noun in each.records and (its.noun, each.records[its.noun], its.name) in actor.revealed
        )
    _show(actor, run, fed, read)
    return [_beside(actor, run, fed, each, records, donors) for each in read]


def _read(run: Document, phase: str, rows: Iterable[int], key: bytes) -> Iterator[_Read]:
    """The rows as they stand in the file, each batch unsealed once."""
    batch: Document = {"rows": []}
    source: dict[int, Any] = {}
    for row in rows:
        if row not in batch["rows"]:
            batch = batch_of(run, phase, row)
            try:
                source = rows_of(key, run["_id"], batch["no"], batch)
            except Unopened:
                source = {}
        at = batch["rows"].index(row)
        record = batch["records"][at]
        yield _Read(
            row, batch, at, source[row].cells if row in source else {},
            {} if record is None else {run["noun"]: str(record)},
        )  # fmt: skip


def _donors(actor: Actor, run: Document, mapping: Mapping, read: list[_Read]) -> dict[str, Row]:
    """The donors that these rows tell of, by id; each row is told which is its own."""
    names = [name for name, rule in mapping.rules.items() if isinstance(rule, DonorRule)]
    if not names:
        return {}
    ids = [each.batch["records"][each.at] for each in read]
    documents = stored(NOUNS[run["noun"]], [each for each in ids if each is not None])
    for each in read:
        document = documents.get(each.batch["records"][each.at], {})
        if donor := next((document[name] for name in names if document.get(name)), None):
            each.records["donor"] = str(donor)
    wanted = {each.records["donor"] for each in read if "donor" in each.records}
    return load_several(actor, NOUNS["donor"], map(ObjectId, wanted))


def _show(actor: Actor, run: Document, fed: dict[str, list[Field]], read: list[_Read]) -> None:
    """Show the cells of all rows, those together of which the same was revealed."""
    for revealed in dict.fromkeys(each.revealed for each in read):
        those = [each for each in read if each.revealed == revealed and each.cells]
        if not those:
            continue
        columns = {column: fed.get(column, []) for each in those for column in each.cells}
        shown = show(
            actor, NOUNS[run["noun"]], run["institution"], str(run["_id"]), [each.cells for each in those], columns,
            revealed=revealed,
        )  # fmt: skip
        for each, cells in zip(those, shown, strict=True):
            each.shown = cells


def _beside(
    actor: Actor, run: Document, fed: dict[str, list[Field]], read: _Read, records: dict[str, Row], donors: dict[str, Row]
) -> Beside:  # fmt: skip
    noun, batch, causes = NOUNS[run["noun"]], read.batch, read.batch["causes"]
    cells = dict(read.shown or {})
    record = records.get(str(batch["records"][read.at]))
    sides = {noun.name: record, "donor": donors.get(read.records.get("donor", ""))}
    changing: list[str] = next((names for n, _, names in batch.get("changes", []) if n == read.number), [])
    hidden = _hidden(actor, run, fed, read)
    return Beside(
        read.number,
        OUTCOMES[batch["fates"][read.at]],
        [(column, cell, tuple(each.label for each in fed.get(column, []))) for column, cell in cells.items()],
        [
            (column, tuple(causes[cause]), fatal)
            for n, column, cause, fatal, _ in batch["problems"]
            if n == read.number
        ],
        record,
        tuple(noun.fields[name].label for name in changing),
        [
            Pair(column, cell, [(each.label, side[each.name] if (side := sides.get(each.noun)) else None) for each in fed[column]])
            for column, cell in cells.items() if column in fed
        ],
        hidden,
        list(_openable(actor, run, read, hidden)),
    )  # fmt: skip


def _hidden(actor: Actor, run: Document, fed: dict[str, list[Field]], read: _Read) -> list[Field]:
    """The fields that cells of the row fill and that are not shown to this reader in full."""
    filled = dict.fromkeys(
        each for column, cell in read.cells.items() if cell.strip() for each in fed.get(column, [])
    )
    return [each for each in filled if not is_open(actor, each, "detail", run["institution"], read.revealed)]


def _openable(
    actor: Actor, run: Document, read: _Read, hidden: list[Field]
) -> Iterator[tuple[str, str, list[Field]]]:
    for noun, id_ in read.records.items():
        if may(actor, noun, "reveal", run["institution"]):
            those = [
                each
                for each in hidden
                if each.noun == noun
                and may_be_opened(each, verdict_on(actor, each, "detail", run["institution"]))
            ]
            if those:
                yield noun, id_, those
