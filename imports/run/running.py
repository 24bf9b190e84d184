"""A run over a whole file, dry or for good: batch by batch, each written down when it is in, so that it can be cut short.

While batches are stored (imports.run.write_lanes) the next one is judged: the store works on another processor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from gate.store.bulk_indexes import lighten
from imports.formats.form import SheetError, SheetRow
from imports.mapping.cell_values import Saying
from imports.mapping.day_columns import as_document, count_orders, dated, mapping_of_import
from imports.mapping.mapping import Mapping, mapping_of
from imports.mapping.source import reading, scanned, sealed_rows
from imports.mapping.year_bounds import YearBounds
from imports.proposals.file_words import WordCount
from imports.run import donor_matching
from imports.run.batching import Batching, Judged, batches_of
from imports.run.indexing import build_postponed
from imports.run.outcomes import IMPORTED, MODES, OUTCOMES
from imports.run.write_lanes import AT_ONCE, WriteLanes
from imports.store import runs
from imports.store.filling import Filling
from imports.store.record_writes import RunBatch, row_of, tell
from imports.store.table import IMPORT
from imports.validation.returned_exports import Returned
from imports.validation.row_validation import Checking, Problem, listed
from japanese.day_orders import Evidence
from policies.actor import Actor

Document = dict[str, Any]
Who = Callable[[], Actor]
"""The one who runs it, as their rights are now. Raises Refused when they have none any more."""
_OWN = re.compile(r"\d+(?=行目にも)|(?<=今は)\d+|(?<=is in row )\d+|(?<=\()\d+(?= now\))")
"""Figures in a reason that are its own row's."""
USUAL_ROW = 150
"""Bytes."""
CAUSES = 300
"""So many different causes are told apart; a file with more has one big cause."""
FIRST_ROWS = 10


@dataclass
class Progress:
    """How far a run is."""

    rows: int = 0
    total: int = 0
    """Rows in the file: an estimate from the bytes read, until the end."""
    counts: Counter[int] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    """Those of the batch just done."""

    def past(self, judged: Judged) -> Progress:
        """The same, one batch further."""
        self.rows += len(judged.rows)
        self.counts += judged.counts()
        self.problems = judged.problems
        return self

    def as_document(self) -> Document:
        """For the job's document."""
        return {"rows": self.rows, "total": max(self.total, self.rows), "at": datetime.now(UTC)}


@dataclass
class Run:
    """One import's file through its mapping. `trial` changes nothing but the import's own papers."""

    run: Document
    key: bytes
    who: Who
    trial: bool = False
    _saying: Saying | None = None

    @property
    def id(self) -> str:
        """The import's id."""
        return str(self.run["_id"])

    @property
    def phase(self) -> str:
        """What its batches are filed under."""
        return "trial" if self.trial else "run"

    def steps(self) -> Iterator[Progress]:
        """Go on where it stopped, one batch a step; at the end the import's document holds the sums.

        Raises:
            SheetError: the file cannot be read further. Refused: a right is gone. MappingError: it does not fit any more.
            PyMongoError: the store did not answer. Whatever is raised, the batches before are in.
        """
        progress = Progress(total=int(self.run.get("trial", {}).get("rows", 0)))
        for _ in self._order_days():
            yield progress
        mapping = mapping_of_import(self.run)
        done = runs.done_batches(self.id, self.phase)
        expected = int(self.run.get("trial", {}).get("rows", 0))
        # Whole, before its first row is stored: a file that breaks off later would come in by half.
        for _ in scanned(self.key, self.run["file"], self.run["form"]) if not done else ():
            yield progress
        with reading(self.key, self.run["file"], self.run["form"]) as sheet:
            if misfit := mapping.misfit(sheet.header):
                raise SheetError(*misfit)
            batching = self._batching(mapping)
            batches = batches_of(sheet.rows())
            words = WordCount(mapping)
            for before in islice(batches, done):
                batching.skip(before)
                words.add(before if self.trial else ())
                progress.rows += len(before)
                yield progress
            # How many rows are to come is not known before the end: told from the bytes read of those so far.
            size = expected or _estimated(sheet.size, sheet.position, progress.rows)
            with WriteLanes(_nowhere if self.trial else batching.store, self._keep) as writing:
                counted = self._counting(batches, words) if self.trial else batches
                judging = self._batches(batching, counted, done, writing, progress, expected, sheet)
                yield from self._filling(mapping, size, judging, progress)
        if self.trial:
            words.keep(self.id, self.key)
        self._close(mapping, progress, sheet.besides)
        yield progress

    def _counting(self, batches: Iterator[list[SheetRow]], words: WordCount) -> Iterator[list[SheetRow]]:
        for batch in batches:
            words.add(batch)
            yield batch

    def _order_days(self) -> Iterator[None]:
        """Let the file decide in which order the days of its columns stand, once; a run goes by what its trial told."""
        if "orders" in self.run and not self.trial:
            return
        mapping = mapping_of(self.run["mapping"]["text"])
        found: dict[str, Counter[Evidence]] = {}
        bounds = YearBounds(mapping)
        if dated(mapping):
            with reading(self.key, self.run["file"], self.run["form"]) as sheet:
                yield from count_orders(found, mapping, bounds.watch(sheet.rows()))
        self.run["orders"] = as_document(mapping, found)
        told = {"orders": self.run["orders"], "year_bounds": bounds.as_document()}
        runs.change(self.id, ["trying", "running"], told)

    def _batches(
        self, batching: Batching, batches: Iterator[list[SheetRow]], done: int, writing: WriteLanes,
        progress: Progress, expected: int, sheet: Any,
    ) -> Iterator[Progress]:  # fmt: skip
        read = progress.rows
        for no, batch in enumerate(batches, done):
            batching.checking = self._checking(batching.checking.mapping)
            judged = batching.judge(no, batch)
            progress.total = expected or _estimated(sheet.size, sheet.position, read := read + len(batch))
            for each in writing.arrived(all_but=AT_ONCE - 1):
                yield progress.past(each)
            writing.send(judged)
        for each in writing.arrived():
            yield progress.past(each)

    def _batching(self, mapping: Mapping) -> Batching:
        checking = self._checking(mapping)
        actor, institution = checking.filling.actor, self.run["institution"]
        began = self.run.get("began_at") or self.run["made_at"]
        found = donor_matching.DonorMatcher(self.id, began, mapping, actor, institution, trial=self.trial)
        returned = Returned(checking, self.run["form"]["encoding"]) if mapping.options.returned else None
        return Batching(
            self.id,
            began,
            checking,
            found,
            self.run["mode"],
            bool(self.run.get("blank_erases")),
            returned,
        )

    def _checking(self, mapping: Mapping) -> Checking:
        """With the rights of this moment (law 8); what was read once is still known."""
        self._saying = self._saying or Saying(mapping, self.run["institution"])
        return Checking(
            mapping, prepared(self.who(), mapping, self.run["institution"], self.run["mode"]), self._saying
        )

    def _filling(
        self, mapping: Mapping, rows: int, judging: Iterator[Progress], progress: Progress
    ) -> Iterator[Progress]:
        """The batches, without the indexes that are built quicker at the end; a step a second while they are.

        Cut short, the import owes them: see imports.run.indexing. A run gone on with may owe what it does not take away.
        """
        if not self.trial and self.run["mode"] != "update":
            lighten(mapping.noun, rows, self.id)
        yield from judging
        for _ in build_postponed(self.id):
            yield progress

    def _keep(self, judged: Judged) -> None:
        runs.keep_batch(self.id, self.phase, judged.no, paper(self.key, self.id, judged, trial=self.trial))

    def _close(self, mapping: Mapping, progress: Progress, besides: int) -> None:
        sums = summed(self.id, self.phase)
        actor = self.who().user
        if self.trial:
            runs.advance(self.id, IMPORT.act("tried"), {"trial": sums}, by=actor)
            return
        batch = RunBatch(self.id, 0, actor, mapping.noun, self.run["institution"])
        counts = sums["fates"]
        told = {"counts": sums, "besides": besides}
        if runs.advance(self.id, IMPORT.act("ran"), told, by=actor):
            refused = sums["rows"] - sum(counts[:4])
            tell(batch, "imported", f"stored={counts[IMPORTED]} updated={counts[1]} refused={refused}")
        progress.total = progress.rows


