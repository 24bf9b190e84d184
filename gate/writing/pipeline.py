"""The one write pipeline (law 7): every change to a noun's records goes through it, whatever its origin.

In this order, for a whole batch: the permission of each change; its values parsed and checked; the noun's behaviours'
checks; what they derive; the write, which is one conditional update of one document with its outbox entry (law 4).
A withheld field is never written: a change names only fields that its actor may edit, and touches no other (law 3).
"""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from mongoengine.errors import ValidationError

from audit import outbox
from gate.fields.kinds import kind_of
from gate.fields.pictures import Picture
from gate.fields.stored_pictures import described
from gate.fields.validation import REQUIRED, clean, contradicting_days, missing
from gate.reading.loading import reached
from gate.refusals import Invalid, NotFound, Refused
from gate.store.collections import key_of, records_of
from gate.store.numbering import next_number
from gate.writing.behaviours import behaviours_of
from gate.writing.changes import Batch, Change
from gate.writing.patches import derived, same
from gate.writing.permissions import editable, unreachable
from gate.writing.storing import stale, store
from gate.writing.tombstones import referred
from models.data_classes import Words
from policies.verdict import may

Document = dict[str, Any]
NUMBERED: Words = (
    "番号のもとになるので変えられません。新しく作ってください。",
    "The number is made of it, so it cannot change; make a new one.",
)
REFERRED: Words = (
    "ほかの記録がこの記録を指しています。先にそちらを直してください。",
    "Other records refer to this one; change those first.",
)
UNSTORABLE: Words = ("この値は保存できません。", "This value cannot be stored.")


def write(batch: Batch) -> None:
    """Check a batch and store what stands the check; each change then bears its result, its `error` or none.

    Raises:
        PyMongoError: the store did not answer.
    """
    check(batch)
    store(batch)


def check(batch: Batch) -> None:
    """All of the pipeline but the store's write, for those who store later or never (a trial).

    Raises:
        Refused, Invalid: of a batch whose fields are asked once for all, one may not be filled.
    """
    read(batch)
    _permit(batch)
    for change in batch.open():
        if change.removes:
            continue
        names = _parse(batch, change)
        if change.before is None:
            _begin(batch, change, names)
        else:
            _compare(batch, change, change.before, names)
        # guard: contradicting-days
        change.wrong = contradicting_days(batch.noun, change.whole, change.names) | change.wrong
    for behaviour in behaviours_of(batch.noun):
        # guard: behaviour-check
        behaviour.check(batch)
    _stop(batch)
    for behaviour in behaviours_of(batch.noun):
        # guard: behaviour-derive
        behaviour.derive(batch)
    _complete(batch)


def read(batch: Batch) -> None:
    """Read the records that changes name by their id; those out of reach are not there."""
    keys: dict[Any, list[Change]] = {}
    for change in batch.open():
        if change.record and change.before is None:
            try:
                keys.setdefault(key_of(batch.noun, change.record), []).append(change)
            except NotFound as error:
                change.error = error
    if not keys:
        return
    asked = {"$in": list(keys)} if len(keys) > 1 else next(iter(keys))
    documents = {each["_id"]: each for each in records_of(batch.noun).find({"_id": asked})}
    for key, changes in keys.items():
        for change in changes:
            try:
                action = "remove" if change.removes else "edit"
                change.before = reached(batch.actor, batch.noun, documents.get(key), action)
            except (NotFound, Refused) as error:
                change.error = error


def permit(batch: Batch, institution: str, action: str) -> None:
    """Ask whether the batch's actor may do this to records of that institution.

    Raises:
        Refused: no grant for it, or a field of the batch that this actor may not edit. Invalid: no such field.
    """
    for each in (*batch.needs, action):
        if not (verdict := may(batch.actor, batch.noun.name, each, institution)):
            raise Refused(verdict)
    if batch.fields is not None:
        editable(batch.actor, batch.noun, institution, batch.fields, batch.memory)


def _permit(batch: Batch) -> None:
    """Ask for each change whether its actor may make it; of the same institution it is asked once."""
    if batch.permitted:
        return
    asked: set[tuple[str, str]] = set()
    for change in batch.open():
        institution = _place(batch, change)
        action = "create" if change.before is None else "remove" if change.removes else "edit"
        try:
            if (institution, action) not in asked:
                permit(batch, institution, action)
                asked.add((institution, action))
            if batch.fields is None:
                # An empty field of a new record is not given.
                of_edit = change.before is not None
                given = (
                    name for name, value in change.typed.items() if of_edit or value not in (None, "", [])
                )
                editable(batch.actor, batch.noun, institution, given, batch.memory)
        except (Refused, Invalid) as error:
            if batch.fields is not None:
                raise
            change.error = error


def _place(batch: Batch, change: Change) -> str:
    """The institution whose right it is to make a change. What is no institution is told at its field."""
    if change.before is not None:
        return str(change.before["institution"])
    if not batch.noun.made_within:
        return change.institution
    asked = change.typed.get(batch.noun.made_within)
    return str(asked) if batch.actor.scope_of(asked) else change.institution


def _parse(batch: Batch, change: Change) -> Document:
    """The values that a person gives, as they may be stored; what is wrong with the rest is in `wrong`."""
    if batch.fields is not None:
        return change.kept
    stored = change.before or {}
    # What stands as it was stored is not judged again: an older version may have read it otherwise.
    typed = {name: raw for name, raw in change.typed.items() if not _untouched(stored, name, raw)}
    found, wrong = clean(batch.noun, typed, stored.get("institution") or change.institution)
    change.wrong |= wrong
    return found


