"""Rows that a run held back for a person: what may be decided of each, and doing it.

A row that was decided goes the way of any other: judged by the rights of the moment, stored by the gate, told to the
ledger; its outcome, and so the sums and the reconciliation, then say what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bson import ObjectId

from gate.writing.storing import TAKEN
from imports.formats.form import SheetRow
from imports.mapping.day_columns import mapping_of_import
from imports.mapping.donor_rule import DonorRule, Told
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.source import rows_of
from imports.run.batching import Batching, Judged
from imports.run.donor_matching import AMBIGUOUS, NEW, DonorMatcher, donor_parts
from imports.run.outcomes import EDITED, HELD, MEANWHILE, REFUSED, SINCE
from imports.run.running import Progress, prepared, summed
from imports.store import runs
from imports.store.decisions import (
    decisions_on,
    new_sheet,
    on_sheet,
    put_outcomes,
    write_decisions,
)
from imports.store.jobs import starting
from imports.store.matching import Ambiguous, Donors
from imports.store.record_writes import RunBatch, standing, tell
from imports.store.sealed_source import Unopened
from imports.store.table import IMPORT
from imports.validation.returned_exports import Returned
from imports.validation.row_validation import Checking, Problem, listed
from models.data_classes import Words
from policies.actor import Actor

Document = dict[str, Any]
DECIDE = IMPORT.act("decide")
UPDATE, REFUSE, DONOR = "update", "refuse", "donor:"
"""With NEW: what can be decided. A donor's choice is `donor:` and an id."""
DECIDED: Words = ("確認のうえ、登録しないことにしました。", "Looked at, and left out.")
CHOICES: dict[Words, tuple[str, ...]] = {
    AMBIGUOUS: (NEW, REFUSE),
    TAKEN: (UPDATE, REFUSE),
    EDITED: (UPDATE, REFUSE),
    MEANWHILE: (UPDATE, REFUSE),
    SINCE: (UPDATE, REFUSE),
}
"""Why a row was held → what may be decided of it; of a donor who could be several also which of them it is."""
_FAR = 1_000_000
"""More batches than an import has: the entries of what is decided have names of their own."""
TOLD_BY = ("rows", "fates", "problems", "causes")
"""What of a batch says which of its rows are held."""


def held(batch: Document) -> dict[int, Words]:
    """Row of a batch → why it waits for a person."""
    fatal: dict[int, list[Words]] = {}
    for row, _, cause, is_fatal, _ in batch["problems"]:
        if is_fatal:
            ja, en = batch["causes"][cause]
            fatal.setdefault(row, []).append((ja, en))
    outcomes = dict(zip(batch["rows"], batch["fates"], strict=True))
    return {
        row: reasons[0]
        for row, reasons in fatal.items()
        if len(reasons) == 1 and reasons[0] in CHOICES and outcomes[row] in (HELD, REFUSED)
    }


def waiting(run: Document) -> int:
    """How many rows of an import wait for a person."""
    known = {(each["ja"], each["en"]) for each in run.get("counts", {}).get("causes", []) if each["fatal"]}
    if not known & set(CHOICES):
        return 0
    return sum(len(held(batch)) for batch in runs.batches(str(run["_id"]), "run", only=TOLD_BY))


def allowed(cause: Words, choice: str) -> bool:
    """Whether this may be decided of a row held for that cause."""
    if cause == AMBIGUOUS and choice.startswith(DONOR):
        return ObjectId.is_valid(choice.removeprefix(DONOR))
    return choice in CHOICES[cause]


def candidates(
    actor: Actor, run: Document, mapping: Columns, rows: Mapping[int, SheetRow]
) -> dict[int, list[Any]]:
    """Row → ids of the donors that each could mean.

    Raises:
        Refused: this actor may not know the donors there.
    """
    rules = [rule for rule in mapping.rules.values() if isinstance(rule, DonorRule)]
    if not rules or not rows:
        return {}
    donors = Donors(actor, run["institution"], donor_parts(rules), str(run["_id"]))
    found: dict[int, list[Any]] = {}
    for number, row in rows.items():
        for rule in rules:
            told = rule.read(mapping.cells(row.cells))
            try:
                if isinstance(told, Told):
                    donors.match(told.number, told.name, told.address)
            except Ambiguous as error:
                found[number] = list(dict.fromkeys(error.ids))
            except KeyError:
                continue
    return found


def record_decisions(
    actor: Actor,
    run: Document,
    mapping: Columns | None,
    decided: Mapping[int, dict[int, Document]],
    key: bytes,
) -> bool:
    """Write decisions (batch → row → decision) on a sheet of their own and let the import go on with it.

    Returns: False where another was first.

    Raises:
        Refused: a row is to update a record, and this actor may not update by this mapping there; nothing is written.
    """
    id_, sheet, stamped = str(run["_id"]), new_sheet(), {}
    for no, those in decided.items():
        updated = [row for row, each in those.items() if each["as"] == UPDATE]
        at = _revisions(actor, run, mapping, no, updated, key) if mapping else {}
        stamped[no] = {
            row: each | ({"revision": at[row]} if row in at else {}) for row, each in those.items()
        }
    begun = {"round": int(run.get("round", 0)) + 1, "sheet": sheet, "failure": None}
    # A sheet that no import came to name is forgotten with the intent.
    with starting(id_, DECIDE, by=actor.user, institution=run["institution"], sheet=sheet) as intent:
        for no, told in stamped.items():
            write_decisions(id_, sheet, no, told)
        return runs.advance(id_, DECIDE, begun, by=actor.user, mark=str(intent.id))


