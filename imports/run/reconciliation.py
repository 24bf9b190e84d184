"""After a run: every source row read again and held against what the store now has, field by field.

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

from gate.fields.kinds import kind_of
from gate.writing.patches import same
from imports.formats.form import SheetRow
from imports.formats.sheet import lines_filled
from imports.mapping.day_columns import mapping_of_import
from imports.mapping.mapping import Mapping
from imports.mapping.source import lines, rows_of
from imports.mapping.unreadable import NOTES
from imports.run.outcomes import HELD, IMPORTED, MERGED, REFUSED, UNCHANGED, UPDATED
from imports.run.running import Progress, prepared
from imports.store import runs
from imports.store.record_writes import bare, stored
from imports.store.table import IMPORT
from imports.validation.altered_cells import TOLD
from imports.validation.raw_cells import Check, differs, raw_checks
from imports.validation.returned_exports import Returned
from imports.validation.row_validation import Checked, Checking
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
    lines: int = 0
    """Lines of the file that these rows fill; one of several lines has cells with line breaks in them."""
    missing: list[int] = field(default_factory=list)
    """Rows whose record is not there."""
    edited: list[int] = field(default_factory=list)
    """Rows whose record somebody has edited since; it is not compared."""
    differing: list[list[Any]] = field(default_factory=list)
    """[row, field] where the store has something else."""
    altered: list[list[Any]] = field(default_factory=list)
    """[row, field] where letters of the cell are not in the record, and nobody was told."""
    altered_told: int = 0
    """Fields of which somebody was."""
    written: dict[str, Check] = field(default_factory=dict)
    """As imports.validation.raw_cells.raw_checks."""
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
        Refused, MappingError, Unopened: as imports.run.running.
    """
    mapping = mapping_of_import(run)
    id_, tally = str(run["_id"]), Tally(written=raw_checks(mapping))
    progress = Progress(total=int(run.get("counts", {}).get("rows", 0)))
    checking = Checking(mapping, prepared(who(), mapping, run["institution"], run["mode"]))
    for batch in runs.batches(id_, "run"):
        rows = list(rows_of(key, id_, batch["no"], batch).values())
        compare(checking, mapping, run, batch, rows, tally)
        progress.rows += len(rows)
        yield progress
    chance = secrets.SystemRandom()
    sample = sorted(chance.sample(tally.candidates, min(SAMPLE, len(tally.candidates))))
    found = {
        "rows": tally.rows,
        "lines": _lines(run, key, tally),
        "missing": tally.missing[:SHOWN],
        "missing_count": len(tally.missing),
        "edited": tally.edited[:SHOWN],
        "edited_count": len(tally.edited),
        "differing": tally.differing[:SHOWN],
        "differing_count": len(tally.differing),
        "altered": tally.altered[:SHOWN],
        "altered_count": len(tally.altered),
        "altered_told": tally.altered_told,
        "fields": [
            [name, its.expected, its.stored, f"{its.expected_sum:016x}", f"{its.stored_sum:016x}"]
            for name, its in sorted(tally.fields.items())
        ],
        "sample": sample,
    }
    runs.advance(id_, IMPORT.act("reconciled"), {"reconciled": found}, by=who().user, without=("opened",))
    yield progress


def _lines(run: Document, key: bytes, tally: Tally) -> Document | None:
    """The file's lines, counted a second time in the file itself; None for a workbook, which has none."""
    if run["form"]["kind"] != "text" or "besides" not in run:
        return None
    return {"file": lines(key, run["file"], run["form"]), "rows": tally.lines, "besides": run["besides"]}


def agrees(found: Document, counts: Document) -> bool:
    """Whether every row and line is accounted for, and file and store say the same."""
    whole = found["rows"] == counts["rows"] == sum(counts["fates"])
    if counted := found.get("lines"):
        whole = whole and counted["file"] == counted["rows"] + counted["besides"]
    sums = all(expected == kept and one == other for _, expected, kept, one, other in found["fields"])
    apart = found["missing_count"] + found["differing_count"] + found.get("altered_count", 0)
    return whole and sums and not apart


