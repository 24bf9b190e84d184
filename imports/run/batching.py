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
from gate.writing.batch_validation import Preparing
from gate.writing.writing import TAKEN
from imports.formats.form import SheetRow
from imports.run.donor_matching import DonorMatcher
from imports.store.record_writes import MARK, Batch, Change, changed, id_of, insert, standing, update
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
IMPORTED, UPDATED, UNCHANGED, MERGED, REFUSED, HELD = range(6)
OUTCOMES: tuple[Words, ...] = (
    ("登録", "Imported"),
    ("更新", "Updated"),
    ("変更なし", "Unchanged"),
    ("同じ行とみて統合", "Merged"),
    ("登録せず", "Refused"),
    ("保留", "Held"),
)
MODES: dict[str, Words] = {
    "create": ("新しい記録だけを登録する", "Only make new records"),
    "update": ("番号の同じ記録だけを更新する", "Only update records of the same number"),
    "both": ("番号があれば更新、なければ登録する", "Update where the number is there, else make"),
}
NOT_THERE: Words = (
    "この番号の記録はありません。番号を確かめてください。",
    "There is no record of this number; check it.",
)
EDITED: Words = (
    "書き出したあとで、この記録が更新されています。いまの記録を確かめてください。",
    "The record was edited after this was written out; look at it as it stands.",
)
MEANWHILE: Words = (
    "取込のあいだに、この記録が更新されました。もう一度取り込んでください。",
    "The record was edited during the import; import the row again.",
)
SINCE: Words = (
    "決めたあとで、この記録が更新されました。いまの記録を確かめて、もう一度決めてください。",
    "The record was edited after this was decided; look at it as it stands, and decide again.",
)


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
    documents: list[Document] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    made: list[Any] = field(default_factory=list)
    """Ids of donors that the batch made."""
    source: list[SheetRow] = field(default_factory=list)
    """Each row as it was read."""

    def counts(self) -> Counter[int]:
        """Fate → rows."""
        return Counter(self.outcomes)


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
    def preparing(self) -> Preparing:
        """What makes documents, by this moment's rights."""
        return self.checking.preparing

    def skip(self, rows: list[SheetRow]) -> None:
        """Rows that are in already: only what later rows must know of them."""
        merging = self.checking.mapping.options.repeated == "merge"
        for row in rows:
            if number := self.checking.number(row):
                said = _digest(self.checking.look(row)) if merging else b""
                self._seen.setdefault(number, (row.number, said))

    def judge(self, no: int, rows: list[SheetRow]) -> Judged:
        """Judge the outcome of every row as far as can be said before storing; donors that are new are made here, unless on trial."""
        self.donor_matcher.go_on_as(self.preparing.actor)
        looked = [self.checking.look(row) for row in rows]
        numbers = {each.number for each in looked if each.number}
        asked = beside().submit(
            standing, self.noun, self.preparing.institution, numbers, whole=self.mode != "create"
        )
        self.checking.doubt(looked)
        there = asked.result()
        padded_ = padded(self.noun, self.preparing.institution, self.checking.unpadded(looked))
        if self.returned:
            self.returned.look_up(self.preparing.actor, there.values(), looked)
        judged = Judged(no)
        for each in looked:
            if each.number in padded_ and self.checking.unpadded([each]):
                each.wrong[self.noun.number] = PADDED
            record = there.get(each.number)
            outcome, reasons, id_, revision = self._outcome(each, record, judged)
            judged.rows.append(each.row.number)
            judged.outcomes.append(outcome)
            judged.records.append(id_)
            judged.revisions.append(revision)
            judged.problems += reasons
            judged.source.append(each.row)
        judged.made = self.donor_matcher.taken()
        return judged

    def _outcome(
        self, each: Checked, record: Document | None, judged: Judged
    ) -> tuple[int, list[Problem], Any, int]:
        own = id_of(self.run, self.began, each.row.number)
        again = record is not None and record["_id"] == own
        if self.returned:
            self.returned.settle(each, {} if again else record or {})
        first = self._first(each)
        if first and not each.wrong:
            row, alike = first
            if alike:
                return MERGED, self.checking.problems(each), None, 0
            each.wrong[self.noun.number] = _twice(row)
        if record is None and self.mode == "update" and (self.returned or not each.wrong):
            each.wrong.setdefault(self.noun.number, NOT_THERE)
        if record is not None and self.mode == "create" and not again:
            each.wrong.setdefault(self.noun.number, TAKEN)
        held = self._given(each) if not each.wrong else None
        if held:
            return HELD, [*self.checking.problems(each), held], None, 0
        if each.wrong:
            return REFUSED, self.checking.problems(each), None, 0
        if record is not None and not again:
            return self._change(each, record, judged)
        try:
            document = self.preparing.document(each.kept, {}, own, self.began)
        except Invalid as error:
            each.wrong |= error.errors
            return REFUSED, self.checking.problems(each), None, 0
        document.pop("entered_by", None)  # nobody keyed it in
        document[MARK] = {"run": self.run, "row": each.row.number}
        judged.documents.append(document)
        return IMPORTED, self.checking.problems(each), own, 1

    def _given(self, each: Checked) -> Problem | None:
        held = self.donor_matcher.settle(each)
        if held is None and not each.wrong:
            # Found, or made a moment ago: within reach. On trial those who would be made are in no store to be asked.
            institution = self.preparing.institution
            self.preparing.memory.reached |= {("donor", institution, each.kept[name]) for name in each.donors}
        return held

    def _first(self, each: Checked) -> tuple[int, bool] | None:
        """The earlier row of the same number, and whether this one says the same."""
        if not each.number:
            return None
        merging = self.checking.mapping.options.repeated == "merge"
        said = _digest(each) if merging else b""
        row, before = self._seen.setdefault(each.number, (each.row.number, said))
        return None if row == each.row.number else (row, merging and said == before)

    def _change(self, each: Checked, record: Document, judged: Judged) -> tuple[int, list[Problem], Any, int]:
        problems = self.checking.problems(each)
        mark = record.get(MARK) or {}
        if mark.get("run") == self.run and mark.get("row") == each.row.number:
            return UPDATED, problems, record["_id"], record["revision"]  # done before the run was cut short
        if edited := self._edited(each, record):
            return HELD, [*problems, Problem(each.row.number, "", edited)], record["_id"], 0
        kept = {
            name: value
            for name, value in each.kept.items()
            if self.blank_erases or value not in (None, [], "")
        }
        kept = changed(self.noun, record, {name: kept[name] for name in kept if name in self._filled(each)})
        wrong = self.preparing.unreachable(kept) | (
            self.preparing.contradicting(record, kept) if kept else {}
        )
        wrong |= {
            name: ("この項目は空にできません。", "This field cannot be emptied.")
            for name, value in kept.items()
            if value in (None, "", []) and self.noun.fields[name].required
        }
        if wrong:
            each.wrong |= wrong
            return REFUSED, self.checking.problems(each), None, 0
        if not kept:
            return UNCHANGED, problems, record["_id"], record["revision"]
        judged.changes.append(Change(each.row.number, record, kept))
        return UPDATED, problems, record["_id"], record["revision"] + 1

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
        batch = Batch(self.run, judged.no, self.preparing.actor.user, self.noun, self.preparing.institution)
        taken = insert(batch, judged.documents, self.checking.mapping.fields)
        for document in judged.documents:
            if document["_id"] in taken:
                self._refuse(judged, document[MARK]["row"], REFUSED, TAKEN)
        lost = update(batch, self.preparing, judged.changes, f"取込 {self.run}")
        for row in lost:
            self._refuse(judged, row, HELD, MEANWHILE)

    def _refuse(self, judged: Judged, row: int, outcome: int, reason: Words) -> None:
        at = judged.rows.index(row)
        judged.outcomes[at], judged.records[at], judged.revisions[at] = outcome, None, 0
        judged.problems.append(Problem(row, self.checking.column(self.noun.number), reason))


def _digest(each: Checked) -> bytes:
    said = repr((sorted(each.kept.items(), key=lambda pair: pair[0]), sorted(each.donors.items())))
    return blake2b(said.encode(), digest_size=12).digest()


def _twice(row: int) -> Words:
    return (f"この番号は{row}行目にもあります。", f"This number is in row {row} already.")