def _revisions(
    actor: Actor, run: Document, mapping: Columns, no: int, rows: Iterable[int], key: bytes
) -> dict[int, int]:
    """Row of a batch → the revision of the record whose number it bears, as that stands now."""
    wanted = set(rows)
    batch = runs.batch(str(run["_id"]), "run", no, only=("source",)) if wanted else None
    if batch is None:
        return {}
    try:
        source = rows_of(key, run["_id"], no, batch)
    except Unopened:
        return {}
    checking = Checking(mapping, prepared(actor, mapping, run["institution"], "update"))
    numbers = {number: checking.number(row) for number, row in source.items() if number in wanted}
    there = standing(mapping.noun, run["institution"], set(numbers.values()), whole=False)
    return {row: there[number]["revision"] for row, number in numbers.items() if number in there}


def steps(run: Document, key: bytes, who: Callable[[], Actor]) -> Iterator[Progress]:
    """What was decided and not yet done, batch by batch.

    Raises:
        Refused, MappingError, Unopened: as imports.run.running.
    """
    mapping, id_ = mapping_of_import(run), str(run["_id"])
    progress = Progress()
    for batch in runs.batches(id_, "run"):
        told = decisions_on(batch, run.get("sheet", ""))
        waiting = {row: each for row, each in told.items() if not each.get("done")}
        waiting = {row: waiting[row] for row in held(batch) if row in waiting}
        if waiting:
            _decide(run, mapping, who(), batch, waiting, key)
            progress.rows += len(waiting)
            progress.total = progress.rows
            yield progress
    actor = who()
    if runs.advance(id_, IMPORT.act("decided"), {"counts": summed(id_, "run")}, by=actor.user):
        about = RunBatch(id_, 0, actor.user, mapping.noun, run["institution"])
        tell(about, "import_decided", f"rows={progress.rows}")
    yield progress


def _decide(
    run: Document, mapping: Columns, actor: Actor, batch: Document, decided: dict[int, Document], key: bytes
) -> None:
    source = rows_of(key, run["_id"], batch["no"], batch)
    rows = [row for number, row in source.items() if number in decided]
    updating = [each for each in rows if decided[each.number]["as"] == UPDATE]
    others = [each for each in rows if decided[each.number]["as"] not in (UPDATE, REFUSE)]
    done: list[Judged] = []
    for at, (mode, those) in enumerate(((run["mode"], others), ("update", updating))):
        if those:
            batching = _batching(run, mapping, actor, mode, decided)
            if those is updating:
                batching.decided_at = {row: each.get("revision", 0) for row, each in decided.items()}
            judged = batching.judge((2 * run["round"] + at) * _FAR + batch["no"], those)
            batching.store(judged)
            done.append(judged)
    put_outcomes(str(run["_id"]), batch["no"], _paper(batch, run["sheet"], decided, done))


def _batching(
    run: Document, mapping: Columns, actor: Actor, mode: str, told: dict[int, Document]
) -> Batching:
    institution, id_ = run["institution"], str(run["_id"])
    checking = Checking(mapping, prepared(actor, mapping, institution, mode))
    began = run.get("began_at") or run["made_at"]
    choices = {row: each["as"] for row, each in told.items()}
    decided: dict[int, Any] = {
        row: ObjectId(each.removeprefix(DONOR)) if each.startswith(DONOR) else each
        for row, each in choices.items()
    }
    donor_matcher = DonorMatcher(id_, began, mapping, actor, institution, trial=False, decided=decided)
    returned = Returned(checking, run["form"]["encoding"]) if mapping.options.returned else None
    erases = bool(run.get("blank_erases"))
    return Batching(id_, began, checking, donor_matcher, mode, erases, returned=returned)


def _paper(batch: Document, sheet: str, decided: dict[int, Document], done: list[Judged]) -> Document:
    """What the batch says once its decisions are done."""
    told: Document = {name: list(batch[name]) for name in ("fates", "records", "revisions", "made")}
    problems = [
        Problem(row, column, tuple(batch["causes"][cause]), fatal, tuple(places))
        for row, column, cause, fatal, places in batch["problems"]
        if row not in decided
    ]
    for row, each in decided.items():
        if each["as"] == REFUSE:
            told["fates"][batch["rows"].index(row)] = REFUSED
            problems.append(Problem(row, "", DECIDED))
    for judged in done:
        for row, outcome, record, revision in zip(
            judged.rows, judged.outcomes, judged.records, judged.revisions, strict=True
        ):
            at = batch["rows"].index(row)
            told["fates"][at], told["records"][at], told["revisions"][at] = outcome, record, revision
        problems += judged.problems
        told["made"] += [each for each in judged.made if each not in told["made"]]
    told |= {f"{on_sheet(sheet, row)}.done": True for row in decided}
    return {**told, **listed(sorted(problems, key=lambda each: each.row))}