def compare(
    checking: Checking, mapping: Mapping, run: Document, batch: Document, rows: list[SheetRow], tally: Tally
) -> None:
    """One batch's rows beside its records."""
    there = stored(mapping.noun, [each for each in batch["records"] if each is not None])
    returned = Returned(checking, run["form"]["encoding"]) if mapping.options.returned else None
    told = {
        (row, column) for row, column, cause, *_ in batch["problems"] if tuple(batch["causes"][cause]) in TOLD
    }
    outcomes = zip(rows, batch["fates"], batch["records"], batch["revisions"], strict=True)
    # Only of a row that came in is there anything to compare: what kept another out may be unreadable.
    came = [(checking.look(row), *its) for row, *its in outcomes if its[0] not in (MERGED, REFUSED, HELD)]
    if returned:
        returned.look_up(checking.filling.actor, there.values(), [each for each, *_ in came])
    tally.rows += len(rows)
    tally.lines += sum(lines_filled(row.cells.values()) for row in rows)
    tally.candidates += [row.number for row in rows]
    for each, outcome, record, revision in came:
        document = there.get(record)
        if document is None or document.get("institution") != run["institution"]:
            tally.missing.append(each.row.number)
        elif document["revision"] != revision:
            tally.edited.append(each.row.number)
        else:
            if returned:
                returned.read_as_exported(each, {} if outcome == IMPORTED else document)
            _fields(each, outcome, document, mapping, run, tally)
            _letters(each, document, checking, told, tally)


def _fields(
    each: Checked, outcome: int, document: Document, mapping: Mapping, run: Document, tally: Tally
) -> None:
    names = set(mapping.rules) | (set(mapping.constants) if outcome == IMPORTED else set())
    names |= {NOTES} if each.noted else set()
    for name in sorted(names):
        if name in each.donors:
            expected: Any = "donor"
            found: Any = "donor" if document.get(name) else None
        else:
            expected, found = each.kept.get(name), bare(document.get(name))
            expected = bare(expected)
        if name == NOTES and each.noted and outcome != IMPORTED and not each.own_notes:
            expected = _with_those_before(found, each.noted)
        blank = expected in (None, "", [])
        if outcome in (UPDATED, UNCHANGED) and blank and not (run.get("blank_erases") and name in each.kept):
            continue  # a blank cell left what was there
        if outcome == IMPORTED and blank and name not in each.kept:
            expected = found
        tally.add(each.number, name, expected, found)
        if not same(found, expected):
            tally.differing.append([each.row.number, name])


def _with_those_before(found: Any, noted: list[str]) -> Any:
    """The notes of a record that was there: what they said before is not the row's to say."""
    lines = str(found or "").split("\n")
    return found if all(each in lines for each in noted) else "\n".join(noted)


def _letters(
    each: Checked, document: Document, checking: Checking, told: set[tuple[int, str]], tally: Tally
) -> None:
    """The cell as it stands in the file beside the record: no rule and no validator has a hand in this."""
    mapping, cells = checking.mapping, checking.raw(each.row)
    for name, check in tally.written.items():
        # What our own export wrote and nobody touched is no longer among the row's values; its lists are written otherwise.
        if mapping.options.returned and (
            name not in each.kept or kind_of(mapping.noun.fields[name]).by_lines
        ):
            continue
        if name in each.unread:
            continue  # told, and left empty
        if check(cells, document.get(name)):
            if any(
                (each.row.number, column) in told for column in mapping.sources(mapping.rules[name].columns)
            ):
                tally.altered_told += 1
            else:
                tally.altered.append([each.row.number, name])
    # The notes keep the cells of what could not be read, letter by letter.
    if each.noted and differs(each.noted, document.get(NOTES)):
        tally.altered.append([each.row.number, NOTES])


def _hash(number: str, name: str, value: Any) -> int:
    said = json.dumps([number, name, value], ensure_ascii=False, sort_keys=True, default=str)
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest()) % _MOD
