"""Create, patch and remove one record, or change several: the doors of the write pipeline (gate.writing.pipeline)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from bson import ObjectId

from gate.fields.kinds import kind_of
from gate.fields.validation import clean
from gate.reading.judging import Plans, judged, without_unread
from gate.reading.loading import find_document
from gate.reading.show import Act, show
from gate.refusals import Invalid
from gate.store.collections import records_of
from gate.store.numbering import catch_up
from gate.writing.changes import Batch, Change, Origin
from gate.writing.pipeline import write as write_batch
from gate.writing.storing import TAKEN
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor

Document = dict[str, Any]
THERE: Words = (
    "同じものがすでにあります。そちらを直してください。",
    "There is one already; change that one.",
)
TRIES = 20
"""So often a proposed number is proposed again when another took it."""


class Editing:
    """One record being edited by a form: what the form sent is read by `row`, the record as its person sees it."""

    def __init__(self, actor: Actor, noun: Noun, record: str) -> None:
        """Raises:
        NotFound, Refused: out of reach, or no edit grant.
        """
        self._actor, self._noun = actor, noun
        self._document = find_document(actor, noun, record, "edit")
        names = [field.name for field in noun if not field.is_system]
        seen = judged(Plans(actor, noun, "form", names), self._document)
        self.row = show(Act(actor, noun, "form", "record"), [without_unread(seen)])[0]

    def save(
        self,
        revision: int,
        changes: Mapping[str, Any],
        *,
        proposed: Mapping[str, bool] | None = None,
        action: str = "edit",
        where: Mapping[str, Any] | None = None,
    ) -> int:
        """As patch; `proposed` as gate.writing.changes.Change has it.

        Raises:
            Refused, Invalid, Conflict, NotFound: as patch.
        """
        change = Change(before=self._document, revision=revision, typed=changes, proposed=proposed or {})
        batch = Batch(self._actor, self._noun, Origin.FORM, [change], action=action, where=where or {})
        return _revision_after(batch, change)


class Edit(NamedTuple):
    """What to change in a record that stands at a revision."""

    record: str
    revision: int
    changes: Mapping[str, Any]


def create(
    actor: Actor,
    noun: Noun,
    institution: str,
    values: Mapping[str, Any],
    *,
    system: Mapping[str, Any] | None = None,
    id_: Any = None,
    origin: Origin = Origin.FORM,
    proposed: Mapping[str, bool] | None = None,
) -> str:
    """Make a record of an institution and return its id. An empty number gets the next one proposed.

    Args:
        system: values that the system sets and no form accepts.
        id_: its id, where that is known; a record of that id which is there already stays as it is.
        proposed: as gate.writing.changes.Change has it.

    Raises:
        Refused: no create grant there, or a field that this actor may not edit.
        Invalid: what was typed cannot be stored, or the number is taken.
    """
    return str(
        _created(actor, noun, institution, values, system or {}, id_, origin, proposed or {}).after["_id"]
    )


def create_once(
    actor: Actor,
    noun: Noun,
    institution: str,
    values: Mapping[str, Any],
    id_: ObjectId,
    *,
    proposed: Mapping[str, bool] | None = None,
) -> str:
    """As create, by a form that was given this id when it was opened: sent twice, even at one moment, it makes one record.

    One atomic step decides it: the insert under that id (law 4). Where the record is there already and holds something
    else, the form was filled in again, and makes another record: nothing that was typed is lost (law 9).

    Raises:
        Refused, Invalid: as create.
    """
    there = records_of(noun).find_one({"_id": id_})
    if there is None:
        change = _created(actor, noun, institution, values, {}, id_, Origin.FORM, proposed or {})
        if not change.idle:
            return str(id_)
        there = records_of(noun).find_one({"_id": id_}) or {}
    if there.get("created_by") == actor.user and _holds(noun, there, {"institution": institution, **values}):
        return str(id_)
    return create(actor, noun, institution, values, proposed=proposed)


def _holds(noun: Noun, document: Document, values: Mapping[str, Any]) -> bool:
    """Whether a record holds all that was typed; rows are compared without their ids, and pictures not at all."""

    def said(name: str, value: Any) -> str:
        return kind_of(noun.fields[name]).text(noun.fields[name], value, itemgetter(0))

    typed = {name: value for name, value in values.items() if value not in (None, "", [])}
    read, wrong = clean(
        noun, {name: value for name, value in typed.items() if not noun.fields[name].is_picture}
    )
    return not wrong and all(
        said(name, document.get(name)) == said(name, value) for name, value in read.items()
    )


def _created(
    actor: Actor,
    noun: Noun,
    institution: str,
    values: Mapping[str, Any],
    system: Mapping[str, Any],
    id_: Any,
    origin: Origin,
    proposed: Mapping[str, bool],
) -> Change:
    """The change that made a record, or found it there under its id."""
    numbered = not values.get(noun.number) and kind_of(noun.fields[noun.number]).proposed
    for _ in range(TRIES if numbered else 1):
        change = Change(institution, typed=values, kept=dict(system), id=id_, proposed=proposed)
        write_batch(batch := Batch(actor, noun, origin, [change]))
        if not is_taken(change, noun):
            batch.raise_first()
            return change
        # A number that was proposed may have been typed by somebody meanwhile: propose one beyond it.
        if numbered:
            catch_up(noun, institution)
    raise Invalid(dict.fromkeys(noun.numbered_by, THERE) or {noun.number: TAKEN})


def is_taken(change: Change, noun: Noun) -> bool:
    """Whether a change failed because another record has its number."""
    return isinstance(change.error, Invalid) and change.error.errors.get(noun.number) is TAKEN


def patch(
    actor: Actor,
    noun: Noun,
    record: str,
    revision: int,
    changes: Mapping[str, Any],
    *,
    reason: str = "",
    action: str = "edit",
    where: Mapping[str, Any] | None = None,
    origin: Origin = Origin.FORM,
) -> int:
    """Change the named fields of a record that stands at `revision`; returns its revision afterwards.

    Fields that stay as they were are left out of the patch and of its history; a patch of nothing writes nothing.
    `action` and `where`: as write.

    Raises:
        NotFound, Refused: out of reach, no edit grant, or a field that this actor may not edit.
        Invalid: what was typed cannot be stored.
        Conflict: somebody saved since `revision`; nothing was written.
    """
    change = Change(record=record, revision=revision, typed=changes)
    batch = Batch(actor, noun, origin, [change], action=action, reason=reason, where=where or {})
    return _revision_after(batch, change)


def patch_many(
    actor: Actor, noun: Noun, edits: Iterable[Edit], *, reason: str = "", origin: Origin
) -> list[int | Exception]:
    """As patch, for several records at once: for each its revision afterwards, or what patch would raise."""
    changes = [Change(record=each.record, revision=each.revision, typed=each.changes) for each in edits]
    write_batch(Batch(actor, noun, origin, changes, reason=reason))
    return [each.error or each.revision_after for each in changes]


def _revision_after(batch: Batch, change: Change) -> int:
    write_batch(batch)
    batch.raise_first()
    return change.revision_after


def write(
    noun: Noun,
    document: Document,
    kept: Document,
    *,
    actor: Actor,
    reason: str = "",
    action: str = "edit",
    where: Mapping[str, Any] | None = None,
    mark: str = "",
    origin: Origin = Origin.WORKFLOW,
) -> int:
    """Store values that an act sets in a record, after it has asked by itself whether its actor may; the revision afterwards.

    Args:
        where: what else must still hold of the stored document, such as the state that an act begins from.
        mark: the operation that the update belongs to (workflows.engine.operations).

    Raises:
        Conflict, Invalid: as patch.
    """
    change = Change(before=document, kept=kept)
    batch = Batch(
        actor,
        noun,
        origin,
        [change],
        action=action,
        reason=reason,
        permitted=True,
        where=where or {},
        mark=mark,
    )
    return _revision_after(batch, change)


def remove(
    actor: Actor, noun: Noun, record: str, revision: int, reason: str, *, origin: Origin = Origin.FORM
) -> None:
    """Replace a record by its tombstone, which the sealer drains into the ledger and then removes.

    Raises:
        NotFound, Refused, Conflict: as patch.
        Invalid: no reason was given, or other records still refer to it.
    """
    [outcome] = remove_many(actor, noun, [(record, revision)], reason, origin=origin)
    if outcome is not None:
        raise outcome


def remove_many(
    actor: Actor, noun: Noun, records: Iterable[tuple[str, int]], reason: str, *, origin: Origin
) -> list[Exception | None]:
    """As remove, for several records, each with the revision that was looked at: what remove would raise, or None."""
    changes = [Change(record=record, revision=revision, removes=True) for record, revision in records]
    write_batch(Batch(actor, noun, origin, changes, reason=reason))
    return [each.error for each in changes]