def _nowhere(_: Judged) -> None:
    """Where a trial stores what it judged."""


def prepared(actor: Actor, mapping: Mapping, institution: str, mode: str) -> Filling:
    """What checks and makes records by this mapping.

    Raises:
        Refused: the actor may not make or change these records there, or not fill a field of the mapping.
    """
    fields = mapping.fields
    if mode not in MODES:
        raise SheetError("取込の種類を選んでください。", "Choose what the import may do.")
    found = [
        Filling(actor, mapping.noun, institution, fields, action)
        for action, modes in (("create", ("create", "both")), ("edit", ("update", "both")))
        if mode in modes
    ]
    return found[0]


def paper(key: bytes, run: str, judged: Judged, *, trial: bool) -> Document:
    """What is written down of a batch. Its rows stand in it sealed, and what a trial would change likewise."""
    found: Document = {
        "rows": judged.rows,
        "fates": judged.outcomes,
        "records": judged.records,
        "revisions": judged.revisions,
        **listed(judged.problems),
        "made": judged.made,
        "source": sealed_rows(key, run, judged.no, judged.source),
    }
    if trial:
        found["changes"] = [
            [row_of(each), (each.before or {})["_id"], sorted(each.names)] for each in judged.changes
        ]
    return found


def cause_of(reason: str) -> str:
    """A reason without the figures of its own row, so that like stands with like."""
    return _OWN.sub("…", reason)


def summed(run: str, phase: str) -> Document:
    """The sums over all batches: rows, outcomes, and causes with their counts and first rows, the most frequent first."""
    outcomes: Counter[int] = Counter()
    causes: dict[tuple[str, str], Document] = {}
    rows = made = 0
    for batch in runs.batches(run, phase, only=("rows", "fates", "problems", "causes", "made")):
        outcomes.update(batch["fates"])
        rows += len(batch["rows"])
        made += len(batch["made"])
        for row, column, cause, fatal, _ in batch["problems"]:
            ja, en = map(cause_of, batch["causes"][cause])
            if (column, en) not in causes and len(causes) >= CAUSES:
                column, ja, en = "", "そのほか", "Others"  # noqa: PLW2901
            known = causes.setdefault(
                (column, en), {"column": column, "ja": ja, "en": en, "fatal": fatal, "count": 0, "first": []}
            )
            known["count"] += 1
            known["fatal"] = known["fatal"] or fatal
            if len(known["first"]) < FIRST_ROWS:
                known["first"].append(row)
    ordered = sorted(causes.values(), key=lambda each: (not each["fatal"], -each["count"]))
    return {
        "rows": rows, "fates": [outcomes[at] for at in range(len(OUTCOMES))], "causes": ordered, "made": made,
    }  # fmt: skip


def _estimated(size: int, position: int, rows: int) -> int:
    """How many rows a file has, from those of the bytes read so far; before the first, from what a row usually is."""
    if not rows or not position:
        return max(rows, size // USUAL_ROW)
    return max(rows, rows * size // position)