def _untouched(stored: Document, name: str, raw: Any) -> bool:
    return isinstance(raw, str) and raw != "" and raw == stored.get(name)


def _begin(batch: Batch, change: Change, typed: Document) -> None:
    """The whole document of a new record, as far as it is to be checked."""
    noun = batch.noun
    change.names = frozenset(typed)
    values = {**typed, **described(typed)} if noun.picture else typed
    document = {
        **_defaults(batch),
        **{name: value for name, value in values.items() if value not in (None, [])},
    }
    document["institution"] = document.get(noun.number) if noun.is_institution else change.institution
    if change.id is not None:
        document["_id"] = change.id
    if noun.numbered_by:
        document[noun.number] = "-".join(str(document.get(name, "")) for name in noun.numbered_by)
    out_of_reach = unreachable(batch.actor, noun, _place(batch, change), typed, batch.memory)
    lacking = missing(noun, document)
    proposed = noun.number not in change.wrong and kind_of(noun.fields[noun.number]).proposed
    numbered = proposed and not document.get(noun.number)
    if numbered:
        lacking.pop(noun.number, None)
    change.wrong = lacking | change.wrong | out_of_reach
    # A refused record takes no number: the form has shown the next one, and it may be on paper.
    if numbered and not change.wrong:
        document[noun.number] = next_number(noun, change.institution)
    if not batch.told:
        change.listed = sorted(name for name in document if name not in ("institution", "_id"))
    change.after = document if batch.fields is not None else {**document, **change.kept}


def _compare(batch: Batch, change: Change, before: Document, typed: Document) -> None:
    """Of an edit the values that are not what the record has already."""
    noun = batch.noun
    if "institution" in typed and typed.pop("institution") != before["institution"]:
        change.wrong["institution"] = ("館は変えられません。", "The institution cannot be changed.")
    typed = {name: value for name, value in typed.items() if not same(before.get(name), value)}
    change.names = frozenset(typed)
    if typed:
        change.wrong |= unreachable(batch.actor, noun, before["institution"], typed, batch.memory)
    change.wrong |= {name: NUMBERED for name in noun.numbered_by if name in typed}
    if noun.number in typed and noun.is_institution:
        change.wrong[noun.number] = ("コードは変えられません。", "The code cannot be changed.")
    elif typed.get(noun.number, "") is None:
        change.wrong[noun.number] = REQUIRED
    change.kept = typed if batch.fields is not None else {**typed, **change.kept}


def _stop(batch: Batch) -> None:
    """Stop the changes that are wrong, that were begun from an older revision, or that change nothing."""
    for change in batch.open():
        if change.removes and not batch.reason.strip():
            change.wrong["reason"] = ("理由を入力してください。", "Please give a reason.")
        if change.wrong:
            change.error = Invalid(change.wrong)
        # guard: patch-on-revision
        elif change.before is not None and change.revision not in (None, change.before["revision"]):
            change.error = stale(batch, change.before, int(change.revision or 0))
        elif change.before is not None and not change.removes and not change.kept:
            change.idle = True
    _stop_referred(batch)


def _stop_referred(batch: Batch) -> None:
    """Stop removals of records that others refer to."""
    removed = [(change, before["_id"]) for change, before in batch.removals()]
    named = referred(batch.noun, [key for _, key in removed])
    for change, key in removed:
        if key in named:
            change.error = Invalid({"": REFERRED})


def _complete(batch: Batch) -> None:
    """What the system keeps of each record, what follows from it, and MongoEngine's own look at it."""
    noun, now, user = batch.noun, batch.at, batch.actor.user
    for change in batch.new():
        document = change.after
        if "_id" not in document:
            document["_id"] = document.get(noun.number) if noun.is_institution else ObjectId()
        document |= {
            "revision": 1,
            "created_at": now,
            "created_by": user,
            "changed_at": now,
            "changed_by": user,
        }
        document |= change.beside
        if not batch.told:
            fields, action = change.listed, batch.action or "create"
            document["outbox"] = [
                outbox.entry(actor=user, action=action, revision=1, fields=fields, before={})
            ]
            document["outbox_at"] = now
        _look_again(batch, change)
        change.after = derived(noun, document)
    for change, _ in batch.edits():
        if noun.picture:
            change.set(described(change.kept))
        # Of an edit its values alone: an older fault elsewhere is no business of who may not even see it.
        _look_again(batch, change)


def _defaults(batch: Batch) -> Document:
    """What a new record has before anything is typed."""
    if batch.defaults is None:
        given = ((each.name, each.default) for each in batch.noun if each.name != "revision")
        found = {name: default() if callable(default) else default for name, default in given}
        batch.defaults = {name: value for name, value in found.items() if value not in (None, [], {})}
    return batch.defaults


def _look_again(batch: Batch, change: Change) -> None:
    """Let MongoEngine validate what a person changed against the declaration a second time.

    Not in an import: there it was a third of a row's time. Of a form's save it is some hundredths.
    """
    if batch.fields is not None:
        return
    values = change.after if change.before is None else change.kept
    for name in change.names:
        value = values.get(name)
        if value is None or isinstance(value, Picture):
            continue
        field = batch.noun.document._fields[name]
        try:
            field._validate(field.to_python(value))
        except (ValidationError, ValueError, AttributeError, AssertionError):
            change.wrong[name] = UNSTORABLE
    if change.wrong:
        change.error = Invalid(change.wrong)
