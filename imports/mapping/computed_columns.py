"""Columns that a mapping makes out of a file's columns before a rule reads them: joined, split, replaced, put together.

The list of transformations is closed; a mapping declares each under `[[computed]]` with a name, and rules, vocabularies
and donors read the result as they read any column. The raw cells stay what is sealed, shown and reconciled with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from imports.mapping.contact_cells import CONTACT_PARTS, contact_part
from imports.mapping.patterns import pattern_of, replaced
from japanese.written_numbers import half_width

Cells = Mapping[str, str]
MOST = 40
"""Computed columns of one mapping."""
_NAME_AT_MOST = 100
ENDS = ("first", "rest")


class Transformation(Protocol):
    """From some cells of a row to one text."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at."""

    def compute(self, cells: Cells) -> str:
        """The text; "" where there is nothing."""


@dataclass(frozen=True)
class Join:
    """Several cells one behind the other; empty ones are passed over."""

    join: tuple[str, ...]
    between: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order."""
        return self.join

    def compute(self, cells: Cells) -> str:
        """The cells that are not empty."""
        return self.between.join(filter(None, (cells.get(each, "").strip() for each in self.join)))


@dataclass(frozen=True)
class Fallback:
    """The first of several cells that is not empty."""

    first_of: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order."""
        return self.first_of

    def compute(self, cells: Cells) -> str:
        """That cell."""
        return next(filter(None, (cells.get(each, "").strip() for each in self.first_of)), "")


@dataclass(frozen=True)
class Replace:
    """A cell in which a pattern (imports.mapping.patterns) is replaced, or taken out."""

    column: str
    replace: str
    put: str = ""
    where: str = "anywhere"

    def __post_init__(self) -> None:
        """Refuse what is no pattern."""
        pattern_of(self.replace, self.where)

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def compute(self, cells: Cells) -> str:
        """The cell with the pattern replaced."""
        return replaced(cells.get(self.column, "").strip(), self.replace, self.put, self.where).strip()


@dataclass(frozen=True)
class DateParts:
    """Year, month and day in columns of their own; `era` where the name of the era has one too."""

    year: str
    month: str = ""
    day: str = ""
    era: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are there."""
        return tuple(filter(None, (self.era, self.year, self.month, self.day)))

    def compute(self, cells: Cells) -> str:
        """The date as people write it; what is no figure stays where it stands, so that the reader of dates names it."""
        parts = [cells.get(each, "").strip() if each else "" for each in (self.year, self.month, self.day)]
        if not any(parts):
            return ""
        said = [
            f"{number}{sign}"
            if re.search(r"[0-9元]$", half_width(number))
            else number  # 昭和52 as well, 3月 not
            for number, sign in zip(parts, "年月日", strict=True)
        ]
        return (cells.get(self.era, "").strip() if self.era else "") + "".join(said)


@dataclass(frozen=True)
class WithUnit:
    """A measured number with the unit of another column; nothing where nothing was measured."""

    column: str
    unit_from: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Number, unit."""
        return (self.column, self.unit_from)

    def compute(self, cells: Cells) -> str:
        """`24.5` and `cm` → `24.5cm`."""
        number = cells.get(self.column, "").strip()
        return f"{number}{cells.get(self.unit_from, '').strip()}" if number.strip("0.０．") else ""


