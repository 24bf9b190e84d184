"""An act that sets a job to work: import and queue are two documents, so it is an operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from imports.store import runs
from imports.store.decisions import forget_decisions
from jobs import queue
from workflows.engine.operations import Intent, Operation, run_operation
from workflows.engine.table import Act


def start(
    run: str,
    act: Act,
    values: Mapping[str, Any],
    *,
    by: str,
    institution: str,
    without: Iterable[str] = (),
    sheet: str = "",
) -> bool:
    """Let an import go on by an act with a job; False where it does not stand in one of the act's states.

    `sheet`: decisions that were written down for it, to be forgotten where it does not go on.
    """
    with starting(run, act, by=by, institution=institution, sheet=sheet) as intent:
        return runs.advance(run, act, values, by=by, without=without, mark=str(intent.id))


@contextmanager
def starting(run: str, act: Act, *, by: str, institution: str, sheet: str = "") -> Iterator[Intent]:
    """The same, where the body lets the import go on, or makes it, bearing the intent's mark."""
    about = {"run": run, "job": act.job, "state": act.to, "sheet": sheet}
    with run_operation(JOB_POSTED, about, by=by, institution=institution) as intent:
        yield intent


def _post(intent: Intent) -> None:
    """Post the job, once; a trial forgets the one before."""
    run, kind = intent.about["run"], intent.about["job"]
    known = runs.known(run, only=("state",))
    if queue.is_known(intent.id) or known is None or known["state"] != intent.about["state"]:
        return
    if kind == "trial":
        runs.forget_batches(run, kind)
    queue.post(kind, run, intent.id)


def _forget_sheet(intent: Intent) -> None:
    if intent.about["sheet"]:
        forget_decisions(intent.about["run"], intent.about["sheet"])


JOB_POSTED = Operation(
    "import_job",
    ("取込の仕事の開始", "An import's job begun"),
    decided=lambda intent: runs.bears(intent.about["run"], str(intent.id)),
    steps=(_post, lambda intent: runs.unmark(intent.about["run"], str(intent.id))),
    undo=(_forget_sheet,),
)
"""The import stands as at work, and its job is in the queue."""
