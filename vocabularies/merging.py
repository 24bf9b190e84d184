"""Merging a term into another: the term is decided at once, its records follow by batches of the worker, and back again.

The deciding change is the merged term's own: it names the one that took its place, and from then on that one is read,
imported and found in its stead. Records follow by a job (vocabularies.merge_records).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from gate.reading.loading import find_document
from gate.refusals import Conflict, Invalid, NotFound
from gate.store.clock import now, today
from gate.store.collections import key_of, records_of
from gate.writing.writing import write
from jobs import queue
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES
from policies.actor import Actor
from policies.verdict import may
from vocabularies import merges
from vocabularies.behaviour import is_needed, shared_by
from vocabularies.editing import permit
from vocabularies.merge_records import MERGE, UNMERGE, acting
from vocabularies.usage import is_in_parts
from workflows.engine.operations import Intent, Operation, bears, run_operation, unmark

Document = dict[str, Any]
TERM, INSTITUTION = NOUNS["term"], NOUNS["institution"]
AT_ONCE = 20
NOT_THESE: Words = (
    "この二つの語はまとめられません。同じ語彙の、使っている別の語を選んでください。",
    "These two cannot be merged: choose another term of the same vocabulary that is in use.",
)
CHANGED: Words = (
    "語がその間に変更されました。開き直してください。",
    "The terms were changed meanwhile; open the page again.",
)


@dataclass(frozen=True)
class ToMerge:
    """A term that is to be merged, as a person who may do so sees it."""

    institution: str
    vocabulary: str
    revision: int
    code: str
    label: Words
    targets: tuple[tuple[str, str, Words], ...]
    """Those that could take its place: id, code, label."""


def to_merge(actor: Actor, term: str) -> ToMerge:
    """A term and those that it can be merged into.

    Raises:
        NotFound, Refused: out of reach, or no edit grant.
    """
    found = find_document(actor, TERM, term, "edit")
    institution, vocabulary = found["institution"], found["vocabulary"]
    within = {"$in": sorted({institution, shared_by(institution)})}
    others = records_of(TERM).find({"vocabulary": vocabulary, "institution": within}).sort("order", 1)
    targets = (
        (str(each["_id"]), each["code"], (each["label"], each["label_en"]))
        for each in others
        if can_merge(found, each) and may(actor, TERM.name, "edit", each["institution"])
    )
    label = found["label"], found["label_en"]
    return ToMerge(institution, vocabulary, found["revision"], found["code"], label, tuple(targets))


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
    with run_operation(MERGED, about, by=actor.user, institution=first["institution"]) as intent:
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
    with run_operation(UNMERGED, {"merge": merge}, by=actor.user, institution=found["institution"]) as intent:
        if not merges.advance(
            found["_id"], (merges.MERGED, merges.STOPPED), merges.UNDOING, mark=str(intent.id)
        ):
            raise Invalid({"": (
                "まだまとめている途中か、もう取り消されています。", "It is still under way, or was undone already.",
            )})  # fmt: skip


def _by(intent: Intent) -> Actor:
    return acting(intent.by, intent.institution)


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
