"""After a run: every source row read anew and held against what the store now has, field by field.

Nothing of the run's own memory is believed but which record a row became: the row is unsealed, mapped and validated
again, the record is read back, and the two are counted and summed apart.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from gate import imports
from gate.importing import bare, stored
from gate.updating import same
from migration.batching import HELD, IMPORTED, MERGED, REFUSED, UNCHANGED, UPDATED
from migration.checking import Checked, Checking
from migration.day_columns import mapping_of_import
from migration.mapping import Mapping
from migration.reading.form import SheetRow
from migration.returning import Returned
from migration.running import Progress, prepared
from migration.source import rows_of
from policies.actor import Actor

Document = dict[str, Any]
SAMPLE = 20
SHOWN = 500
_MOD = 1 << 62


@dataclass
class Sum:
    """One field: how many values, and the sum of their hashes, on the file's side and the store's."""

    expected: int = 0
    stored: int = 0
    expected_sum: int = 0
    stored_sum: int = 0


@dataclass
class Tally:
    """All that reconciling found."""

    rows: int = 0
    missing: list[int] = field(default_factory=list)
    """Rows whose record is not there."""
    edited: list[int] = field(default_factory=list)
    """Rows whose record somebody has edited since; it is not compared."""
    differing: list[list[Any]] = field(default_factory=list)
    """[row, field] where the store has something else."""
    fields: dict[str, Sum] = field(default_factory=dict)
    candidates: list[int] = field(default_factory=list)

    def add(self, number: str, name: str, expected: Any, found: Any) -> None:
        """One field of one record."""
        its = self.fields.setdefault(name, Sum())
        if expected not in (None, "", []):
            its.expected += 1
            its.expected_sum = (its.expected_sum + _hash(number, name, expected)) % _MOD
        if found not in (None, "", []):
            its.stored += 1
            its.stored_sum = (its.stored_sum + _hash(number, name, found)) % _MOD


def steps(run: Document, key: bytes, who: Callable[[], Actor]) -> Iterator[Progress]:
    """Batch by batch; at the end the import's document holds the figures and a sample for the witness.

    Raises:
        Refused, MappingError, Unopened: as migration.running.
    """
    mapping = mapping_of_import(run)
    id_, tally = str(run["_id"]), Tally()
    progress = Progress(total=int(run.get("counts", {}).get("rows", 0)))
    checking = Checking(mapping, prepared(who(), mapping, run["institution"], run["mode"]))
    for batch in imports.batches(id_, "run"):
        rows = [SheetRow(*each) for each in rows_of(key, id_, batch["no"], batch).items()]
        compare(checking, mapping, run, batch, rows, tally)
        progress.rows += len(rows)
        yield progress
    chance = secrets.SystemRandom()
    sample = sorted(chance.sample(tally.candidates, min(SAMPLE, len(tally.candidates))))
    found = {
        "rows": tally.rows,
        "missing": tally.missing[:SHOWN],
        "missing_count": len(tally.missing),
        "edited": tally.edited[:SHOWN],
        "edited_count": len(tally.edited),
        "differing": tally.differing[:SHOWN],
        "differing_count": len(tally.differing),
        "fields": [
            [name, its.expected, its.stored, f"{its.expected_sum:016x}", f"{its.stored_sum:016x}"]
            for name, its in sorted(tally.fields.items())
        ],
        "sample": sample,
    }
    imports.change(id_, ["reconciling"], {"reconciled": found}, state="reconciled", by=who().user)
    yield progress


def agrees(found: Document, counts: Document) -> bool:
    """Whether every row is accounted for, and file and store say the same."""
    whole = found["rows"] == counts["rows"] == sum(counts["fates"])
    sums = all(expected == kept and one == other for _, expected, kept, one, other in found["fields"])
    return whole and sums and not found["missing_count"] and not found["differing_count"]


def compare(
    checking: Checking, mapping: Mapping, run: Document, batch: Document, rows: list[SheetRow], tally: Tally
) -> None:
    """One batch's rows beside its records."""
    there = stored(mapping.noun, [each for each in batch["records"] if each is not None])
    returned = Returned(checking) if mapping.options.returned else None
    looked = [checking.look(row) for row in rows]
    if returned:
        returned.look_up(checking.preparing.actor, there.values(), looked)
    for each, fate, record, revision in zip(
        looked, batch["fates"], batch["records"], batch["revisions"], strict=True
    ):
        tally.rows += 1
        tally.candidates.append(each.row.number)
        if fate in (MERGED, REFUSED, HELD):
            continue
        document = there.get(record)
        if document is None or document.get("institution") != run["institution"]:
            tally.missing.append(each.row.number)
        elif document["revision"] != revision:
            tally.edited.append(each.row.number)
        else:
            if returned:
                returned.settle(each, {} if fate == IMPORTED else document)
            _fields(each, fate, document, mapping, run, tally)


def _fields(
    each: Checked, fate: int, document: Document, mapping: Mapping, run: Document, tally: Tally
) -> None:
    names = set(mapping.rules) | (set(mapping.constants) if fate == IMPORTED else set())
    for name in sorted(names):
        if name in each.giver:
            expected: Any = "donor"
            found: Any = "donor" if document.get(name) else None
        else:
            expected, found = each.kept.get(name), bare(document.get(name))
            expected = bare(expected)
        blank = expected in (None, "", [])
        if fate in (UPDATED, UNCHANGED) and blank and not (run.get("blank_erases") and name in each.kept):
            continue  # a blank cell left what was there
        if fate == IMPORTED and blank and name not in each.kept:
            expected = found
        tally.add(each.number, name, expected, found)
        if not same(found, expected):
            tally.differing.append([each.row.number, name])


def _hash(number: str, name: str, value: Any) -> int:
    said = json.dumps([number, name, value], ensure_ascii=False, sort_keys=True, default=str)
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest()) % _MOD
