"""Create, patch and remove: each one conditional update of one document, its outbox entry within (law 4).

A withheld field is never written: a patch names only fields that its actor may edit, and touches no other (law 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bson import ObjectId
from mongoengine.errors import ValidationError
from pymongo.errors import DuplicateKeyError

from audit import outbox
from gate.fields.pictures import Picture
from gate.fields.stored_pictures import described, settled
from gate.fields.validation import REQUIRED, clean, missing
from gate.reading.loading import find_document
from gate.refusals import Invalid, Refused
from gate.store.collections import records_of, retry_deadlock
from gate.store.date_intervals import intervals_of
from gate.store.masked_forms import forms_of, masks_of
from gate.store.numbering import catch_up, next_number
from gate.store.samples import is_drawn
from gate.store.search_keys import keys_of
from gate.writing.behaviours import around_write, behaviours_of
from gate.writing.conflicts import conflict
from gate.writing.patches import same, update_of
from gate.writing.permissions import Memory, editable, unreachable
from gate.writing.statuses import first_status
from gate.writing.tombstones import referring, tombstone_of
from japanese.keys import search_key
from models.completeness import lacking
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor
from policies.papers import contradictions, kept_as_written
from policies.verdict import may

Document = dict[str, Any]
TAKEN: Words = (
    "この番号はすでに使われています。別の番号にしてください。",
    "This number is already in use; choose another.",
)
NUMBERED: Words = (
    "番号のもとになるので変えられません。新しく作ってください。",
    "The number is made of it, so it cannot change; make a new one.",
)
THERE: Words = (
    "同じものがすでにあります。そちらを直してください。",
    "There is one already; change that one.",
)


def create(actor: Actor, noun: Noun, institution: str, values: Mapping[str, Any]) -> str:
    """Make a record of an institution and return its id. An empty number gets the next one proposed.

    Raises:
        Refused: no create grant there, or a field that this actor may not edit.
        Invalid: what was typed cannot be stored, or the number is taken.
    """
    proposed = not values.get(noun.number) and noun.fields[noun.number].kind == "number"
    for _ in range(20 if proposed else 1):
        document = prepare(actor, noun, institution, values)
        try:
            with settled(noun, document, document) as settled_document, around_write(noun, None, document):
                retry_deadlock(partial(records_of(noun).insert_one, settled_document))
        except DuplicateKeyError:
            # A number that was proposed may have been typed by somebody meanwhile: propose one beyond it.
            if proposed:
                catch_up(noun, institution)
            continue
        return str(document["_id"])
    raise Invalid(dict.fromkeys(noun.numbered_by, THERE) or {noun.number: TAKEN})


def prepare(
    actor: Actor, noun: Noun, institution: str, values: Mapping[str, Any], memory: Memory | None = None
) -> Document:
    """A whole document ready to insert: permitted, validated, with defaults, number, keys and outbox.

    `memory` is for a batch (gate.writing.bulk): what was permitted and found for one record holds for the next.

    Raises:
        Refused, Invalid: as create.
    """
    house = _house(actor, noun, institution, values)
    verdict = may(actor, noun.name, "create", house)
    if not verdict:
        raise Refused(verdict)
    given = (name for name, value in values.items() if value not in (None, "", []))
    editable(actor, noun, house, given, memory)
    kept, wrong = clean(noun, values)
    kept |= described(kept)
    document = {**defaults(noun), **{name: value for name, value in kept.items() if value not in (None, [])}}
    home = document.get("code") if noun.name == "institution" else institution
    document["institution"] = home
    proposed = noun.number not in wrong and noun.fields[noun.number].kind == "number"
    if proposed and not document.get(noun.number):
        document[noun.number] = next_number(noun, institution)
    if noun.numbered_by:
        document[noun.number] = "-".join(str(document.get(name, "")) for name in noun.numbered_by)
    wrong = missing(noun, document) | wrong | unreachable(actor, noun, house, kept, memory)
    for behaviour in behaviours_of(noun):
        wrong |= behaviour.check_new(actor, document)
    if wrong := wrong or contradictions(noun.name, document):
        raise Invalid(wrong)
    now = datetime.now(UTC)
    fields = sorted(name for name in document if name != "institution")
    document |= first_status(noun.name, document, actor.user, now)
    document |= {
        "_id": document["code"] if noun.name == "institution" else ObjectId(),
        "revision": 1,
        "created_at": now,
        "created_by": actor.user,
        "changed_at": now,
        "changed_by": actor.user,
        "outbox": [outbox.entry(actor=actor.user, action="create", revision=1, fields=fields, before={})],
        "outbox_at": now,
    }
    return checked(noun, derived(noun, document))


def patch(
    actor: Actor, noun: Noun, record: str, revision: int, changes: Mapping[str, Any], *, reason: str = ""
) -> int:
    """Change the named fields of a record that stands at `revision`; returns its revision afterwards.

    Fields that stay as they were are left out of the patch and of its history; a patch of nothing writes nothing.

    Raises:
        NotFound, Refused: out of reach, no edit grant, or a field that this actor may not edit.
        Invalid: what was typed cannot be stored.
        Conflict: somebody saved since `revision`; nothing was written.
    """
    document = find_document(actor, noun, record, "edit")
    editable(actor, noun, document["institution"], changes)
    # What stands as it was stored is not judged again: an older version may have read it otherwise.
    kept, wrong = clean(
        noun, {name: raw for name, raw in changes.items() if not _untouched(document, name, raw)}
    )
    if "institution" in kept and kept.pop("institution") != document["institution"]:
        wrong["institution"] = ("館は変えられません。", "The institution cannot be changed.")
    kept = {name: value for name, value in kept.items() if not same(document.get(name), value)}
    wrong |= unreachable(actor, noun, document["institution"], kept)
    wrong |= kept_as_written(noun.name, document, kept, user=actor.user)
    wrong |= {name: NUMBERED for name in noun.numbered_by if name in kept}
    for behaviour in behaviours_of(noun):
        # guard: behaviour-check
        wrong |= behaviour.check(actor, noun, document, kept)
    if noun.number in kept and noun.name == "institution":
        wrong[noun.number] = ("コードは変えられません。", "The code cannot be changed.")
    elif kept.get(noun.number, "") is None:
        wrong[noun.number] = REQUIRED
    if wrong := wrong or contradictions(noun.name, {**document, **kept}):
        raise Invalid(wrong)
    # guard: patch-on-revision
    if document["revision"] != revision:
        raise conflict(actor, noun, document, revision)
    if not kept:
        return revision
    for behaviour in behaviours_of(noun):
        # guard: behaviour-derive
        kept |= behaviour.derive(kept)
    kept |= described(kept)
    with settled(noun, document, kept) as ready, around_write(noun, document, {**document, **kept}):
        return write(noun, document, ready, actor=actor, reason=reason)


def _untouched(document: Document, name: str, raw: Any) -> bool:
    return isinstance(raw, str) and raw != "" and raw == document.get(name)


def write(
    noun: Noun, document: Document, kept: Document, *, actor: Actor, reason: str = "", action: str = "edit"
) -> int:
    """The one update of a patch already permitted and validated; the gate's own rooms call it.

    Raises:
        Conflict, Invalid: as patch.
    """
    revision = document["revision"]
    after = derived(noun, {**document, **kept})
    checked(noun, kept)  # alone: an older fault elsewhere is no business of who may not even see it
    update = update_of(document, kept, after, actor=actor.user, action=action, reason=reason)
    try:
        # Not findAndModify: of a taken number the embedded engine tells it only as an internal error.
        # guard: update-on-revision
        change = partial(records_of(noun).update_one, {"_id": document["_id"], "revision": revision}, update)
        saved = retry_deadlock(change)
    except DuplicateKeyError as error:
        raise Invalid({noun.number: TAKEN}) from error
    if not saved.modified_count:
        raise conflict(actor, noun, find_document(actor, noun, str(document["_id"]), "edit"), revision)
    return int(revision) + 1


def remove(actor: Actor, noun: Noun, record: str, revision: int, reason: str) -> None:
    """Replace a record by its tombstone, which the sealer drains into the ledger and then removes.

    Raises:
        NotFound, Refused, Conflict: as patch.
        Invalid: no reason was given, or other records still refer to it.
    """
    document = find_document(actor, noun, record, "remove")
    if not reason.strip():
        raise Invalid({"reason": ("理由を入力してください。", "Please give a reason.")})
    if document["revision"] != revision:
        raise conflict(actor, noun, document, revision)
    for behaviour in behaviours_of(noun):
        if wrong := behaviour.check_removal(actor, document):
            raise Invalid(wrong)
    if count := referring(noun, document["_id"]):
        raise Invalid({"": (
            f"ほかの記録{count}件がこの記録を指しています。先にそちらを直してください。",
            f"{count} other records refer to this one; change those first.",
        )})  # fmt: skip
    tombstone = tombstone_of(noun, document, actor=actor.user, reason=reason)
    with around_write(noun, document, None):
        replaced = records_of(noun).replace_one({"_id": document["_id"], "revision": revision}, tombstone)
        if not replaced.modified_count:
            raise conflict(actor, noun, find_document(actor, noun, record, "remove"), revision)


def derived(noun: Noun, document: Document) -> Document:
    """The document with what follows from it: search keys, masked forms, intervals, its place in the sample, a folded
    login id."""
    found = {**document, "keys": keys_of(noun, document)}
    if is_drawn(document.get("_id")):
        found["drawn"] = True
    if masks_of(
        noun
    ):  # also when nothing is left to mask: an update then takes out what was searchable before
        found["masked"] = forms_of(noun, document)
    if dated := intervals_of(noun, document):
        found["intervals"] = dated
    if noun.name == "user":
        found["login_key"] = search_key(document.get("login_id") or "")
    if noun.name == "item":
        found["lacks"] = lacking(document)
    return found


def checked(noun: Noun, document: Document) -> Document:
    """The document, or the part of one, after MongoEngine has validated it against the declaration a second time.

    Keys and outbox are the gate's own making, and by far the largest: they need no second look.

    Raises:
        Invalid: one of the fields given cannot be stored.
    """
    seen = {
        name: value
        for name, value in document.items()
        if value is not None
        and name not in ("keys", "masked", "intervals", "outbox")
        and not isinstance(value, Picture)
    }
    try:
        noun.document._from_son(seen).validate()
    except ValidationError as error:
        wrong: Words = ("この値は保存できません。", "This value cannot be stored.")
        names = {str(name).split(".")[0] for name in error.errors}
        # Of a part, what it leaves out is not missing; a fault of no field at all stops everything.
        if found := {name: wrong for name in names or {""} if name in document or not name}:
            raise Invalid(found) from error
    return document


def _house(actor: Actor, noun: Noun, institution: str, values: Mapping[str, Any]) -> str:
    """Whose right it is to make this record: a new institution is made by those who operate its supervisor."""
    asked = values.get("supervisor") if noun.name == "institution" else None
    return str(asked) if actor.scope_of(asked) else institution  # what is no institution is told at its field


def defaults(noun: Noun) -> Document:
    """What a new record has before anything is typed."""
    found = {each.name: each.default() if callable(each.default) else each.default for each in noun}
    return {
        name: value for name, value in found.items() if value not in (None, [], {}) and name != "revision"
    }
