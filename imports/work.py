"""Run import jobs for `flask worker`: take them from the queue and work on them a batch at a time."""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bson import ObjectId
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError

from accounts.accounts import account
from accounts.console import NAME, console
from gate.refusals import Refused
from imports.formats.form import SheetError
from imports.mapping.mapping import MappingError
from imports.mapping.source import GONE
from imports.photographs import run as photograph_run
from imports.run import decisions, opening, reconciliation, undo
from imports.run.indexing import Indexing
from imports.run.running import Progress, Run
from imports.store import runs
from imports.store.sealed_source import Unopened
from imports.store.table import IMPORT, JOBS, failed, state_in, stopped
from jobs import queue
from models.data_classes import Words
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict
from vocabularies.present import use_terms, use_terms_at

Document = dict[str, Any]
NOBODY: Words = (
    "取込を始めた人のアカウントが使えません。",
    "The account that began the import cannot be used.",
)
UNFORESEEN: Words = (
    "思いがけない不具合で続けられません。対応表を確かめ、直らなければシステム管理者に連絡してください。",
    "A fault that nobody foresaw: look at the mapping, and if that does not help tell your administrator.",
)
GIVEN_UP: Words = (
    "何度始めても進まないので、やめました。システム管理者に連絡してください。",
    "It was begun again and again and never got on; tell your administrator.",
)
REFUSALS = 3
"""So often a store that answers may refuse the same job before it is failed: when the engine comes up it refuses at first."""
log = logging.getLogger("shuzoko")


def who(run: Document) -> Callable[[], Actor]:
    """The one who began what is under way, by their rights of the moment."""

    def found() -> Actor:
        user = run["history"][-1]["by"]
        if user == NAME:
            use_terms_at(run["institution"])
            return console(run["institution"])
        known = account(user)
        if known is None:
            raise Refused(Verdict(Effect.HIDE, "account", NOBODY))
        use_terms(known.houses, known.house.code)
        return known.actor

    return found


def steps_of(kind: str, run: Document, key: bytes) -> Iterator[Progress]:
    """The steps of a job."""
    use_terms_at(run["institution"])
    if kind in ("trial", "run"):
        return Run(run, key, who(run), trial=kind == "trial").steps()
    if kind == opening.KIND:
        return opening.steps(run, key, who(run))
    if kind == "reconcile":
        return reconciliation.steps(run, key, who(run))
    if kind == "photographs":
        return photograph_run.steps(run, key, who(run))
    if kind == "decide":
        return decisions.steps(run, key, who(run))
    if kind == "undo":
        return undo.steps(run, who(run))
    raise KeyError(kind)


def follow(job: queue.Job) -> None:
    """What comes after a job by itself: a run is reconciled, and again when held rows were decided. The job first: an import that is said to be at work is."""
    known = runs.known(job.about) if job.task in ("run", "decide") else None
    if known and known["state"] == "ran":
        queue.post("reconcile", job.about)
        _begin_reconciling(job.about)


def _tell(error: Exception) -> None:
    """Its kind and where it arose: its text may quote a row (law 5)."""
    places = traceback.extract_tb(error.__traceback__)
    log.error(
        "import: unforeseen %s at %s",
        type(error).__name__,
        [f"{each.filename}:{each.lineno}" for each in places],
    )


def _begin_reconciling(run: str) -> None:
    runs.advance(run, IMPORT.act("reconcile"), {}, by=_by(run))


def _by(run: str) -> str:
    known = runs.known(run)
    return str(known["history"][-1]["by"]) if known else ""


class Work:
    """What one process has in hand. `step` is one of the worker's steps: a batch, or nothing."""

    def __init__(self, key: bytes, *, unsure: bool = False) -> None:
        """`unsure`: as imports.run.indexing has it."""
        self.key = key
        self._who = queue.holder()
        self._indexing = Indexing(unsure=unsure)
        self._refusals: Counter[ObjectId] = Counter()
        self._job: queue.Job | None = None
        self._steps: Iterator[Progress] = iter(())
        self.progress = Progress()
        """Of the step just done."""
        self.failure: Words | None = None
        """Why the last job failed."""

    @property
    def busy(self) -> bool:
        """Whether a job is in hand."""
        return self._job is not None

    def own(self, kind: str, run: str, id_: ObjectId | None = None) -> queue.Job:
        """Post a job and begin it here and now, as a command does."""
        job = queue.post_own(kind, run, self._who, id_)
        self.take(job)
        return job

    def step(self) -> int:
        """Go on with the job in hand by one batch, or take the next one, or build what is owed; 0 when nothing waits."""
        if self._indexing.busy:
            return self._indexing.step()
        job = self._job or queue.claim(self._who, tuple(JOBS))
        if job is None:
            return self._indexing.step()
        if job.given_up:
            return self._failed(job, GIVEN_UP)
        if self._job is None and not self.take(job):
            return 1
        return self.one(job)

    def take(self, job: queue.Job) -> bool:
        """Begin with a claimed job."""
        if job.task == "reconcile":
            _begin_reconciling(job.about)
        run = runs.known(job.about)
        if run is None or run["state"] != state_in(job.task):
            queue.finish(job, "stopped")
            self._job = None
            follow(job)  # whoever did the run may have been killed before it could ask for what follows
            return False
        self._job, self._steps = job, steps_of(job.task, run, self.key)
        return True

    def one(self, job: queue.Job) -> int:
        """One step of a job in hand: 1, or 0 when it has ended."""
        try:
            progress = next(self._steps, None)
        except (SheetError, MappingError) as error:
            return self._failed(job, error.words)
        except Refused as error:
            return self._failed(job, error.verdict.reason)
        except Unopened:
            return self._failed(job, GONE)
        except BaseException as error:
            if isinstance(error, Exception) and self._lasting(job, error):
                _tell(error)
                return self._failed(job, UNFORESEEN)
            # The store is away, or this process is to end: whoever takes it next goes on where the batches end.
            self._let_go()
            raise
        if progress is None:
            queue.finish(job, "done")
            self._let_go()
            follow(job)
            return 1
        self.progress = progress
        if not queue.beat(job, progress.as_document()):
            self._stopped(job)
        return 1

    def _lasting(self, job: queue.Job, error: Exception) -> bool:
        """Whether trying again would not help: a store that is away comes back, one that says no may be just coming up."""
        if isinstance(error, ConnectionFailure | ExecutionTimeout):
            return False
        if isinstance(error, PyMongoError):
            self._refusals[job.id] += 1
        return not isinstance(error, OperationFailure) or self._refusals[job.id] > REFUSALS

    def _let_go(self) -> None:
        close = getattr(self._steps, "close", None)
        self._job, self._steps = None, iter(())
        if close:
            close()

    def _stopped(self, job: queue.Job) -> None:
        """Asked to stop after a batch, or the lease went to another while this one slept."""
        self._let_go()
        if not queue.asked_to_stop(job):
            return
        queue.finish(job, "stopped")
        # Gone on with before this one looked up: the import is the newer job's.
        if (queue.latest(job.about) or {}).get("_id") == job.id:
            runs.advance(job.about, stopped(job.task), {}, by=_by(job.about))

    def _failed(self, job: queue.Job, words: Words) -> int:
        self._let_go()
        self.failure = words
        told = {"failure": list(words)}
        # The import first: cut short between the two, whoever claims the job finds that it is over.
        runs.advance(job.about, failed(job.task), told, by=_by(job.about))
        queue.finish(job, "failed", list(words))
        return 1
