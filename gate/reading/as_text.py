"""A stored value as an export writes it, in both languages: what an unchanged cell of a file come back holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from operator import itemgetter
from typing import Any

from gate.fields.kinds.kind import EMPTY, JOINED, kind_of
from gate.reading.shown import GONE, verdict_on
from gate.reading.shown import WITHHELD as UNNAMED
from gate.store.collections import records_of
from japanese.narrow_encodings import as_saved
from japanese.text import without_formula_guard
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.masks import HIDDEN

WITHHELD: Words = ("非表示", "withheld")
NOTES: Words = ("※書き出しの注記:", "※Note of the export:")
"""What begins a row at the end of an exported table that tells what was left out, and is no record."""
LANGUAGES = (itemgetter(0), itemgetter(1))
CELL_AT_MOST = 32_000
"""Characters in a cell of a workbook; Excel takes 32,767."""
_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")


def canonical(cell: str) -> str:
    """A cell without what files and spreadsheets do to it: the kind of its line breaks, space around it."""
    return _BREAK.sub("\n", cell).strip()


def unchanged(field: Field, value: Any, cell: str, encoding: str = "") -> bool:
    """Whether a cell is what an export wrote for this value, in either language; references are told by `names_it`.

    Args:
        encoding: of the file come back. What that cannot hold was lost when a spreadsheet saved it, and is no change.
    """
    nothing = value in EMPTY
    texts = {
        "" if nothing else canonical(kind_of(field).exported(field, value, each, {})) for each in LANGUAGES
    }
    given = {canonical(cell), canonical(without_formula_guard(cell))}
    return not given.isdisjoint(texts) or any(
        not given.isdisjoint(as_saved(each, encoding)) for each in texts
    )


def names_it(cell: str, forms: Sequence[Iterable[str]]) -> bool:
    """Whether a cell is what an export wrote for these references: of each in its order one of its names.

    A workbook's cell ends after CELL_AT_MOST characters: one that agrees so far was not touched.
    """
    text = canonical(without_formula_guard(cell))
    # Of the stripped text: a name and a heap of spaces is not cut, and must not be told by its beginning alone.
    cut = len(text) > CELL_AT_MOST - len(JOINED)
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


def names(actor: Actor, noun: Noun, ids: Iterable[Any]) -> dict[Any, set[str]]:
    """Id → every name by which that record could have been told to this actor: by all that they may see of it, or some.

    A masked part is none of it: `says_nothing` knows it. What they may not see is not compared either: an answer would
    tell it as surely as a page. Every signed-in person is told what an institution is called.
    """
    asked = list(ids)
    found: dict[Any, set[str]] = {each: {*GONE, UNNAMED} for each in asked}
    shown: dict[Any, list[str]] = {}
    projection = dict.fromkeys((*noun.naming, "institution"), 1)
    for each in records_of(noun).find({"_id": {"$in": asked}}, projection):
        institution = each.get("institution")
        if institution not in shown:
            shown[institution] = [
                name for name in noun.naming if noun.is_institution or _shown(actor, noun, name, institution)
            ]
        told = [str(each[name]) for name in shown[institution] if each.get(name)]
        for count in range(1, len(told) + 1):
            found[each["_id"]] |= {canonical(" ".join(some)) for some in combinations(told, count)}
    return found


def _shown(actor: Actor, noun: Noun, name: str, institution: Any) -> bool:
    return verdict_on(actor, noun.fields[name], "choice", institution).shown


def by_number(actor: Actor, noun: Noun, institution: str, wanted: set[str]) -> dict[str, Any]:
    """Number → id, within an institution; none where this actor may not see its numbers."""
    if not wanted or not _shown(actor, noun, noun.number, institution):
        return {}
    asked = {"institution": institution, noun.number: {"$in": sorted(wanted)}}
    return {each[noun.number]: each["_id"] for each in records_of(noun).find(asked, {noun.number: 1})}
