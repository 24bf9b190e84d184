"""Records that may be the same as the one being typed: a hint before it is saved, and never a block.

Numbers that differ by case and dashes only (K-55, k‐55, K 55), and persons of like name, reading or telephone number.
Everything goes by what the actor may search: a value that is masked is compared by exactly what its mask shows, and one
that is withheld is not compared (law 2). Candidates come from the indexes by a part of what was typed (a blocking key).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from rapidfuzz import fuzz

from gate.fields.kinds import kind_of
from gate.fields.typed_text import folded
from gate.reading import masked_search
from gate.reading.questions import Question, institutions
from gate.reading.references import label
from gate.reading.shown import Reference, verdict_on
from gate.reading.word_search import searchable, word_search
from gate.refusals import BadQuestion, Refused
from gate.store.collections import records_of
from gate.store.masked_forms import masks_of
from japanese.contact_points import telephone_digits
from japanese.keys import search_key
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies import masks
from policies.actor import Actor
from policies.effects import Effect

Document = dict[str, Any]
AT_MOST = 5
CANDIDATES = 200
LONGEST = 200
ALIKE = 88
"""Of 100: 山田花子 and 山田 花子 are 100, 山田花子 and 山田華子 75, さとうたろう and さとうたろお 83, 長い name with one sign off 90."""
BLOCK = 2
"""Characters of a name that candidates must share."""
RUNS_AT_MOST = 24
MANY = 3
"""Places between the runs of a number."""
_RUN = re.compile(r"[A-Za-z]+|[0-9]+|[^\W_a-zA-Z0-9ー]+")
_SEPARATORS = ("", "-", "\u2010", "\u2013", "\u2212", "ー", " ", ".", "/")


@dataclass(frozen=True)
class Near:
    """A record that may be the same, by as much of its name as the actor may see, and the fields that are alike."""

    reference: Reference
    fields: tuple[Field, ...]


def near_numbers(actor: Actor, noun: Noun, number: str, institution: str, *, but: str = "") -> list[Near]:
    """The institution's records whose number is the same but for case and the signs between its parts.

    Args:
        but: the id of the record that is being edited.
    """
    field, typed = noun.fields[noun.number], " ".join(folded(number).split())
    if not typed or len(typed) > LONGEST or not verdict_on(actor, field, "search", institution).shown:
        return []
    asked = {"institution": institution, noun.number: {"$in": _written_otherwise(typed)}}
    found = [each["_id"] for each in records_of(noun).find(asked, {"_id": 1}).limit(AT_MOST + 1)]
    return _named(actor, noun, {key: (field,) for key in found if str(key) != but})


def near_persons(
    actor: Actor, noun: Noun, typed: Mapping[str, str], institution: str, *, but: str = ""
) -> list[Near]:
    """Persons within the actor's reach who may be the one being typed; those of `institution` first.

    Args:
        typed: field that `noun.known_by` names → as typed so far.
        but: the id of the record that is being edited.
    """
    names = [each for group in noun.known_by for each in group]
    given = {each: text[:LONGEST] for each in names if (text := folded(typed.get(each, "")).strip())}
    covered = institutions(actor, noun, Question())
    documents: dict[Any, Document] = {}
    for where in _blocks(actor, noun, given, covered):
        shown = {"institution": 1, "masked": 1, **dict.fromkeys(names, 1)}
        found = records_of(noun).find(where, shown).sort("_id", -1).limit(CANDIDATES)
        documents |= {each["_id"]: each for each in found if str(each["_id"]) != but}
    alike = {key: _alike(actor, noun, given, each) for key, each in documents.items()}
    order = sorted(
        (key for key, fields in alike.items() if fields),
        key=lambda key: (documents[key]["institution"] != institution, -len(alike[key])),
    )
    return _named(actor, noun, {key: alike[key] for key in order[:AT_MOST]})


def _named(actor: Actor, noun: Noun, alike: Mapping[Any, tuple[Field, ...]]) -> list[Near]:
    labels = label(actor, noun, alike) if alike else {}
    return [Near(labels[str(key)], fields) for key, fields in alike.items() if labels[str(key)].open]


def _written_otherwise(number: str) -> list[str]:
    """The same figures and letters with other signs between them, in the case typed and in upper and lower case."""
    runs = list(_RUN.finditer(number))[:RUNS_AT_MOST]
    if not runs or runs[-1].end() != len(number):
        return []
    texts = {
        runs[0][0] + "".join(sign + run[0] for sign, run in zip(signs, runs[1:], strict=True))
        for signs in _signs([before.end() < after.start() for before, after in pairwise(runs)])
    }
    return sorted({form for each in texts for form in (each, each.upper(), each.lower())} - {number})


def _signs(parted: list[bool]) -> Iterable[tuple[str, ...]]:
    """What may stand between the runs of a number; `parted`: where a sign was typed. All ways between few runs; between
    more, the same sign everywhere, where one was typed, or at one place alone."""
    if len(parted) < MANY:
        yield from product(_SEPARATORS, repeat=len(parted))
        return
    for sign in _SEPARATORS:
        yield (sign,) * len(parted)
        yield tuple(sign if each else "" for each in parted)
        yield from (
            tuple(sign if at == only else "" for at in range(len(parted))) for only in range(len(parted))
        )


def _blocks(
    actor: Actor, noun: Noun, given: Mapping[str, str], covered: frozenset[str]
) -> Iterable[Document]:
    """The store's conditions for candidates, by what this actor may search."""
    for name, text in given.items():
        field = noun.fields[name]
        block = text if kind_of(field).is_digits else search_key(text)[:BLOCK]
        open_to = frozenset(each for each in covered if _searched(actor, noun, field, each))
        if len(block) >= BLOCK and open_to:
            try:
                words = word_search(actor, noun, block, open_to, "list")
            except (Refused, BadQuestion):
                words = None
            if words is not None and words.query.included:
                yield words.condition()
        masked = covered - open_to
        if masked and name in masks_of(noun):
            try:
                yield {
                    "$and": [
                        {"institution": {"$in": sorted(masked)}},
                        masked_search.condition(actor, noun, name, text, masked, "list"),
                    ]
                }
            except (Refused, BadQuestion):
                continue  # withheld altogether, or nothing that the mask could show


