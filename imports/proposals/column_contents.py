"""What stands in a column, whatever its heading says: a guess by the heading alone is held against it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from japanese.contact_points import mail_address, telephones
from japanese.dimensions import read_sizes
from japanese.eras import parse_period
from japanese.keys import search_key
from japanese.readings import is_reading
from japanese.written_numbers import half_width
from models.declaration import Field
from models.vocabularies import terms

MOST_CELLS = 300
"""Different cells looked at."""
ENOUGH = 0.6
"""The part of the cells that must be of a kind for the column to be."""
_TELEPHONE = re.compile(r"(?:\+|0|\(0)[0-9 ()-]{8,}[0-9].*")
_POSTCODE = re.compile(r"〒?\s*[0-9]{3}-[0-9]{4}")
_ADDRESS = re.compile(
    r"(?:[都道府県]|[市区郡])\S{1,}.*[0-9一二三四五六七八九十]|[0-9]+ [A-Z][a-z]+ (?:St|Street|Rd|Road|Ave|Avenue|Lane|Drive)\b"
)
_MOMENT = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$")
_PICTURE = re.compile(r"\.(?:jpe?g|png|tiff?|gif)$", re.IGNORECASE)


@dataclass(frozen=True)
class Contents:
    """The different cells of one column that are not empty, and how many rows have one."""

    cells: tuple[str, ...]
    filled: int
    repeated: float
    """The part of those rows whose cell stands in an earlier row as well."""

    def share(self, of: Callable[[str], object]) -> float:
        """The part of the cells of which something holds; 0 of an empty column."""
        return sum(bool(of(each)) for each in self.cells) / len(self.cells) if self.cells else 0.0

    @cached_property
    def telephones(self) -> float:
        """The part that are telephone numbers as people write them."""
        return self.share(lambda cell: _TELEPHONE.fullmatch(half_width(cell)) and telephones(cell))

    @cached_property
    def personal(self) -> float:
        """The part by which somebody can be reached: telephone, mail, postcode, an address with its number."""
        return self.share(
            lambda cell: (
                mail_address(cell)
                or _POSTCODE.match(half_width(cell))
                or _ADDRESS.search(half_width(cell))
                or (_TELEPHONE.fullmatch(half_width(cell)) and telephones(cell))
            )
        )

    @cached_property
    def addresses(self) -> float:
        """The part that are places with their number."""
        return self.share(lambda cell: _ADDRESS.search(half_width(cell)))

    @cached_property
    def readings(self) -> float:
        """The part in kana."""
        return self.share(is_reading)

    @cached_property
    def dates(self) -> float:
        """The part that are dates or spans of time."""
        return self.share(parse_period)

    @cached_property
    def days(self) -> float:
        """The part that are one day."""
        return self.share(_day)

    @cached_property
    def sizes(self) -> float:
        """The part in which sizes are read."""
        return self.share(lambda cell: read_sizes(cell).measured)

    @cached_property
    def figures(self) -> float:
        """The part that are numbers and nothing else."""
        return self.share(lambda cell: re.fullmatch(r"[0-9.,]+", half_width(cell)))

    @cached_property
    def pictures(self) -> float:
        """The part that name a picture."""
        return self.share(_PICTURE.search)

    @cached_property
    def moments(self) -> float:
        """The part that end with a time of day, as a system writes them."""
        return self.share(_MOMENT.search)

    def read_by(self, field: Field) -> float:
        """The part that a field's validator takes."""
        return self.share(lambda cell: _taken(field, cell))

    def known_to(self, field: Field) -> float:
        """The part that are words of a field's vocabulary, or have one as a part of a label."""
        keys = {
            search_key(part)
            for code, labels in terms(field.declared.vocabulary).items()
            for part in (code, *labels, *labels[0].split("・"))
        }
        return self.share(lambda cell: search_key(cell) in keys)


def contents_of(cells: Sequence[str]) -> Contents:
    """What stands in these cells of one column."""
    counts = Counter(each for cell in cells if (each := cell.strip()))
    repeated = 1 - len(counts) / counts.total() if counts else 0.0
    return Contents(tuple(counts)[:MOST_CELLS], counts.total(), repeated)


def _day(text: str) -> bool:
    found = parse_period(text)
    return found is not None and found.earliest == found.latest


def _taken(field: Field, cell: str) -> bool:
    try:
        return kind_of(field).read(field, cell) not in (None, "", [])
    except (Wrong, TypeError, ValueError):
        return False
