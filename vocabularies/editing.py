"""Adding, renaming, retiring, restoring and sorting the terms of a vocabulary, by whom the gate lets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gate.refusals import Invalid, NotFound, Refused
from gate.store.clock import today
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import Edit, create, patch, patch_many
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import STEP, VOCABULARIES
from policies.actor import Actor
from policies.verdict import may, reach
from vocabularies.behaviour import is_needed, shared_by
from vocabularies.starting import store_starting_terms

Document = dict[str, Any]
TERM = NOUNS["term"]
TRIES = 50


@dataclass(frozen=True)
class Listed:
    """A term as its institution's table shows it."""

    id: str
    revision: int
    code: str
    label: Words
    aliases: tuple[str, ...]
    retired_on: str
    merged_into: str
    needed: bool


def edited_at(actor: Actor) -> list[str]:
    """The institutions whose terms this actor may change, the own first."""
    return sorted(reach(actor, TERM.name, "edit"), key=lambda code: (code != actor.institution, code))


def permit(actor: Actor, institution: str, action: str = "read") -> None:
    """Let pass who may do this to the terms of an institution.

    Raises:
        NotFound: it is out of reach. Refused: no grant.
    """
    if actor.scope_of(institution) is None:
        raise NotFound
    if not (verdict := may(actor, TERM.name, action, institution)):
        raise Refused(verdict)


def listed(actor: Actor, vocabulary: str, institution: str) -> list[Listed]:
    """The terms of a vocabulary that are an institution's own, in their order.

    Raises:
        NotFound, Refused: as permit; or no such vocabulary.
    """
    permit(actor, institution)
    if vocabulary not in VOCABULARIES or not begin(institution, vocabulary):
        raise NotFound
    return [
        Listed(
            str(each["_id"]),
            each["revision"],
            each["code"],
            (each["label"], each["label_en"]),
            tuple(each.get("aliases") or ()),
            each.get("retired_on") or "",
            each.get("merged_into") or "",
            is_needed(vocabulary, each["code"]),
        )
        for each in _stored(vocabulary, institution)
    ]


def begin(institution: str, vocabulary: str) -> bool:
    """See to it that the starting terms are records, where an upgrade or set-up was cut short; False: of no vocabulary."""
    if shared_by(institution) == institution:
        store_starting_terms(institution)
    return vocabulary != TERM.fields["vocabulary"].declared.vocabulary


def _stored(vocabulary: str, institution: str) -> list[Document]:
    found = records_of(TERM).find({"vocabulary": vocabulary, "institution": institution})
    return sorted(found, key=lambda each: (each.get("order") or 0, each["code"]))


def add_term(
    actor: Actor, vocabulary: str, institution: str, label: str, label_en: str, code: str = ""
) -> str:
    """Add a term behind those that are there; its id. Without a code one is made of its English label.

    Raises:
        NotFound, Refused: as permit. Invalid: by field.
    """
    permit(actor, institution, "create")
    begin(institution, vocabulary)
    before = _stored(vocabulary, institution)
    values = {
        "vocabulary": vocabulary,
        "label": label,
        "label_en": label_en,
        "order": max((each.get("order") or 0 for each in before), default=0) + STEP,
    }
    taken = {each["code"] for each in before}
    for proposed in [code] if code else _codes(institution, label_en):
        if code or proposed not in taken:
            return create(actor, TERM, institution, {**values, "code": proposed})
    raise Invalid({"code": ("コードを入力してください。", "Please give a code.")})


def _codes(institution: str, label_en: str) -> Iterable[str]:
    own = "" if shared_by(institution) == institution else f"{institution}-"
    word = re.sub(r"[^a-z0-9]+", "_", label_en.lower()).strip("_")[: 55 - len(own)].strip("_") or "term"
    return (f"{own}{word}{f'_{number}' if number > 1 else ''}" for number in range(1, TRIES))


def rename_term(actor: Actor, term: str, revision: int, label: str, label_en: str) -> None:
    """Call a term otherwise; imports and searches find it by its former name too.

    Raises:
        NotFound, Refused, Invalid, Conflict: as patch.
    """
    patch(actor, TERM, term, revision, {"label": label, "label_en": label_en})


def retire_term(actor: Actor, term: str, revision: int) -> None:
    """Offer a term no more; records that bear it keep it.

    Raises:
        NotFound, Refused, Invalid, Conflict: as patch.
    """
    patch(actor, TERM, term, revision, {"retired_on": str(today())})


def restore_term(actor: Actor, term: str, revision: int) -> None:
    """Offer a retired term again.

    Raises:
        NotFound, Refused, Conflict: as patch. Invalid: it was merged, or another has its name by now.
    """
    patch(actor, TERM, term, revision, {"retired_on": ""})


def move_term(actor: Actor, vocabulary: str, institution: str, term: str, by: int) -> None:
    """Move a term up (-1) or down (1) by one place; at the end of the list it stays.

    Raises:
        NotFound, Refused: as permit. Conflict: somebody saved one of the two meanwhile.
    """
    permit(actor, institution, "edit")
    those = _stored(vocabulary, institution)
    at = next((place for place, each in enumerate(those) if str(each["_id"]) == term), None)
    if at is None:
        raise NotFound
    to = min(max(at + by, 0), len(those) - 1)
    those.insert(to, those.pop(at))
    wanted = ((each, place * STEP) for place, each in enumerate(those, 1))
    edits = [
        Edit(str(each["_id"]), each["revision"], {"order": order})
        for each, order in wanted
        if each.get("order") != order
    ]
    for outcome in patch_many(actor, TERM, edits, origin=Origin.FORM):
        if isinstance(outcome, Exception):
            raise outcome
