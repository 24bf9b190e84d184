"""A batch of rows judged and, in a run, stored: each row gets its outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from gate.refusals import Invalid
from gate.store.memory import beside
from gate.writing.changes import Batch, Change
from gate.writing.pipeline import check
from gate.writing.storing import TAKEN, store
from imports.formats.form import SheetRow
from imports.run.donor_matching import DonorMatcher
from imports.run.outcomes import (
    EDITED,
    HELD,
    IMPORTED,
    MEANWHILE,
    MERGED,
    NOT_THERE,
    REFUSED,
    SINCE,
    UNCHANGED,
    UPDATED,
)
from imports.store.filling import Filling
from imports.store.record_writes import (
    MARK,
    RunBatch,
    changed,
    id_of,
    insert,
    mark_of,
    row_of,
    standing,
)
from imports.validation.returned_exports import Returned
from imports.validation.row_validation import Checked, Checking, Problem
from imports.validation.workbook_remarks import PADDED, padded
from models.data_classes import Words
from models.declaration import Noun

Document = dict[str, Any]
SIZE = 1_000
"""Rows judged and stored at once: some megabytes, and well under a second at a time."""
LONGEST = 3_000_000
"""Characters of a batch: what is written down of it is one document, and none may be over 16 MB."""


def batches_of(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    """The rows of a file in its batches: the same ones each time, for a run that was cut short counts them."""
    batch: list[SheetRow] = []
    held = 0
    for row in rows:
        batch.append(row)
        held += sum(map(len, row.cells.values()))
        if len(batch) == SIZE or held >= LONGEST:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


@dataclass
class Judged:
    """What is to become of a batch, in the order of its rows."""

    no: int
    rows: list[int] = field(default_factory=list)
    outcomes: list[int] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    new: Batch | None = None
    edits: Batch | None = None
    made: list[Any] = field(default_factory=list)
    """Ids of donors that the batch made."""
    source: list[SheetRow] = field(default_factory=list)
    """Each row as it was read."""

    @property
    def documents(self) -> list[Document]:
        """The new records."""
        return [each.after for each in self.new.open()] if self.new else []

    @property
    def changes(self) -> list[Change]:
        """The changes of records that are there."""
        return self.edits.open() if self.edits else []

    def counts(self) -> Counter[int]:
        """Fate → rows."""
        return Counter(self.outcomes)


@dataclass
class Fate:
    """What is to become of one row, as far as it is known."""

    row: Checked
    outcome: int
    record: Any = None
    revision: int = 0
    more: list[Problem] = field(default_factory=list)
    change: Change | None = None
    """What it would write, for the write pipeline to check."""

    def follow_verdict(self) -> None:
        """Follow the pipeline's verdict."""
        change = self.change
        if change is None:
            return
        if change.error is not None:
            self.row.wrong |= change.error.errors if isinstance(change.error, Invalid) else {"": MEANWHILE}
            self.outcome, self.record, self.revision = REFUSED, None, 0
        elif change.idle and change.before is not None:
            self.outcome, self.revision = UNCHANGED, change.before["revision"]