@dataclass(frozen=True)
class Part:
    """What stands before the first of a sign (`first`) or behind it (`rest`); spaces where no sign is named."""

    column: str
    part: str
    at: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no end of a cell."""
        if self.part not in ENDS:
            raise ValueError("part")

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def compute(self, cells: Cells) -> str:
        """A cell without the sign is all `first`."""
        cell = cells.get(self.column, "").strip()
        sign = re.escape(self.at) if self.at.strip() else r"[\s\u3000]+"
        pieces = re.split(sign, cell, maxsplit=1)
        return pieces[ENDS.index(self.part)].strip() if len(pieces) == len(ENDS) else (cell if self.part == ENDS[0] else "")  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """One part of a cell in which a person stands with address and telephone."""

    column: str
    contact: str

    def __post_init__(self) -> None:
        """Refuse what is no part of it."""
        if self.contact not in CONTACT_PARTS:
            raise ValueError("contact")

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def compute(self, cells: Cells) -> str:
        """That part alone; contact data never stays in the name."""
        return contact_part(cells.get(self.column, ""), self.contact)


@dataclass(frozen=True)
class WithRoles:
    """Several names in one cell, each with the role that stands at its place in another: A (printer); B (publisher)."""

    column: str
    roles: str
    split: str = "|"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names, roles."""
        return (self.column, self.roles)

    def compute(self, cells: Cells) -> str:
        """Where there are not as many roles as names, the roles stand behind all names, and nothing is matched."""
        names, roles = (
            [each.strip() for each in cells.get(column, "").split(self.split)] for column in self.columns
        )
        if len(names) != len(roles):
            said = "; ".join(filter(None, names))
            told = ", ".join(filter(None, roles))
            return f"{said} ({told})" if said and told else said or told
        return "; ".join(
            f"{name} ({role})" if role else name for name, role in zip(names, roles, strict=True) if name
        )


KINDS: dict[str, Callable[..., Transformation]] = {
    "join": Join, "first_of": Fallback, "replace": Replace, "year": DateParts, "unit_from": WithUnit, "part": Part,
    "contact": Contact, "roles": WithRoles,
}  # fmt: skip
"""The key that tells a transformation's kind → the transformation. Closed: nothing else is computed."""
CUTTING = (Replace, Part, Contact, Fallback)
"""They leave out some of what they look at."""


@dataclass(frozen=True)
class Computed:
    """The computed columns of one mapping, in an order in which each reads only what stands before it."""

    columns: tuple[tuple[str, Transformation], ...] = ()

    @property
    def names(self) -> set[str]:
        """What they are called."""
        return {name for name, _ in self.columns}

    @property
    def cut(self) -> set[str]:
        """The columns of which only a part may be in what is computed of them, and those behind them."""
        read = {column for _, each in self.columns if isinstance(each, CUTTING) for column in each.columns}
        return {source for column in read for source in (column, *self.sources([column]))}

    def cells(self, cells: Cells) -> dict[str, str]:
        """A row's cells with the computed ones among them."""
        found = dict(cells)
        for name, each in self.columns:
            found[name] = each.compute(found)
        return found

    def sources(self, names: Sequence[str]) -> tuple[str, ...]:
        """The file's own columns behind these, each once."""
        known = dict(self.columns)
        found: dict[str, None] = {}
        for name in names:
            behind = self.sources(known[name].columns) if name in known else (name,)
            found |= dict.fromkeys(behind)
        return tuple(found)


def computed_of(told: Any) -> Computed:
    """The computed columns as a mapping's file says them.

    Raises:
        ValueError, TypeError, KeyError: one that cannot be used; its name stands in the error.
    """
    if not isinstance(told, list) or len(told) > MOST:
        raise TypeError("computed")
    found: list[tuple[str, Transformation]] = []
    for each in told:
        name = each["name"]
        if not isinstance(name, str) or not 0 < len(name) <= _NAME_AT_MOST or name in dict(found):
            raise ValueError(f"computed: {name}")
        try:
            made = _transformation({key: value for key, value in each.items() if key != "name"})
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"computed: {name}: {error}") from error
        # A column that is computed later, or this one itself, would be read before it is there.
        if ({one["name"] for one in told} - set(dict(found))) & set(made.columns):
            raise ValueError(f"computed: {name}: {'、'.join(made.columns)}")
        found.append((name, made))
    return Computed(tuple(found))


def _transformation(told: Mapping[str, Any]) -> Transformation:
    kind = next((each for each in KINDS if each in told), "")
    if not kind:
        raise ValueError("kind")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    made = KINDS[kind](**values)
    for value in values.values():
        if not isinstance(value, str | tuple) or not all(isinstance(each, str) for each in value):
            raise TypeError("text")
    if isinstance(values[kind], tuple) != (kind in ("join", "first_of")) or not all(made.columns):
        raise TypeError("column")
    return made