def _searched(actor: Actor, noun: Noun, field: Field, institution: str) -> bool:
    """Whether this actor may search there by the field's whole value."""
    return verdict_on(actor, field, "search", institution).shown and str(field.data_class) in searchable(
        actor, noun, institution
    )


def _alike(actor: Actor, noun: Noun, given: Mapping[str, str], document: Document) -> tuple[Field, ...]:
    """The fields that are alike, where together they say that it may be the same person: all parts of a name or of its
    reading, or a telephone number, or two masked forms."""
    house = document["institution"]
    whole: list[Field] = []
    masked: list[Field] = []
    for group in noun.known_by:
        fields = [noun.fields[each] for each in group]
        if not all(each in given for each in group):
            continue
        # guard: near-by-what-is-seen
        if all(_searched(actor, noun, each, house) for each in fields):
            if _same(fields[0], _joined(given, group), _joined(document, group)):
                whole += fields
        else:
            masked += [each for each in fields if _same_masked(actor, each, given[each.name], document)]
    return (*whole, *masked) if whole or len(masked) > 1 else ()


def _joined(values: Mapping[str, Any], group: Iterable[str]) -> str:
    return "".join(str(values.get(each) or "") for each in group)


def _same(field: Field, typed: str, stored: str) -> bool:
    if kind_of(field).is_digits:
        return bool({*telephone_digits(typed)} & {*telephone_digits(stored)})
    return bool(stored) and fuzz.ratio(search_key(typed), search_key(stored)) >= ALIKE


def _same_masked(actor: Actor, field: Field, typed: str, document: Document) -> bool:
    """Whether the mask of what was typed is what this actor sees in the place of the stored value."""
    mask = masks_of(NOUNS[field.noun]).get(field.name)
    verdict = verdict_on(actor, field, "list", document["institution"])
    if mask is None or verdict.effect is not Effect.MASK or verdict.mask != mask:
        return False
    form = (document.get("masked") or {}).get(field.name)
    return bool(form) and form in masks.asked(mask, typed)