@dataclass
class Batching:
    """The rows of one import, batch after batch, by one actor's rights."""

    run: str
    began: datetime
    checking: Checking
    donor_matcher: DonorMatcher
    mode: str = "create"
    blank_erases: bool = False
    returned: Returned | None = None
    decided_at: dict[int, int] | None = None
    """Row → the revision of its record when a person decided to update it; one that was edited since is held again."""
    _seen: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Number → the row of this file that has it first, and what it says."""

    @property
    def noun(self) -> Noun:
        """What is imported."""
        return self.checking.mapping.noun

    @property
    def filling(self) -> Filling:
        """What makes documents, by this moment's rights."""
        return self.checking.filling

    def skip(self, rows: list[SheetRow]) -> None:
        """Rows that are in already: only what later rows must know of them."""
        merging = self.checking.mapping.options.repeated == "merge"
        for row in rows:
            if number := self.checking.number(row):
                said = _digest(self.checking.look(row)) if merging else b""
                self._seen.setdefault(number, (row.number, said))

    def judge(self, no: int, rows: list[SheetRow]) -> Judged:
        """Judge the outcome of every row as far as can be said before storing; donors that are new are made here, unless on trial."""
        self.donor_matcher.go_on_as(self.filling.actor)
        looked = [self.checking.look(row) for row in rows]
        numbers = {each.number for each in looked if each.number}
        asked = beside().submit(
            standing, self.noun, self.filling.institution, numbers, whole=self.mode != "create"
        )
        self.checking.doubt(looked)
        there = asked.result()
        padded_ = padded(self.noun, self.filling.institution, self.checking.unpadded(looked))
        if self.returned:
            self.returned.look_up(self.filling.actor, there.values(), looked)
        fates = []
        for each in looked:
            if each.number in padded_ and self.checking.unpadded([each]):
                each.wrong[self.noun.number] = PADDED
            fates.append(self._fate(each, there.get(each.number)))
        return self._judged(no, fates)

    def _judged(self, no: int, fates: list[Fate]) -> Judged:
        """Let the write pipeline check what the rows would write, and write down what comes of each."""
        changes = [each.change for each in fates if each.change is not None]
        judged = Judged(no)
        judged.new = self.filling.batch([each for each in changes if each.is_new], at=self.began)
        judged.edits = self.filling.batch(
            [each for each in changes if not each.is_new], reason=f"取込 {self.run}"
        )
        for batch in (judged.new, judged.edits):
            check(batch)
        for fate in fates:
            fate.follow_verdict()
            judged.rows.append(fate.row.row.number)
            judged.outcomes.append(fate.outcome)
            judged.records.append(fate.record)
            judged.revisions.append(fate.revision)
            judged.problems += [*self.checking.problems(fate.row), *fate.more]
            judged.source.append(fate.row.row)
        judged.made = self.donor_matcher.taken()
        return judged

    def _fate(self, each: Checked, record: Document | None) -> Fate:
        own = id_of(self.run, self.began, each.row.number)
        again = record is not None and record["_id"] == own
        if self.returned:
            self.returned.read_as_exported(each, {} if again else record or {})
        first = self._first(each)
        if first and not each.wrong:
            row, alike = first
            if alike:
                return Fate(each, MERGED)
            each.wrong[self.noun.number] = _twice(row)
        if record is None and self.mode == "update" and (self.returned or not each.wrong):
            each.wrong.setdefault(self.noun.number, NOT_THERE)
        if record is not None and self.mode == "create" and not again:
            each.wrong.setdefault(self.noun.number, TAKEN)
        held = self._given(each) if not each.wrong else None
        if held:
            return Fate(each, HELD, more=[held])
        if each.wrong:
            return Fate(each, REFUSED)
        if record is not None and not again:
            return self._change(each, record)
        mark = mark_of(self.run, each.row.number)
        change = Change(self.filling.institution, kept=each.kept, id=own, beside=mark)
        return Fate(each, IMPORTED, own, 1, change=change)

    def _given(self, each: Checked) -> Problem | None:
        held = self.donor_matcher.match_donors(each)
        if held is None and not each.wrong:
            # Found, or made a moment ago: within reach. On trial those who would be made are in no store to be asked.
            institution = self.filling.institution
            self.filling.memory.reached |= {("donor", institution, each.kept[name]) for name in each.donors}
        return held

    def _first(self, each: Checked) -> tuple[int, bool] | None:
        """The earlier row of the same number, and whether this one says the same."""
        if not each.number:
            return None
        merging = self.checking.mapping.options.repeated == "merge"
        said = _digest(each) if merging else b""
        row, before = self._seen.setdefault(each.number, (each.row.number, said))
        return None if row == each.row.number else (row, merging and said == before)

    def _change(self, each: Checked, record: Document) -> Fate:
        id_, revision = record["_id"], record["revision"]
        mark = record.get(MARK) or {}
        if mark.get("run") == self.run and mark.get("row") == each.row.number:
            return Fate(each, UPDATED, id_, revision)  # done before the run was cut short
        if edited := self._edited(each, record):
            return Fate(each, HELD, id_, more=[Problem(each.row.number, "", edited)])
        filled = self._filled(each)
        kept = {name: value for name, value in each.kept.items() if name in filled}
        kept = {name: kept[name] for name in kept if self.blank_erases or kept[name] not in (None, [], "")}
        kept = changed(self.noun, record, each.noted_in(kept, record))
        wrong: dict[str, Words] = {
            name: ("この項目は空にできません。", "This field cannot be emptied.")
            for name, value in kept.items()
            if value in (None, "", []) and self.noun.fields[name].required
        }
        mark = mark_of(self.run, each.row.number, record)
        change = Change(before=record, kept=kept, wrong=wrong, beside=mark)
        return Fate(each, UPDATED, id_, revision + 1, change=change)

    def _edited(self, each: Checked, record: Document) -> Words | None:
        """That the record is not the one that was written out or decided of (law 3); None where it is."""
        if self.decided_at is not None:
            return None if self.decided_at.get(each.row.number) == record["revision"] else SINCE
        return EDITED if each.revision not in (None, record["revision"]) else None

    def _filled(self, each: Checked) -> set[str]:
        """The fields that the row itself speaks of; what every new record gets alike is no change of an old one."""
        return {*self.checking.mapping.rules, *each.donors} - {self.noun.number}

    def store(self, judged: Judged) -> None:
        """Put a batch in; rows whose record somebody else has taken or changed meanwhile change their outcome."""
        batch = RunBatch(self.run, judged.no, self.filling.actor.user, self.noun, self.filling.institution)
        if judged.new:
            for change in insert(batch, judged.new, self.checking.mapping.fields):
                self._refuse(judged, row_of(change), REFUSED, TAKEN)
        if judged.edits:
            edits = judged.edits.open()
            store(judged.edits)
            for change in edits:
                if change.error is not None:
                    self._refuse(judged, row_of(change), HELD, MEANWHILE)

    def _refuse(self, judged: Judged, row: int, outcome: int, reason: Words) -> None:
        at = judged.rows.index(row)
        judged.outcomes[at], judged.records[at], judged.revisions[at] = outcome, None, 0
        judged.problems.append(Problem(row, self.checking.column(self.noun.number), reason))


def _digest(each: Checked) -> bytes:
    said = repr((sorted(each.kept.items(), key=lambda pair: pair[0]), sorted(each.donors.items())))
    return blake2b(said.encode(), digest_size=12).digest()


def _twice(row: int) -> Words:
    return (f"この番号は{row}行目にもあります。", f"This number is in row {row} already.")
