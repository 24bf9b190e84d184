"""The sign-off: a second person has looked at a sample and at the sums; then the raw source is erased, and that is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from accounts.colleagues import who_may
from gate.refusals import BadQuestion, Refused
from imports.run.row_comparison import Beside
from imports.store import runs
from imports.store.file_names import nameless
from imports.store.openings import note_opened, opened_by
from imports.store.record_writes import RunBatch, tell
from imports.store.sealed_source import forget_file
from imports.store.table import IMPORT, SECOND, runners
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict
from workflows.engine.operations import Intent, Operation, run_operation

Document = dict[str, Any]
SIGN, ERASE = IMPORT.act("sign"), IMPORT.act("erase")
UNOPENED: Words = (
    "見本の行をすべて開いて、元のファイルと見比べてください。",
    "Open every row of the sample, and compare it with the file.",
)
UNSEEN: Words = (
    "見本の行をすべて確かめて、印をつけてください。",
    "Look at every row of the sample, and mark each.",
)


def may_sign(actor: Actor, run: Document) -> bool:
    """Whether this person is another one than those who ran it; their grant to import has been asked already."""
    return all(each.holds(actor, run) for each in SIGN.holds)


def has_witness(run: Document, runner: str) -> bool:
    """Whether anybody but those who had a hand in it, and this one who is about to run it, could sign an import off."""
    own = runners(run) | {runner}
    return any(each.user not in own for each in who_may(run["noun"], "import", run["institution"]))


def look_at(actor: Actor, run: Document, rows: Iterable[Beside]) -> None:
    """Write down that a possible witness has these rows of the sample before them."""
    if run["state"] in SIGN.from_ and may_sign(actor, run):
        sample = set(run["reconciled"]["sample"])
        told = {
            each.row: [f"{its.noun}.{its.name}" for its in each.hidden] for each in rows if each.row in sample
        }
        note_opened(run, actor.user, told)


def sign(actor: Actor, run: Document, seen: set[int], remark: str) -> bool:
    """Sign an import off and erase its source; False where it no longer waits for that.

    What the signer could not compare stands in the signature.

    Raises:
        Refused: this person ran it. BadQuestion: a row of the sample was not opened, or not marked.
    """
    if not may_sign(actor, run):
        raise Refused(Verdict(Effect.HIDE, "second-person", SECOND))
    sample, opened = run["reconciled"]["sample"], opened_by(run, actor.user)
    if set(sample) - set(opened):
        raise BadQuestion(UNOPENED)
    if set(sample) - seen:
        raise BadQuestion(UNSEEN)
    signed = {
        "by": actor.user, "at": datetime.now(UTC), "remark": remark.strip()[:500], "rows": sorted(sample),
        "uncompared": [[row, opened[row]] for row in sample if opened[row]],
    }  # fmt: skip
    with run_operation(
        SIGNED, {"run": str(run["_id"])}, by=actor.user, institution=run["institution"]
    ) as intent:
        return runs.advance(str(run["_id"]), SIGN, {"signed": signed}, by=actor.user, mark=str(intent.id))


def erase(actor: Actor, run: Document) -> None:
    """Erase the raw source of an import that is signed off or undone; the entry stands before it is gone for good."""
    with run_operation(ERASED, {"run": str(run["_id"])}, by=actor.user, institution=run["institution"]):
        pass  # its intent decides it


def _tell_signed(intent: Intent) -> None:
    tell(_batch(intent), "import_signed", "", once=str(intent.id))


def _erase(intent: Intent) -> None:
    run = runs.known(intent.about["run"])
    if run is None:
        return
    tell(_batch(intent), "import_source_erased", f"sha256={run['file']['sha256'][:32]}", once=str(intent.id))
    runs.erase_sources(intent.about["run"])
    forget_file(run["file"]["id"])
    gone = {"erased_at": datetime.now(UTC), "file.name": nameless(run["file"]["name"])}
    runs.change(intent.about["run"], ERASE.from_, gone, without=("sealed",))


def _batch(intent: Intent) -> RunBatch:
    run = intent.about["run"]
    noun = NOUNS[(runs.known(run, only=("noun",)) or {})["noun"]]
    return RunBatch(run, 0, intent.by, noun, intent.institution)


SIGNED = Operation(
    "import_signed",
    ("取込の確認の署名と元データの消去", "An import signed off, and its source erased"),
    decided=lambda intent: runs.bears(intent.about["run"], str(intent.id)),
    steps=(_tell_signed, _erase, lambda intent: runs.unmark(intent.about["run"], str(intent.id))),
)
"""The signature, the ledger's word of it, and the end of the source."""
ERASED = Operation(
    "import_erased",
    ("取込の元データの消去", "An import's source erased"),
    decided=lambda _: True,
    steps=(_erase,),
)
"""The ledger's word of it, and the end of the source."""
