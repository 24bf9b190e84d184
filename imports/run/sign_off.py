"""The sign-off: a second person has looked at a sample and at the sums; then the raw source is erased, and that is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gate.refusals import BadQuestion, Refused
from imports.store import runs
from imports.store.record_writes import RunBatch, tell
from imports.store.sealed_source import forget_file
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict

Document = dict[str, Any]
ERASED_FROM = ("signed", "undone", "uploaded", "tried", "opening", "unread")
"""States in which the source may go. What is half in or half back still needs it, or is to be undone first."""
SECOND: Words = (
    "取込を行った本人は確認の署名ができません。ほかの職員に頼んでください。",
    "The person who ran the import cannot sign it off; ask a colleague.",
)
UNSEEN: Words = (
    "見本の行をすべて確かめて、印をつけてください。",
    "Look at every row of the sample, and mark each.",
)


def runners(run: Document) -> set[str]:
    """Everybody who had a hand in an import: who uploaded, tried, ran or changed it."""
    return {run["made_by"], *(each["by"] for each in run["history"])} - {""}


def may_sign(actor: Actor, run: Document) -> bool:
    """Whether this person is another one than those who ran it; their grant to import has been asked already."""
    return actor.behind is None and actor.user not in runners(run)


def sign(actor: Actor, run: Document, seen: set[int], remark: str) -> bool:
    """Sign an import off and erase its source; False where it no longer waits for that.

    Killed after the signature and before the source is erased, the page offers to erase it: see `erase`.

    Raises:
        Refused: this person ran it. BadQuestion: a row of the sample was not marked.
    """
    if not may_sign(actor, run):
        raise Refused(Verdict(Effect.HIDE, "second-person", SECOND))
    if set(run["reconciled"]["sample"]) - seen:
        raise BadQuestion(UNSEEN)
    signed = {"by": actor.user, "at": datetime.now(UTC), "remark": remark.strip()[:500], "rows": sorted(seen)}
    id_ = str(run["_id"])
    if not runs.change(id_, ["reconciled"], {"signed": signed}, state="signed", by=actor.user):
        return False
    tell(_batch(actor, run), "import_signed", "")
    erase(actor, run)
    return True


def erase(actor: Actor, run: Document) -> None:
    """Erase the raw source of an import that is signed off or undone; the entry stands before it is gone for good."""
    id_ = str(run["_id"])
    tell(_batch(actor, run), "import_source_erased", f"sha256={run['file']['sha256'][:32]}")
    runs.erase_sources(id_)
    forget_file(run["file"]["id"])
    runs.change(id_, ERASED_FROM, {"erased_at": datetime.now(UTC)}, without=("sealed",))


def _batch(actor: Actor, run: Document) -> RunBatch:
    return RunBatch(str(run["_id"]), 0, actor.user, NOUNS[run["noun"]], run["institution"])
