"""A stored value as an export writes it, in both languages: what an unchanged cell of a file come back holds."""

from __future__ import annotations

from typing import Any

from bson import ObjectId

from gate.store import records_of
from japanese.text import safe_cell
from models.data_classes import Words
from models.declaration import Field, Noun
from models.vocabularies import terms
from policies.masks import HIDDEN

WITHHELD: Words = ("非表示", "withheld")
JOINED = " / "


def written(field: Field, value: Any) -> set[str]:
    """Every text by which an export could have told this value; references are told by `numbers`.

    Withheld and masked cells belong to it, for whoever wrote them out never saw the value: they change nothing.
    """
    found = {_one(field, value, language) for language in (0, 1)}
    found |= {safe_cell(each) for each in found}
    return found | {"\n".join(each.splitlines()) for each in found}


def says_nothing(cell: str) -> bool:
    """Whether a cell is a withheld or masked one, which an export wrote in the value's place."""
    return cell in WITHHELD or HIDDEN in cell or "****" in cell or "-**" in cell


def _one(field: Field, value: Any, language: int) -> str:
    if field.kind == "boolean":
        return (("はい", "yes") if value else ("いいえ", "no"))[language]
    if value in (None, "", []):
        return ""
    if field.kind == "period":
        return str(value.get("text") or "")
    if field.kind == "parts":
        return JOINED.join(_part(field, each, language) for each in value)
    if isinstance(value, list):
        return JOINED.join(str(each) for each in value)
    if field.declared.vocabulary and value in terms(field.declared.vocabulary):
        return terms(field.declared.vocabulary)[value][language]
    return str(value)


def _part(field: Field, part: dict[str, Any], language: int) -> str:
    said = []
    for sub in field.parts:
        value = part.get(sub.name)
        if sub.kind == "system" or not value:
            continue
        vocabulary = sub.declared.vocabulary
        said.append(terms(vocabulary)[value][language] if vocabulary else str(value))
    return " ".join(said)


def numbers(noun: Noun, institution: str, ids: set[Any]) -> dict[Any, str]:
    """Id → number, for references within an institution."""
    asked = {"_id": {"$in": [each for each in ids if isinstance(each, ObjectId)]}, "institution": institution}
    return {each["_id"]: each[noun.number] for each in records_of(noun).find(asked, {noun.number: 1})}


def by_number(noun: Noun, institution: str, wanted: set[str]) -> dict[str, Any]:
    """Number → id, likewise."""
    asked = {"institution": institution, noun.number: {"$in": sorted(wanted)}}
    return {each[noun.number]: each["_id"] for each in records_of(noun).find(asked, {noun.number: 1})}
