"""Merging a term into another: the term is decided at once, its records follow by batches of the worker, and back again.

The deciding change is the merged term's own: it names the one that took its place, and from then on that one is read,
imported and found in its stead. Records are changed by a job, each by one conditional update. Which records a batch is
about to change is written down first. An undo changes back exactly those whose field was last changed by this very merge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bson import ObjectId

from accounts.console import console
from gate.reading.loading import find_document
from gate.refusals import Conflict, Invalid, NotFound
from gate.store.clock import now, today
from gate.store.collections import key_of, records_of
from gate.writing.changes import Batch, Change, Origin
from gate.writing.pipeline import write as write_batch
from gate.writing.writing import write
from jobs import queue
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES
from policies.actor import Actor
from vocabularies import merges
from vocabularies.behaviour import is_needed, shared_by
from vocabularies.editing import permit
from vocabularies.usage import fields_with, is_in_parts
from workflows.engine.operations import Intent, Operation, bears, underway, unmark

Document = dict[str, Any]
TERM, INSTITUTION = NOUNS["term"], NOUNS["institution"]
MERGE, UNMERGE = "merge_terms", "unmerge_terms"
"""The jobs, and what the acts on records are called in their histories."""
BATCH = 200
AT_ONCE = 20
NOT_THESE: Words = (
    "この二つの語はまとめられません。同じ語彙の、使っている別の語を選んでください。",
    "These two cannot be merged: choose another term of the same vocabulary that is in use.",
)
CHANGED: Words = (
    "語がその間に変更されました。開き直してください。",
    "The terms were changed meanwhile; open the page again.",
)


def begin_merge(actor: Actor, gone: str, into: str, revision: int) -> str:
    """Merge a term into another, and set the worker to its records; the merge's id.

    Args:
        gone: the id of the term that goes; its institution's records will bear the other.
        into: the id of the one that takes its place.
        revision: of the one that goes, as the actor saw it.

    Raises:
        NotFound, Refused: out of reach, or no edit grant. Invalid: the two cannot be merged. Conflict: changed meanwhile.
    """
    first, second = (find_document(actor, TERM, each, "edit") for each in (gone, into))
    if not can_merge(first, second):
        raise Invalid({"into": NOT_THESE})
    if first["revision"] != revision:
        raise Invalid({"into": CHANGED})
    merge = ObjectId()
    about = {"merge": str(merge), "gone": gone, "into": into, "was_retired_on": first.get("retired_on")}
    kept = {"merged_into": second["code"], "retired_on": first.get("retired_on") or str(today())}
    with underway(MERGED, about, by=actor.user, institution=first["institution"]) as intent:
        write(TERM, first, kept, actor=actor, action=MERGE, mark=str(intent.id))
    return str(merge)


def can_merge(gone: Document, into: Document) -> bool:
    """Whether a stored term can be merged into another: wherever the first holds, the second does."""
    vocabulary = gone["vocabulary"]
    return (
        gone["_id"] != into["_id"]
        and vocabulary == into["vocabulary"]
        and VOCABULARIES[vocabulary].is_open
        and not is_in_parts(vocabulary)
        and not is_needed(vocabulary, gone["code"])
        and not gone.get("merged_into")
        and not into.get("retired_on")
        and into["institution"] in (gone["institution"], shared_by(gone["institution"]))
    )


def begin_undo(actor: Actor, merge: str) -> None:
    """Take a merge back: the term is there again, and the worker restores its records.

    Raises:
        NotFound, Refused: out of reach, or no edit grant. Invalid: it is not merged, or is being taken back already.
    """
    found = merges.known(merge)
    permit(actor, found["institution"], "edit")
    with underway(UNMERGED, {"merge": merge}, by=actor.user, institution=found["institution"]) as intent:
        if not merges.advance(found["_id"], merges.MERGED, merges.UNDOING, mark=str(intent.id)):
            raise Invalid({"": (
                "まだまとめている途中か、もう取り消されています。", "It is still under way, or was undone already.",
            )})  # fmt: skip


def _by(intent: Intent) -> Actor:
    return acting(intent.by, intent.institution)


def acting(user: str, institution: str) -> Actor:
    """Who ends it: in the name of the one who began it, who was asked then, with the console's rights here."""
    top = shared_by(institution)
    return replace(console(top, frozenset({institution}) - {top}), user=user)


