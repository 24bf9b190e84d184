"""The behaviours that need no room above the gate: what follows from a field alone, and papers that stay as written."""

from __future__ import annotations

from typing import Any

from gate.writing.behaviours import Behaviour, register_behaviour
from gate.writing.changes import Batch
from gate.writing.statuses import follow_status
from japanese.keys import search_key
from models.completeness import lacking
from policies.papers import contradictions, kept_as_written

Document = dict[str, Any]
UNCONFIRMED = "unconfirmed"


def register_own() -> None:
    """Register them; a repetition changes nothing."""
    register_behaviour("input_status", Behaviour(derive=follow_status))
    register_behaviour("completeness", Behaviour(follow=_what_it_lacks))
    register_behaviour("proposed_readings", Behaviour(check=_keep_proposed))
    register_behaviour("login", Behaviour(follow=_folded_login))
    register_behaviour("paper", Behaviour(check=_keep_paper))


def _what_it_lacks(document: Document) -> Document:
    return {"lacks": lacking(document)}


def _folded_login(document: Document) -> Document:
    return {"login_key": search_key(document.get("login_id") or "")}


def _keep_proposed(batch: Batch) -> None:
    """Which readings nobody has confirmed: what a person types is confirmed, and so is what a form says is right.

    A check, although it finds nothing wrong: a confirmation alone is a change, and what changes nothing is not derived.
    """
    for change in batch.open():
        if change.removes or change.wrong:
            continue
        before = change.before or {}
        marked = {*(before.get(UNCONFIRMED) or ())} - change.names
        marked |= {name for name, still in change.proposed.items() if still and change.whole.get(name)}
        marked -= {name for name, still in change.proposed.items() if not still}
        if marked != {*(before.get(UNCONFIRMED) or ())}:
            change.set({UNCONFIRMED: sorted(marked) or None})


def _keep_paper(batch: Batch) -> None:
    """What a person may no longer change in a paper, and what cannot be true together. Named last of a noun's
    behaviours: of a record with other faults its contradictions are not told."""
    noun, user = batch.noun.name, batch.actor.user
    for change, before in batch.edits():
        change.wrong |= kept_as_written(noun, before, change.names, user=user)
    for change in batch.open():
        if not change.removes and not change.wrong and (change.names or change.is_new):
            change.wrong |= contradictions(noun, change.whole)
