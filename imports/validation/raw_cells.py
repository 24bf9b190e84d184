"""Whether a stored text is what the raw cells of the file say, by rules that know nothing of how it was made (law 10).

Each way in which a mapping makes a text of cells has a rule here that holds the letters of the file against those of the
store: what a computed column joined must all be there, what it cut out must have stood in the cell, and nothing may stand
in the store that the file does not have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gate.fields.kinds import kind_of
from imports.mapping.computed_columns import (
    Contact,
    DateParts,
    Fallback,
    Join,
    Part,
    Replace,
    Transformation,
    WithRoles,
    WithUnit,
)
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.rules import Cells, Copy, Gathered, Rule, Several, Written

Check = Callable[[Cells, Any], bool]
"""(the row's raw cells, the stored value) → whether they differ."""


def raw_checks(mapping: Columns) -> dict[str, Check]:
    """Field → its check, of fields and rules that keep texts."""
    found: dict[str, Check] = {}
    computed = dict(mapping.computed.columns)
    for name, rule in mapping.rules.items():
        kind = kind_of(mapping.noun.fields[name])
        if isinstance(rule, Copy) and rule.column in computed and rule.terms is None and rule.labels is None:
            if kind.keeps_text or kind.is_one_line:
                found[name] = _of_computed(computed, rule.column)
        elif kind.keeps_text and (pieces := _pieces(rule)) and not set(rule.columns) & set(computed):
            found[name] = _of_pieces(pieces)
    return found


def _of_pieces(pieces: Callable[[Cells], list[str]]) -> Check:
    return lambda cells, stored: differs(pieces(cells), stored)


def _pieces(rule: Rule) -> Callable[[Cells], list[str]] | None:
    """What of a row's cells a rule leaves as it is."""
    match rule:
        case Copy(terms=None, labels=None, column=column, split=""):
            return lambda cells: [cells[column]]
        case Copy(terms=None, labels=None, column=column, split=split):
            return lambda cells: cells[column].split(split)
        case Several(column=column, signs=signs):
            apart = re.compile(f"[{re.escape(signs)}\r\n]")
            return lambda cells: apart.split(cells[column])
        case Gathered():
            return lambda cells: [cells[column] for column in rule.columns]
        case Written(text=column):
            return lambda cells: [cells[column]]
    return None


def _of_computed(computed: Mapping[str, Transformation], name: str) -> Check:
    """A column computed of the file's own; what is computed of computed ones need only stand somewhere in the file's cells."""
    made = computed[name]
    if set(made.columns) & set(computed):
        sources = _sources(computed, name)
        return lambda cells, stored: (
            bool(stored) and not _within(_plain(stored), [_plain(cells[each]) for each in sources])
        )

    def check(cells: Cells, stored: Any) -> bool:
        raw = [_plain(cells[each]) for each in made.columns]
        return not _agrees(made, raw, _plain(stored))

    return check


def _sources(computed: Mapping[str, Transformation], name: str) -> list[str]:
    behind = computed[name].columns
    return [
        source for each in behind for source in (_sources(computed, each) if each in computed else [each])
    ]


def _agrees(made: Transformation, raw: list[str], stored: str) -> bool:
    """Whether a stored text is of these cells, both without spaces and in half width."""
    agrees = False
    match made:
        case Fallback():
            there = [each for each in raw if each]
            agrees = stored == (there[0] if there else "")
        case Join(between=between):
            agrees = _left_of(stored, raw) in _repeated(_plain(between), sum(map(bool, raw)))
        case WithUnit():
            agrees = stored in ("", "".join(raw)) and (bool(stored) or not re.search("[1-9]", raw[0]))
        case DateParts():
            agrees = _left_of(stored, raw) is not None and not (
                set(_left_of(stored, raw) or "") - set("年月日")
            )
        case Part(part=part):
            agrees = raw[0].startswith(stored) if part == "first" else raw[0].endswith(stored)
        case Contact():
            agrees = all(each in raw[0] for each in stored.split("/"))
        case Replace(replace=pattern, put=put):
            agrees = _replaced(raw[0], stored, pattern, _plain(put))
        case WithRoles(split=split):
            agrees = all(each in stored for cell in raw for each in cell.split(_plain(split)))
    return agrees


def _left_of(stored: str, raw: Sequence[str]) -> str | None:
    """What of the stored text is left when each cell is taken out of it in its order; None where one does not stand there."""
    left, at = "", 0
    for cell in raw:
        place = stored.find(cell, at)
        if place < 0:
            return None
        left, at = left + stored[at:place], place + len(cell)
    return left + stored[at:]


def _repeated(sign: str, cells: int) -> set[str]:
    return {sign * max(cells - 1, 0)}


LOOKED_THROUGH = 200
"""Letters of a cell up to which every way to take it apart is tried."""


def _replaced(raw: str, stored: str, pattern: str, put: str) -> bool:
    """Whether the store has all of the cell but what the pattern fits, and `put` in its place."""
    if not re.search(r"[#*\\]", pattern):
        return all(each in stored for each in raw.split(_plain(pattern)))
    if len(raw) > LOOKED_THROUGH:  # nothing may be there but the cell's own, in its order
        rest = iter(raw)
        return all(
            any(sign == each for each in rest) for sign in (stored.replace(put, "") if put else stored)
        )
    reached = {(0, 0)}
    for at in range(len(raw) + 1):
        for _, there in sorted(each for each in reached if each[0] == at):
            if at < len(raw) and stored[there : there + 1] == raw[at]:
                reached.add((at + 1, there + 1))
            if stored.startswith(put, there):
                reached |= {(end, there + len(put)) for end in _fits(raw, at, list(pattern)) if end > at}
    return (len(raw), len(stored)) in reached


def _fits(raw: str, at: int, signs: list[str]) -> set[int]:
    """Where a match of the pattern that begins here can end; whichever way, not only the shortest."""
    ends = {at}
    while signs and ends:
        sign = signs.pop(0)
        if sign == "*":
            ends = {end for start in ends for end in range(start, len(raw) + 1)}
        elif sign == "#":
            found: set[int] = set()
            for start in ends:
                end = start
                while end < len(raw) and raw[end].isdecimal():
                    end += 1
                    found.add(end)
            ends = found
        else:
            sign = _plain(signs.pop(0) if sign == "\\" and signs else sign)
            ends = {end + len(sign) for end in ends if raw.startswith(sign, end)}
    return ends


def _within(stored: str, raw: Iterable[str]) -> bool:
    return not set(stored) - set("".join(raw)) - set("年月日-;()")


def differs(pieces: Iterable[str], stored: Any) -> bool:
    """Whether letters of these pieces of cells are not in the stored value."""
    text = _text(stored)
    unlike = [piece for piece in pieces if piece not in text]
    return bool(unlike) and any(letters(piece) not in letters(text) for piece in unlike)


def _text(stored: Any) -> str:
    if isinstance(stored, Mapping):
        return str(stored.get("text") or "")
    return "".join(map(str, stored)) if isinstance(stored, list) else str(stored or "")


def _plain(stored: Any) -> str:
    return letters(unicodedata.normalize("NFKC", _text(stored)))


def letters(text: str) -> str:
    """All but spaces: how lines and spaces are laid out is not what a text says."""
    return "".join(text.split())
