"""A first mapping out of a file's header and some of its values: what a person then looks over.

A heading names a field; what stands in the column must fit it. A column of which nobody can tell is left out: a guess that
puts somebody's telephone number into a public field does more harm than one that is not made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gate.fields.kinds import kind_of
from imports.formats.form import SheetRow
from imports.mapping.splitting import NAME, READING, split_name
from imports.mapping.unreadable import REFUSE, proposed_choice
from imports.proposals.column_contents import ENOUGH, Contents
from imports.proposals.columns import Column, columns_of, is_free_of_persons
from imports.proposals.donors import donor_columns
from imports.proposals.headings import GATHERED, GENERIC, NAME_READINGS, NAMES, OF_NOUN, WEAK, heading_key
from imports.proposals.sizes import sizes_of
from imports.proposals.words import words_of
from models.data_classes import PERSONAL, DataClass
from models.declaration import Field, Noun

SAMPLES = 5
SURE = 0.8
"""The part of a column's cells by which what stands in it is enough, without a heading."""
_GENERIC = 30
"""More than any list of headings has."""
STATUS, AFTER_IMPORT = "input_status", "awaiting_check"
"""What a ledger says was entered; nobody has checked it yet. Without a status it would count as not begun."""


@dataclass
class Proposal:
    """A mapping as its TOML reads, and why."""

    told: dict[str, Any]
    by_values: set[str] = field(default_factory=set)
    """The columns of which the heading said nothing."""


def samples(rows: Sequence[SheetRow], column: str) -> list[str]:
    """The first few different values of a column that are not empty."""
    found = dict.fromkeys(cell for row in rows if (cell := row.cells.get(column, "").strip()))
    return list(found)[:SAMPLES]


def proposed(noun: Noun, header: Sequence[str], rows: Sequence[SheetRow], unit: str = "cm") -> Proposal:
    """A mapping from the labels of the columns and what stands in them.

    Args:
        noun: the kind of record.
        header: the file's columns.
        rows: some of its first rows.
        unit: the unit of sizes whose column names none.
    """
    free = columns_of(header, rows)
    found: dict[str, Any] = {}
    terms_: dict[str, dict[str, str]] = {}
    computed: list[dict[str, Any]] = []
    for name, column in _by_heading(noun, free, len(rows)):
        found[name] = rule_for(noun.fields[name], column.name, rows, terms_)
    if "dimensions" in noun.fields:
        found |= sizes_of(free, unit, computed)
    if "acquisition_source" in noun.fields and (told := donor_columns(free, computed)):
        found["acquisition_source"] = {"donor": told}
    _names(noun, free, found, computed)
    by_values = set(_by_values(noun, free, found, rows, terms_))
    if "dimensions" in noun.fields:
        _gather(free, found)
    whole: dict[str, Any] = {"noun": noun.name, "fields": found, "unreadable": _unreadable(noun, found)}
    if STATUS in noun.fields and STATUS not in found:
        whole["constants"] = {STATUS: AFTER_IMPORT}
    whole |= {"terms": terms_, "computed": computed}
    return Proposal({key: value for key, value in whole.items() if value or key == "fields"}, by_values)


def _by_heading(noun: Noun, free: list[Column], rows: int) -> Iterator[tuple[str, Column]]:
    """(field, column) of what headings say and cells do not deny, the surest first; each field and column once."""
    found: list[tuple[float, int, Column, str]] = []
    weak = set(map(heading_key, WEAK))
    for each in _fillable(noun):
        words = [
            *map(heading_key, (*each.label, each.name)),
            *map(heading_key, OF_NOUN[noun.name].get(each.name, "").split()),
        ]
        for column in free:
            ranks = [words.index(key) + 5 * at for at, key in enumerate(column.keys) if key in words]
            if not ranks or (
                each.name == noun.number and weak & set(column.keys) and _others_are_numbers(column, free)
            ):
                continue
            fit = _fit(noun, each, column, rows)
            if fit > 0:
                empty = 1 - column.contents.filled / max(rows, 1)
                found.append((min(ranks) - _GENERIC * (fit - 1) + 10 * empty, column.at, column, each.name))
    taken: set[str] = set()
    for _, _, column, name in sorted(found, key=lambda one: one[:2]):
        if name not in taken and column in free:
            taken.add(name)
            free.remove(column)
            yield name, column


def _others_are_numbers(column: Column, free: list[Column]) -> bool:
    """Whether another column is called a number and could be one: each row has its own."""
    return any(
        any(re.search("番号|number|accession|barcode|ばこど", key) for key in each.keys)
        and each.contents.repeated < 1 - SURE
        and not each.contents.personal
        and each.contents.filled > 0
        for each in free
        if each is not column
    )


def _fillable(noun: Noun) -> list[Field]:
    return [
        each
        for each in noun.editable()
        if not each.declared.target and kind_of(each).from_column and each.name != "institution"
    ]