def _write_down(intent: Intent) -> None:
    gone, into = (_term(intent.about[each]) for each in ("gone", "into"))
    names = [gone["label"], gone["label_en"], *(gone.get("aliases") or ())]
    known = {into["label"], into["label_en"], *(into.get("aliases") or ())}
    merges.begin({
        "_id": ObjectId(intent.about["merge"]), "institution": intent.institution, "vocabulary": gone["vocabulary"],
        "gone": gone["code"], "into": into["code"], "gone_id": gone["_id"], "into_id": into["_id"],
        "was_retired_on": intent.about["was_retired_on"], "names": [each for each in dict.fromkeys(names) if each not in known],
        "by": intent.by, "at": now(), "state": merges.MERGING, "changed": 0,
    })  # fmt: skip


def _add_names(intent: Intent) -> None:
    """The one in its place is found by what the other was called."""
    merge = merges.known(intent.about["merge"])
    _name_otherwise(intent, merge["into_id"], add=merge["names"])


def _name_otherwise(intent: Intent, term: Any, *, add: Iterable[str] = (), drop: Iterable[str] = ()) -> None:
    for _ in range(AT_ONCE):
        document, gone = _term(term), set(drop)
        before = document.get("aliases") or []
        aliases = [each for each in dict.fromkeys((*before, *add)) if each not in gone]
        if aliases == before:
            return
        try:
            write(TERM, document, {"aliases": aliases}, actor=_by(intent), action=MERGE)
        except Conflict:
            continue  # somebody saved it meanwhile: read again
        return
    raise RuntimeError("a term is changed again and again")


def _post(kind: str, intent: Intent) -> None:
    queue.post(kind, intent.about["merge"], intent.id)


def _bring_back(intent: Intent) -> None:
    merge = merges.known(intent.about["merge"])
    _name_otherwise(intent, merge["into_id"], drop=merge["names"])
    gone = _term(merge["gone_id"])
    if gone.get("merged_into") == merge["into"]:
        kept = {"merged_into": None, "retired_on": merge["was_retired_on"]}
        write(TERM, gone, kept, actor=_by(intent), action=UNMERGE, where={"merged_into": merge["into"]})


def _term(key: Any) -> Document:
    found = records_of(TERM).find_one({"_id": key if isinstance(key, ObjectId) else key_of(TERM, key)})
    if found is None:
        raise NotFound
    return found


MERGED = Operation(
    MERGE,
    ("語彙の語をまとめる", "A term merged into another"),
    decided=lambda intent: bears(TERM, key_of(TERM, intent.about["gone"]), intent),
    steps=(
        _write_down,
        _add_names,
        lambda intent: _post(MERGE, intent),
        lambda intent: unmark(TERM, key_of(TERM, intent.about["gone"]), intent),
    ),
)
"""The merged term names the one in its place, which is found by its names; the job for its records is in the queue."""

UNMERGED = Operation(
    UNMERGE,
    ("まとめた語を元に戻す", "A merge of terms undone"),
    decided=lambda intent: merges.bears(intent.about["merge"], str(intent.id)),
    steps=(_bring_back, lambda intent: _post(UNMERGE, intent)),
)
"""The term is as before the merge; the job that restores its records is in the queue."""


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
        merge = merges.known(job.about)
        ended = (merge_batch if job.task == MERGE else restore_batch)(merge)
        if ended:
            from_, to = _STATES[job.task]
            merges.advance(merge["_id"], from_, to)
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
        asked = {"institution": within, field.name: merge["gone"]}
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
    # guard: merge-undo-own
    ours = [each for each in found if _is_ours(last.get(each["_id"]), merge)]
    done = _set(merge, noun.name, field, ours, (merge["into"], merge["gone"]), UNMERGE)
    if done == len(ours):  # else somebody saved one meanwhile: look again
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
    write_batch(batch)
    for each in changes:
        if each.error is not None and not isinstance(each.error, Conflict):
            raise each.error
    return sum(each.error is None for each in changes)
