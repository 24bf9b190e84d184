"""The columns of a row that tell of a donor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Cells = Mapping[str, str]

DONOR_FIELDS = {
    "number": "donor_number", "name": "name", "reading": "name_reading", "address": "address", "postcode": "postcode",
    "telephone": "telephone", "standing": "standing",
}  # fmt: skip
"""What a row can tell of a donor → the donor's field."""


@dataclass(frozen=True)
class DonorRule:
    """Columns that tell of a donor: looked up by number, or by name and address; see imports.run.donor_matching."""

    told: Mapping[str, str]
    """One of DONOR_FIELDS → column."""
    create: bool = True
    """Whether a donor who is not there yet is made."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self.told.values())

    def read(self, cells: Cells) -> Told | str:
        """What the row says of the donor; "" when it says nothing."""
        found = {name: cells[column].strip() for name, column in self.told.items()}
        return Told(**found) if found.get("name") or found.get("number") else ""


@dataclass(frozen=True)
class Told:
    """A donor as a row tells of them."""

    number: str = ""
    name: str = ""
    reading: str = ""
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    standing: str = ""
