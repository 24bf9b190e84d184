"""The worker's side of merging terms: the records of a merge, or of its undo, by batches.

Each record is changed by one conditional update, so a batch that is done twice changes nothing more. Which records a batch
is about to change is written down first; an undo changes back those whose field was last changed by this very merge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from accounts.console import console
from gate.refusals import Conflict, Invalid, NotFound
from gate.store.collections import records_of
from gate.writing.changes import Batch, Change, Origin
from gate.writing.pipeline import write
from jobs import queue
from models.registry import NOUNS
from policies.actor import Actor
from vocabularies import merges
from vocabularies.behaviour import shared_by
from vocabularies.usage import fields_with

Document = dict[str, Any]
INSTITUTION = NOUNS["institution"]
MERGE, UNMERGE = "merge_terms", "unmerge_terms"
"""The jobs, and what the acts on records are called in their histories."""
BATCH = 200


def acting(user: str, institution: str) -> Actor:
    """Who ends it: in the name of the one who began it, who was asked then, with the console's rights here."""
    top = shared_by(institution)
    return replace(console(top, frozenset({institution}) - {top}), user=user)


def institutions_of(institution: str) -> list[str]:
    """The institutions whose records may bear a term of this one."""
    if shared_by(institution) != institution:
        return [institution]
    asked = {"$or": [{"_id": institution}, {"supervisor": institution}], "institution": {"$ne": None}}
    return sorted(each["_id"] for each in records_of(INSTITUTION).find(asked, {"_id": 1}))


class Merging:
    """What one process has in hand. `step` is one of the worker's steps: one batch, killed at any point done again."""

    def __init__(self) -> None:
        self._who = queue.holder()
        self._job: queue.Job | None = None

    def step(self) -> int:
        """Change one batch of records, or take the next job; 0 when nothing waits."""
        job = self._job or queue.claim(self._who, (MERGE, UNMERGE))
        if job is None:
            return 0
        self._job = None
        try:
            merge = merges.known(job.about)
        except NotFound:
            queue.drop(job)
            return 1
        if job.given_up:
            merges.advance(merge["_id"], (merges.MERGING, merges.UNDOING), merges.STOPPED)
            queue.finish(job, "failed")
            return 1
        ended = (merge_batch if job.task == MERGE else restore_batch)(merge)
        if ended:
            if job.task == MERGE:
                merges.count(merge["_id"], changed=merges.noted(merge["_id"]))
            from_, to = _STATES[job.task]
            merges.advance(merge["_id"], (from_,), to)
            queue.finish(job, "done")
        elif queue.beat(job, {}):
            self._job = job
        return 1


_STATES = {MERGE: (merges.MERGING, merges.MERGED), UNMERGE: (merges.UNDOING, merges.UNDONE)}


def merge_batch(merge: Document) -> bool:
    """Let a batch of records bear the other term; whether none was left."""
    within = {"$in": institutions_of(merge["institution"])}
    for field in fields_with(merge["vocabulary"]):
        noun = NOUNS[field.noun]
        asked = {"institution": within, field.name: merge["gone"], "_id": {"$nin": merge.get("left") or []}}
        if found := list(records_of(noun).find(asked).limit(BATCH)):
            merges.note_records(merge["_id"], noun.name, field.name, (each["_id"] for each in found))
            done = _set(merge, field.noun, field.name, found, (merge["gone"], merge["into"]), MERGE)
            merges.count(merge["_id"], changed=merge.get("changed", 0) + done)
            return False
    return True


def restore_batch(merge: Document) -> bool:
    """Let a batch of the merge's records bear the term that they had; whether all were looked at."""
    at = merge.get("restored_to")
    chunk = next(
        (each for each in merges.noted_records(merge["_id"]) if at is None or each["_id"] > at), None
    )
    if chunk is None:
        return True
    noun, field = NOUNS[chunk["noun"]], chunk["field"]
    asked = {"_id": {"$in": chunk["records"]}, field: merge["into"]}
    found = list(records_of(noun).find(asked))
    last = merges.last_changes(noun.name, found, field)
    ours = [each for each in found if _is_ours(last.get(each["_id"]), merge)]
    done = _set(merge, noun.name, field, ours, (merge["into"], merge["gone"]), UNMERGE)
    left = merges.known(str(merge["_id"])).get("left") or []
    if done == sum(each["_id"] not in left for each in ours):  # else somebody saved one meanwhile: look again
        merges.merges().update_one(
            {"_id": merge["_id"]}, {"$set": {"restored_to": chunk["_id"]}, "$inc": {"restored": done}}
        )
    return False


def _is_ours(act: Document | None, merge: Document) -> bool:
    return act is not None and act["action"] == MERGE and str(merge["_id"]) in act["reason"]


def _set(
    merge: Document, noun: str, field: str, found: list[Document], terms: tuple[str, str], action: str
) -> int:
    """Change a field from one term to another in these records, as they were read; how many were."""
    changes = [Change(before=each, kept={field: terms[1]}) for each in found]
    batch = Batch(
        acting(merge["by"], merge["institution"]),
        NOUNS[noun],
        Origin.UNDO if action == UNMERGE else Origin.CONSOLE,
        changes,
        action=action,
        reason=f"{terms[0]} → {terms[1]} ({merge['_id']})",
        permitted=True,
        where={field: terms[0]},
    )
    write(batch)
    refused = [each for each in changes if isinstance(each.error, Invalid)]
    if refused:
        merges.leave(merge["_id"], [(each.before or {}).get("_id") for each in refused])
    for each in changes:
        if each.error is not None and not isinstance(each.error, (Conflict, Invalid, NotFound)):
            raise each.error
    return sum(each.error is None for each in changes)
