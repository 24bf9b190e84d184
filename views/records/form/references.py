"""A reference in a form: the id that was chosen, or the words that were typed and name no record yet.

The form sends the chosen id as NAME, the text of its box as NAME.typed, the text as the page had it as NAME.said, and
ids ticked among offered matches as NAME.pick. Words that nobody chose a record for stay the field's value, so that the
gate refuses them and the form shows them again: with the script and without it, nothing that was typed is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from werkzeug.datastructures import MultiDict

from documents.names import house_named
from gate.fields.kinds import kind_of
from gate.reading.reference_matches import LONGEST, Choice, choices, named_by
from gate.reading.references import label
from gate.reading.shown import Reference, Row
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach
from words import t

Offered = dict[str, str | bool]


def as_offered(choice: Choice, home: str) -> Offered:
    """A choice as the type-ahead and the form's list of matches show it."""
    return {
        "id": choice.reference.id,
        "label": choice.reference.label,
        "house": _elsewhere(choice.reference, home),
        "near": choice.near,
    }


def said_of(reference: Reference, home: str) -> str:
    """The name of a chosen record as its box shows it: another institution's says whose it is."""
    institution = _elsewhere(reference, home)
    return (
        t(f"{reference.label}（{institution}）", f"{reference.label} ({institution})")
        if institution
        else reference.label
    )


def _elsewhere(reference: Reference, home: str) -> str:
    if NOUNS[reference.noun].is_institution or reference.house in ("", home):
        return ""
    return house_named(reference.house)


def given(field: Field, form: MultiDict[str, str]) -> Any:
    """What a form sent for a reference: an id, several, or the words that no record was chosen for."""
    sent = [each for each in form.getlist(field.name) if each]
    words, said = (form.get(f"{field.name}.{each}", "").strip() for each in ("typed", "said"))
    picked = [each for each in form.getlist(f"{field.name}.pick") if each]
    settled = words == said or not words
    if kind_of(field).several:
        return [*sent, *picked] if not words or (settled and picked) else [*sent, words]
    if settled and picked:
        return picked[0]
    return (sent or [""])[0] if f"{field.name}.typed" not in form or words == said else words


def identified(who: Actor, fields: Iterable[Field], values: dict[str, Any], home: str) -> dict[str, Any]:
    """The same values with the id in the place of words that are the whole number of one record."""
    found = dict(values)
    for field in fields:
        target = field.declared.target
        if not target or not values.get(field.name) or not reach(who, target, "read"):
            continue
        value = values[field.name]
        if isinstance(value, list):
            found[field.name] = [_identified(who, NOUNS[target], each, home) for each in value]
        else:
            found[field.name] = _identified(who, NOUNS[target], value, home)
    return found


def _identified(who: Actor, target: Noun, value: str, home: str) -> str:
    if is_id(target, value) or len(value) > LONGEST:
        return value
    return named_by(who, target, value, home) or value


def is_id(target: Noun, value: Any) -> bool:
    """Whether a value has the form of an id; an institution's is its code, which people type."""
    return not target.is_institution and ObjectId.is_valid(value)


def unsettled(declared: Field, references: list[Reference], value: Any) -> str:
    """The words in a reference's box that name no record."""
    known = {each.id for each in references}
    words = [str(each) for each in (value if isinstance(value, list) else [value]) if each]
    return next((each for each in words if each not in known and not _as_key(declared, each)), "")


def _as_key(declared: Field, value: str) -> bool:
    return is_id(NOUNS[declared.declared.target], value)


def matches(who: Actor, declared: Field, words: str, home: str) -> list[Offered]:
    """The records that words could mean, to choose from without the script."""
    target = NOUNS[declared.declared.target]
    if not words or len(words) > LONGEST or not reach(who, target.name, "read"):
        return []
    return [as_offered(each, home) for each in choices(who, target, words, home)]


def chosen(who: Actor, declared: Field, row: Row | None, value: Any) -> list[Reference]:
    """The chosen records with the names that this person may see of them."""
    target = NOUNS[declared.declared.target]
    known = row.references if row else {}
    keys = [str(key) for key in (value if isinstance(value, list) else [value]) if key]
    unknown = [key for key in keys if f"{target.name}:{key}" not in known]
    found = _labels(who, target, unknown)
    return [each for key in keys if (each := known.get(f"{target.name}:{key}") or found.get(key))]


def _labels(who: Actor, target: Noun, keys: list[str]) -> dict[str, Reference]:
    if target.is_institution:
        # A code that names none stays in its box as it was typed.
        return {key: each for key, each in label(who, target, keys).items() if each.house}
    return label(who, target, [ObjectId(key) for key in keys if ObjectId.is_valid(key)])
