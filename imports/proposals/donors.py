"""Which columns of a table of items tell of the donor: a name, and beside it address, postcode and telephone."""

from __future__ import annotations

from typing import Any

from imports.mapping.contact_cells import contact_part
from imports.proposals.column_contents import ENOUGH, Contents
from imports.proposals.columns import Column
from imports.proposals.headings import ANYBODY, OF_DONOR, heading_key

_NEAR = 3
"""Columns behind the donor's name in which an address that does not say whose it is is theirs."""
_MIXED = 0.3
"""The part of a column of names in which an address or telephone stands as well."""
_PARTS = ("name", "postcode", "address", "telephone")


def donor_columns(free: list[Column], computed: list[dict[str, Any]]) -> dict[str, str]:
    """Part of a donor → column; columns that are used leave `free`, those that take a cell apart go into `computed`."""
    found: dict[str, Column] = {}
    anybody = set(map(heading_key, ANYBODY))
    for part, words in OF_DONOR.items():
        for word in map(heading_key, words.split()):
            column = next((each for each in free if word in each.keys and _fits(part, each.contents)), None)
            name = found.get("name")
            if column is None or (word in anybody and (name is None or not 0 < column.at - name.at <= _NEAR)):
                continue
            found[part] = column
            free.remove(column)
            break
    if not {"name", "number"} & set(found):
        free += found.values()
        free.sort(key=lambda each: each.at)
        return {}
    told = {part: column.name for part, column in found.items()}
    if "name" in found and found["name"].contents.personal >= _MIXED:
        told |= _taken_apart(found["name"], told, computed)
    return told


def _fits(part: str, cells: Contents) -> bool:
    if not cells.cells:
        return True
    if part == "telephone":
        return cells.telephones >= ENOUGH
    if part == "address":
        return cells.telephones < ENOUGH and cells.figures < ENOUGH
    if part in ("name", "reading"):
        return (
            cells.figures < ENOUGH
            and cells.telephones < ENOUGH
            and (part == "name" or cells.readings >= ENOUGH)
        )
    return True


def _taken_apart(name: Column, told: dict[str, str], computed: list[dict[str, Any]]) -> dict[str, str]:
    """A column in which the donor stands with address and telephone: contact data does not stay in the name."""
    found: dict[str, str] = {}
    for part in _PARTS:
        if part == "name" or (
            part not in told and any(contact_part(cell, part) for cell in name.contents.cells)
        ):
            found[part] = f"{name.name} {part}"
            computed.append({"name": found[part], "column": name.name, "contact": part})
    return found
