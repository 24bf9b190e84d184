"""The cells of a file that a screen shows, as far as its reader may see them: the raw rows go no further than here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gate.reading.shown import Cells
from gate.refusals import Refused
from imports.formats.form import SheetRow
from imports.mapping.donor_rule import DonorRule
from imports.mapping.mapping import Mapping as ColumnMapping
from imports.mapping.source import Look, rows_of
from imports.proposals.proposals import SAMPLES, samples
from imports.run.decisions import candidates
from imports.run.donor_matching import AMBIGUOUS
from imports.run.row_comparison import feeds
from imports.store import runs
from imports.store.sealed_source import Unopened
from imports.store.source_cells import show
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """A row that waits for a decision, by what it says of a number and of a donor."""

    row: int
    cause: Words
    cells: Cells
    donors: list[Any]
    """Ids of the donors that it could mean, where that is the question."""


def column_samples(
    actor: Actor, run: Document, mapping: ColumnMapping | None, look: Look
) -> dict[str, list[str] | None]:
    """Column → some of its values, or None where it is withheld; disclosed first."""
    fed = feeds(mapping) if mapping else {}
    columns = {column: fed.get(column, []) for column in look.header}
    rows = [
        {column: (samples(look.rows, column) + [""] * SAMPLES)[n] for column in columns}
        for n in range(SAMPLES)
    ]
    shown = show(actor, NOUNS[run["noun"]], run["institution"], str(run["_id"]), rows, columns)
    return {
        column: None if shown[0][column] is None else [cell for row in shown if (cell := row[column])]
        for column in columns
    }


PREVIEWED = 10
"""Rows that a computed column is shown with."""


def computed_samples(
    actor: Actor, run: Document, mapping: ColumnMapping, look: Look
) -> dict[str, list[tuple[str, str]] | None]:
    """Computed column → (its cells as they stand in the file, what is made of them) of some rows; None where withheld.

    Raises:
        LedgerClosed: the disclosure could not be written.
    """
    fed, found = feeds(mapping), {}
    for name in dict(mapping.computed.columns):
        sources = mapping.sources([name])
        pairs: dict[tuple[str, ...], dict[str, str]] = {}
        for row in look.rows:
            cells = mapping.cells(row.cells)
            raw = tuple(cells.get(each, "").strip() for each in sources)
            if any(raw) and len(pairs) < PREVIEWED:
                pairs.setdefault(raw, {each: cells.get(each, "") for each in (*sources, name)})
        # As closed as the most closed of what it is made of: one that feeds nothing may hold anything.
        open_ = (
            [] if any(not fed.get(each) for each in sources) else [f for each in sources for f in fed[each]]
        )
        columns = {each: fed.get(each, []) for each in sources} | {name: open_}
        shown = show(
            actor, NOUNS[run["noun"]], run["institution"], str(run["_id"]), list(pairs.values()), columns
        )
        hidden = any(None in row.values() for row in shown)
        found[name] = (
            None
            if hidden
            else [("｜".join(str(row[each]).strip() for each in sources), str(row[name])) for row in shown]
        )
    return found  # fmt: skip


def held_cells(
    actor: Actor, run: Document, mapping: ColumnMapping, rows: list[tuple[int, Words, int]], key: bytes
) -> list[Held]:
    """Rows that wait, by (number, cause, batch), as this actor may see them; disclosed first.

    Raises:
        LedgerClosed: the disclosure could not be written.
    """
    noun, fed = NOUNS[run["noun"]], feeds(mapping)
    number = mapping.rules.get(noun.number)
    told = [*(number.columns if number else ())]
    told += [
        column for rule in mapping.rules.values() if isinstance(rule, DonorRule) for column in rule.columns
    ]
    columns = {column: fed.get(column, []) for column in mapping.sources(told)}
    source = _sources(run, {batch for _, _, batch in rows}, key)
    there = [source[row].cells if row in source else {} for row, _, _ in rows]
    cells = [{column: each.get(column, "") for column in columns} for each in there]
    shown = show(actor, noun, run["institution"], str(run["_id"]), cells, columns)
    asked = {row: source[row] for row, cause, _ in rows if cause == AMBIGUOUS and row in source}
    donors = _candidates(actor, run, mapping, asked)
    return [
        Held(row, cause, each, donors.get(row, [])) for (row, cause, _), each in zip(rows, shown, strict=True)
    ]


def _sources(run: Document, numbers: Iterable[int], key: bytes) -> dict[int, SheetRow]:
    """The rows of these batches by number: the others stay sealed."""
    found: dict[int, SheetRow] = {}
    for no in numbers:
        batch = runs.batch(str(run["_id"]), "run", no, only=("source",)) or {}
        try:
            found |= rows_of(key, run["_id"], no, batch)
        except Unopened:
            continue
    return found


def _candidates(
    actor: Actor, run: Document, mapping: ColumnMapping, asked: Mapping[int, SheetRow]
) -> dict[int, list[Any]]:
    try:
        return candidates(actor, run, mapping, asked)
    except Refused:
        return {}