def _fit(noun: Noun, of: Field, column: Column, rows: int) -> float:
    """How well what stands in a column fits a field: 0 not at all, 1 as the heading says, 2 by itself as well."""
    kind, cells = kind_of(of), column.contents
    if cells.moments > ENOUGH or cells.pictures > ENOUGH:
        return 0
    if of.name == noun.number:
        return (
            0 if cells.repeated > 1 - SURE or cells.filled < rows * SURE or cells.telephones > ENOUGH else 1
        )
    if not cells.cells:
        return 1
    if kind.has_terms:
        known = cells.known_to(of)
        doubtful = cells.figures > ENOUGH or bool(_generic() & set(column.keys))
        return 0 if doubtful and not known else 1 + known
    return float(_fits_text(of, cells) if kind.keeps_text else cells.read_by(of) >= ENOUGH)


@cache
def _generic() -> frozenset[str]:
    return frozenset(map(heading_key, GENERIC.split()))


def _fits_text(of: Field, cells: Contents) -> bool:
    """Whether cells fit a field that takes any text: a date as written, a name, a title, a shelf."""
    if of.is_written_date:
        return cells.dates >= (ENOUGH if of.data_class != DataClass.PUBLIC else 0.3)
    if of.name == "ndc":
        return cells.figures >= ENOUGH
    if of.data_class not in PERSONAL and not is_free_of_persons(cells, place=of.name == "place_made"):
        return False
    if of.data_class == DataClass.IDENTITY and (cells.telephones > 0 or cells.figures > ENOUGH):
        return False
    return not (of.required and cells.figures > SURE and len(cells.cells) > 1)


def _names(noun: Noun, free: list[Column], found: dict[str, Any], computed: list[dict[str, Any]]) -> None:
    """A person's whole name in one column, where the record has surname and first name."""
    for target, words in ((NAME, NAMES), (READING, NAME_READINGS)):
        fields = split_name(target)
        keys = set(map(heading_key, words.split()))
        column = next((each for each in free if keys & set(each.keys)), None)
        if column and set(fields) <= set(noun.fields) and not set(fields) & set(found):
            if target == READING and column.contents.cells and column.contents.readings < ENOUGH:
                continue
            found |= fields_of_name(column.name, target, computed)
            free.remove(column)


def fields_of_name(column: str, target: str, computed: list[dict[str, Any]]) -> dict[str, str]:
    """The rules of a name's two fields; the columns that divide it go into `computed`."""
    rules: dict[str, str] = {}
    for name, part in zip(split_name(target), ("first", "rest"), strict=True):
        rules[name] = f"{column} {name}"
        computed.append({"name": rules[name], "column": column, "part": part})
    return rules


def _by_values(
    noun: Noun,
    free: list[Column],
    found: dict[str, Any],
    rows: Sequence[SheetRow],
    terms_: dict[str, dict[str, str]],
) -> Iterator[str]:
    """The columns whose cells say by themselves what they are; what belongs to persons only into fields of persons."""
    for column in list(free):
        cells = column.contents
        name = next((each for each in _told_by_values(noun, cells) if each not in found), "")
        otherwise = any("fax" in key or "ふぁっくす" in key for key in column.keys)
        if name and len(cells.cells) > 1 and not otherwise:
            found[name] = rule_for(noun.fields[name], column.name, rows, terms_)
            free.remove(column)
            yield column.name


def _told_by_values(noun: Noun, cells: Contents) -> Iterator[str]:
    for each in _fillable(noun):
        kind = kind_of(each)
        if kind.has_terms and each.data_class == "public" and cells.known_to(each) >= SURE:
            yield each.name
        # A telephone number, a postcode, a mail address, an ISBN: nothing else looks like them.
        if (
            kind.is_digits
            and cells.read_by(each) >= SURE
            and (cells.personal >= SURE or each.data_class not in PERSONAL)
        ):
            yield each.name
        if each.name in ("email", "web_address") and cells.read_by(each) >= SURE and cells.pictures < ENOUGH:
            yield each.name
        if each.name == "address" and each.data_class in PERSONAL and cells.addresses >= SURE:
            yield each.name


def _gather(free: list[Column], found: dict[str, Any]) -> None:
    """What no field of an item is made for, into the notes behind its heading."""
    keys = set(map(heading_key, GATHERED.split()))
    labelled = {
        each.name: each.name for each in free if keys & set(each.keys) and is_free_of_persons(each.contents)
    }
    if labelled:
        own = found.get("notes")
        found["notes"] = {"labelled": labelled, **({"column": own} if isinstance(own, str) else {})}


def rule_for(of: Field, column: str, rows: Sequence[SheetRow], terms_: dict[str, dict[str, str]]) -> Any:
    """How a column fills a field, as a mapping's file says it; the words of a vocabulary go into `terms_`."""
    kind = kind_of(of)
    if kind.has_terms:
        if words := words_of(of, {cell for row in rows if (cell := row.cells.get(column, "").strip())}):
            terms_[of.name] = words
            return {"column": column, "terms": of.name, "unknown": "match"}
        return {"column": column, "unknown": "match"}
    return {"several": column} if kind.by_lines else column


def _unreadable(noun: Noun, found: dict[str, Any]) -> dict[str, str]:
    """What a first mapping says of cells that cannot be read."""
    said = {name: proposed_choice(noun, noun.fields[name]) for name in found}
    return {name: choice for name, choice in said.items() if choice != REFUSE}
