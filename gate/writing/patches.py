"""The one update that changes a record: its values, what follows from them, its revision and its outbox entry."""

from __future__ import annotations

from typing import Any

from audit import outbox
from gate.fields.beginnings import beginnings_of, filtered_texts
from gate.fields.sort_keys import order_of
from gate.store.date_intervals import intervals_of
from gate.store.masked_forms import forms_of, masks_of
from gate.store.samples import is_drawn
from gate.store.search_keys import keys_of
from gate.writing.behaviours import behaviours_of
from models.declaration import Noun

Document = dict[str, Any]
DERIVED = ("keys", "masked", "intervals", "sort_keys", "beginnings", "lacks", "login_key", "drawn")
"""What `derived` makes: it follows the fields, and stands in no history."""


def derived(noun: Noun, document: Document) -> Document:
    """The document with what follows from it: search keys, masked forms, intervals, places in order and in the sample, and
    what the noun's behaviours say."""
    found = {**document, "keys": keys_of(noun, document)}
    if is_drawn(document.get("_id")):
        found["drawn"] = True
    # Also when nothing is left to mask: an update then takes out what was searchable before.
    if masks_of(noun):
        found["masked"] = forms_of(noun, document)
    if dated := intervals_of(noun, document):
        found["intervals"] = dated
    if order := order_of(noun, document):
        found["sort_keys"] = order
    if filtered_texts(noun):
        found["beginnings"] = beginnings_of(noun, document)
    for behaviour in behaviours_of(noun):
        found |= behaviour.follow(document)
    return found


def update_of(
    document: Document, kept: Document, after: Document, *, actor: str, action: str, reason: str = ""
) -> Document:
    """The store's update that makes `document` into `after`, where `kept` are the fields that change."""
    revision = document["revision"]
    kept = {**kept, **{name: after[name] for name in DERIVED if name in after}}
    names = sorted(name for name in kept if name not in (*DERIVED, "stamp"))
    told = outbox.entry(
        actor=actor,
        action=action,
        revision=revision + 1,
        fields=names,
        before={name: document.get(name) for name in names},
        reason=reason.strip()[:500],
    )
    now = told["at"]
    emptied = {name: "" for name, value in kept.items() if value in (None, [])}
    update: Document = {
        "$set": {name: value for name, value in kept.items() if name not in emptied}
        | {"changed_at": now, "changed_by": actor, "outbox_at": now},
        "$inc": {"revision": 1},
        "$push": {"outbox": told},
    }
    if emptied:
        update["$unset"] = emptied
    return update


def same(stored: Any, given: Any) -> bool:
    """Whether a value as read is the one that is stored; empty is empty, however it is written."""
    if isinstance(stored, list) and isinstance(given, list):
        return stored == given
    return (stored if stored not in ("", []) else None) == (given if given not in ("", []) else None)
