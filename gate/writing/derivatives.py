"""The worker's side of pictures: makes what browsers show from stored originals, one at a time, beside its other work."""

from __future__ import annotations

import subprocess
import tempfile
import time
from typing import IO, Any

from bson import ObjectId
from gridfs import NoFile

from gate.fields.pictures import CHUNK, PATIENCE, REFUSALS, begun, derived_in, verdict_of
from gate.fields.stored_pictures import KIND, bucket, forget, keep_derived
from gate.refusals import Invalid
from gate.store.collections import records_of
from jobs import queue
from models.data_classes import Words
from models.registry import NOUNS
from models.stored_files import ORIGINAL, beside

GLANCE = 0.2
"""Seconds that a step waits for the child; the ledger is not held up longer by a large picture."""
GIVEN_UP: Words = (
    "何度試しても画像を準備できませんでした。システム管理者に連絡してください。",
    "The picture could not be prepared, however often it was tried; tell your administrator.",
)
Document = dict[str, Any]


class Deriving:
    """What one process has in hand. `step` is one of the worker's steps: killed at any point, another does it again."""

    def __init__(self) -> None:
        self._who = queue.holder()
        self._job: queue.Job | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._about: Document = {}
        self._made: IO[bytes] | None = None
        self._ends = 0.0

    def step(self) -> int:
        """Look after the picture in hand, or take the next one; 0 when nothing waited."""
        if self._child is None:
            job = queue.claim(self._who, (KIND,))
            return self._begin(job) if job else 0
        try:
            self._child.wait(GLANCE)
        except subprocess.TimeoutExpired:
            self._go_on()
            return 1
        self._end()
        return 1

    def _begin(self, job: queue.Job) -> int:
        file = ObjectId(job.about)
        try:
            original = bucket().open_download_stream(beside(file, ORIGINAL))
        except NoFile:
            return self._without(job, file)
        about = dict(original.metadata or {})
        if not _named(file, about):
            return self._without(job, file)
        if job.given_up:
            self._about = about
            return self._failed(job, GIVEN_UP)
        with tempfile.TemporaryFile() as given:
            while chunk := original.read(CHUNK):  # iterated, it would come by lines
                given.write(chunk)
            given.flush()
            self._made = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _let_go
            self._job, self._about = job, about
            self._child, self._ends = (
                begun("derive", given, self._made),
                time.monotonic() + PATIENCE["derive"],
            )
        return 1

    def _without(self, job: queue.Job, file: ObjectId) -> int:
        """Its original or its record is not there: not yet, and the lease is let run out; or it never comes, or is gone."""
        if job.given_up:
            forget(file)
            queue.drop(job)
        return 0

    def _go_on(self) -> None:
        if self._job is None or self._child is None:
            return
        if time.monotonic() > self._ends:
            self._child.kill()  # the next step finds it ended, and says that it took too long
        elif not queue.beat(self._job, {}):
            self._child.kill()
            self._let_go()

    def _end(self) -> None:
        job, child, made = self._job, self._child, self._made
        if job is None or child is None or made is None:
            return
        try:
            ready = derived_in(verdict_of(child.returncode, made), made)
        except Invalid as error:
            self._failed(job, error.errors.get("file", REFUSALS["time"]))
        else:
            file = ObjectId(job.about)
            keep_derived(file, ready)
            if not _named(file, self._about):  # removed or replaced meanwhile
                forget(file)
            elif not self._about.get("keep"):
                forget(file, only_original=True)
            queue.drop(job)
        self._let_go()

    def _failed(self, job: queue.Job, words: Words) -> int:
        """Say why on the record's page; an original that is kept stays, for another program may read it."""
        file = ObjectId(job.about)
        if not self._about.get("keep"):
            forget(file, only_original=True)
        queue.finish(job, "failed", list(words))
        return 1

    def _let_go(self) -> None:
        if self._child is not None:
            self._child.wait()
        if self._made is not None:
            self._made.close()
        self._job = self._child = self._made = None
        self._about = {}


def _named(file: ObjectId, about: Document) -> bool:
    """Whether the record that the picture was stored for names it."""
    noun = NOUNS.get(about.get("noun", ""))
    if noun is None or about.get("field") not in noun.fields:
        return False
    wanted = {"_id": about.get("record"), about["field"]: str(file)}
    return records_of(noun).find_one(wanted, {"_id": 1}) is not None
