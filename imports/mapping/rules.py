"""How one field is filled from a row's cells. A mapping file is a list of these; each kind is one small class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from gate.fields.typed_text import Wrong
from gate.store.date_readings import certainty_of
from imports.mapping import splitting
from japanese.dimensions import Measurement, Sizes, read_sizes
from japanese.eras import DateError, certainty_beside_bounds, parse_date
from japanese.first_days import year_end
from japanese.keys import search_key
from models.data_classes import Words

Cells = Mapping[str, str]
OTHERWISE, REFUSE, MATCH = "otherwise", "refuse", "match"
UNKNOWN = (OTHERWISE, REFUSE, MATCH)
"""A word that a vocabulary lacks: becomes `otherwise`; is refused; or is matched to a term's label, else refused by it."""
UNKNOWN_TERM: Words = (
    "対応表にも語彙にもない言葉です。対応表に加えるか、語を直してください。",
    "Neither the mapping nor the vocabulary has this word; add it to the mapping, or correct it.",
)
_NOTHING = ("", "0", "0.0", "0.00")


class Rule(Protocol):
    """From a row's cells to what the gate's validator takes, as if a person had typed it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""

    def read(self, cells: Cells) -> Any:
        """The field's value; "" when there is none.

        Raises:
            Wrong: the cell says something that the mapping does not allow.
        """


@dataclass(frozen=True)
class Copy:
    """One cell, perhaps put into other words."""

    column: str
    otherwise: str = ""
    """What an empty cell, or one that is not among the terms, becomes."""
    split: str = ""
    join: str = "; "
    terms: Mapping[str, str] | None = None
    """The file's words → ours, compared without case."""
    prefix: str = ""
    unknown: str = OTHERWISE
    """What becomes of a word that is not among the terms: one of UNKNOWN."""
    labels: Mapping[str, str] | None = None
    """For `match`: search key of a term's label → its code."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def read(self, cells: Cells) -> str:
        """The cell in our words.

        Raises:
            Wrong: a word that is not among the terms, where the mapping refuses those.
        """
        cell = cells[self.column].strip()
        if self.terms is not None or self.labels is not None:
            return self._term(cell)
        if self.split:
            cell = self.join.join(filter(None, (each.strip() for each in cell.split(self.split))))
        return f"{self.prefix}{cell}" if cell else self.otherwise

    def term_of(self, word: str) -> str:
        """The term that a word of the file becomes; "" for one that is not decided."""
        # A word that the mapping leaves undecided ("") is as unknown as one that it does not name.
        found = (self.terms or {}).get(word.casefold(), "")
        return found or (self.labels.get(search_key(word), "") if word and self.labels is not None else "")

    def _term(self, cell: str) -> str:
        found = self.term_of(cell)
        if not found and cell and self.unknown == REFUSE:
            raise Wrong(UNKNOWN_TERM, cell)
        return found or self.otherwise


@dataclass(frozen=True)
class Several:
    """Several names in one cell, each a line of its own."""

    column: str
    signs: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def read(self, cells: Cells) -> str:
        """One name a line."""
        return "\n".join(splitting.names(cells[self.column], self.signs))


@dataclass(frozen=True)
class Sized:
    """A cell of sizes as people write them, `5.2×3.1cm`, as rows of dimensions."""

    column: str
    unit: str = "cm"
    whole: bool = False
    """Whether every size must be understood: the record keeps the cell nowhere else as it is written."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def read(self, cells: Cells) -> list[dict[str, str]]:
        """One row for each measurement that is understood.

        Raises:
            Wrong: something in it is not, and would be lost.
        """
        found = sizes(cells[self.column].strip(), self.unit)
        if found.unread and self.whole:
            raise Wrong((
                "寸法として読めません。例: 5.2×3.1cm、縦5.2cm 横3.1cm",
                "This is not a size. For example 5.2×3.1cm, or H5.2 W3.1 cm.",
            ))  # fmt: skip
        return [as_row(each) for each in found.measured]


