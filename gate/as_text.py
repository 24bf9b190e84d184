"""A stored value as an export writes it, in both languages: what an unchanged cell of a file come back holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from gate.references import GONE
from gate.references import WITHHELD as UNNAMED
from gate.store import records_of
from japanese.text import bare_cell
from models.data_classes import Words
from models.declaration import Field, Noun
from models.vocabularies import terms
from policies.masks import HIDDEN

WITHHELD: Words = ("非表示", "withheld")
JOINED = " / "
CELL_AT_MOST = 32_000
"""Characters in a cell of a workbook; Excel takes 32,767."""
_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")


def canonical(cell: str) -> str:
    """A cell without what files and spreadsheets do to it: the kind of its line breaks, space around it."""
    return _BREAK.sub("\n", cell).strip()


def unchanged(field: Field, value: Any, cell: str) -> bool:
    """Whether a cell is what an export wrote for this value, in either language; references are told by `names_it`."""
    texts = {canonical(_one(field, value, language)) for language in (0, 1)}
    return canonical(cell) in texts or canonical(bare_cell(cell)) in texts


def names_it(cell: str, forms: Sequence[Iterable[str]]) -> bool:
    """Whether a cell is what an export wrote for these references: of each in its order one of its names.

    A workbook's cell ends after CELL_AT_MOST characters: one that agrees so far was not touched.
    """
    text, cut = canonical(bare_cell(cell)), len(cell) >= CELL_AT_MOST
    reached = {0}
    for at, those in enumerate(forms):
        found = set()
        for begin in reached:
            for form in those:
                said = (JOINED if at else "") + form
                if text.startswith(said, begin):
                    found.add(begin + len(said))
                elif cut and said.startswith(text[begin:]):
                    return True
        reached = found
    return len(text) in reached


def says_nothing(cell: str) -> bool:
    """Whether a cell is a withheld or masked one, which an export wrote in the value's place.

    Whoever wrote it out never saw the value: it changes nothing.
    """
    return cell in WITHHELD or HIDDEN in cell or "****" in cell or "-**" in cell


def _one(field: Field, value: Any, language: int) -> str:
    if value in (None, "", []):
        return ""
    if field.kind == "boolean":
        return (("はい", "yes") if value else ("いいえ", "no"))[language]
    if field.kind == "period":
        return str(value.get("text") or "")
    if field.kind == "parts":
        return JOINED.join(_part(field, each, language) for each in value)
    if isinstance(value, list):
        return JOINED.join(str(each) for each in value)
    return _said(field, value, language)


def _said(field: Field, value: Any, language: int) -> str:
    """A term in words; one that the vocabulary no longer has as it is stored."""
    known = terms(field.declared.vocabulary) if field.declared.vocabulary else {}
    return known[value][language] if value in known else str(value)


def _part(field: Field, part: dict[str, Any], language: int) -> str:
    told = ((sub, part.get(sub.name)) for sub in field.parts if sub.kind != "system")
    return " ".join(_said(sub, value, language) for sub, value in told if value)


def names(noun: Noun, ids: Iterable[Any]) -> dict[Any, set[str]]:
    """Id → every name by which an export could have told of that record: whoever wrote it saw all of it, or some."""
    asked = list(ids)
    found: dict[Any, set[str]] = {each: {*GONE, UNNAMED} for each in asked}
    for each in records_of(noun).find({"_id": {"$in": asked}}, dict.fromkeys(noun.naming, 1)):
        told = [str(each[name]) for name in noun.naming if each.get(name)]
        for count in range(1, len(told) + 1):
            found[each["_id"]] |= {canonical(" ".join(some)) for some in combinations(told, count)}
    return found


def by_number(noun: Noun, institution: str, wanted: set[str]) -> dict[str, Any]:
    """Number → id, within an institution."""
    asked = {"institution": institution, noun.number: {"$in": sorted(wanted)}}
    return {each[noun.number]: each["_id"] for each in records_of(noun).find(asked, {noun.number: 1})}