def as_row(one: Measurement) -> dict[str, str]:
    """A measurement as a row of dimensions."""
    return {name: getattr(one, name) for name in ("part", "dimension", "accuracy", "value", "unit")}


@lru_cache(maxsize=20_000)
def sizes(cell: str, unit: str) -> Sizes:
    """What a cell tells of sizes; in a ledger the same come again and again."""
    return read_sizes(cell, unit)


@dataclass(frozen=True)
class Day:
    """A cell that must be one day: what is not a date is reported, never kept as mere text."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def read(self, cells: Cells) -> str:
        """The cell, once it is known to be a day."""
        cell = cells[self.column].strip()
        if cell and not _is_day(cell):
            raise Wrong((
                "日付として読めません。例: 2020-12-01、令和2年12月1日",
                "This is not a date. For example 2020-12-01 or 令和2年12月1日.",
            ))  # fmt: skip
        return cell


@lru_cache(10_000)
def _is_day(cell: str) -> bool:
    """Kept, because the days of a file come again and again: 17 µs less a cell."""
    try:
        parse_date(cell)
    except DateError:
        return False
    return True


@dataclass(frozen=True)
class Written:
    """A date as written, with its bounds in columns of their own."""

    text: str
    earliest: str
    latest: str
    widen: bool = False
    """Whether 1 January as the last day stands for the whole year (imports.mapping.year_bounds)."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The three columns."""
        return (self.text, self.earliest, self.latest)

    def read(self, cells: Cells) -> dict[str, str]:
        """The file's bounds hold; how sure they are is what the text says of itself."""
        text = cells[self.text].strip()
        certainty = _certainty(text) if text else {}
        latest = cells[self.latest].strip()
        latest = year_end(latest) if self.widen else latest
        return {"text": text, "earliest": cells[self.earliest].strip(), "latest": latest, **certainty}


@lru_cache(10_000)
def _certainty(text: str) -> Mapping[str, str]:
    # Kept likewise: 0.2 ms less a row.
    # Bounds of the file's own leave nothing ambiguous: only what the text itself says counts, c. 1910-12.
    certainty = certainty_beside_bounds(text)
    return {"certainty": certainty_of(certainty)} if certainty else {}


@dataclass(frozen=True)
class Measure:
    """One measurement: the column, which way it runs, and the unit that the file measures in."""

    column: str
    dimension: str
    unit: str


@dataclass(frozen=True)
class Measured:
    """Columns of numbers as rows of dimensions; 0 means that nothing was measured. A unit in the cell itself holds."""

    measures: tuple[Measure, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """One for each measurement."""
        return tuple(each.column for each in self.measures)

    def read(self, cells: Cells) -> list[dict[str, str]]:
        """One row for each measurement there is; what is no size stands as it is, for the validator to name."""
        found: list[dict[str, str]] = []
        for each in self.measures:
            cell = cells[each.column].strip()
            if cell in _NOTHING:
                continue
            plain = {"dimension": each.dimension, "value": cell, "unit": each.unit}
            if cell.replace(".", "", 1).isdecimal():
                found.append(plain)
                continue
            read = read_sizes(cell, each.unit, each.dimension)
            whole = (
                read.measured
                and not read.unread
                and each.dimension in {one.dimension for one in read.measured}
            )
            found += [as_row(one) for one in read.measured] if whole else [plain]
        return found


@dataclass(frozen=True)
class Gathered:
    """Several cells in one text, each on a line behind its label; first one without a label, where there is one."""

    labelled: Mapping[str, str]
    """Label → column."""
    column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return (*filter(None, [self.column]), *self.labelled.values())

    def read(self, cells: Cells) -> str:
        """A line for each cell that is not empty."""
        first = [cells[self.column].strip()] if self.column else []
        found = ((label, cells[column].strip()) for label, column in self.labelled.items())
        return "\n".join([*filter(None, first), *(f"{label}: {cell}" for label, cell in found if cell)])
