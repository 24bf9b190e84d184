"""How many columns of foreign tables a first mapping gets right, and how many of its guesses would do harm (S3).

A guess is harmful if it is wrong and a column of persons' data becomes a field that is not kept as theirs, or the record's
number, or a field that takes a cell and stores something else than its letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import tomli_w

from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from imports.formats.form import SheetRow
from imports.mapping.donor_rule import DONOR_FIELDS
from imports.mapping.mapping import mapping_of
from imports.proposals.chosen_columns import DONOR_WORDS, choices
from imports.proposals.proposals import proposed
from models.data_classes import PERSONAL
from models.declaration import Field, Noun
from models.registry import NOUNS

TABLES = sorted(Path(__file__).parent.glob("*.txt"))


@dataclass
class Table:
    """One table: what it is, and column → (right answers, cells, whether they are a person's)."""

    name: str
    noun: str = ""
    columns: dict[str, tuple[tuple[str, ...], list[str], bool]] = field(default_factory=dict)

    @property
    def rows(self) -> list[SheetRow]:
        """The cells row by row."""
        count = max(len(cells) for _, cells, _ in self.columns.values())
        return [
            SheetRow(
                at + 2, {name: (cells + [""] * count)[at] for name, (_, cells, _) in self.columns.items()}
            )
            for at in range(count)
        ]


def tables(paths: list[Path]) -> Iterator[Table]:
    """The tables of these files: `# name`, `noun: name`, then `column | right answers | cells`; ! marks a person's cell."""
    for path in paths:
        found: Table | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                if found:
                    yield found
                found = Table(line[2:])
            elif found and line.startswith("noun: "):
                found.noun = line[6:]
            elif found and line.strip():
                name, answers, cells = line.split(" | ", 2)
                said = [each.strip() for each in cells.split(" ; ")]
                bare = [each.removeprefix("!").strip() for each in said]
                found.columns[name] = (
                    tuple(answers.strip().split("|")),
                    bare,
                    any(each[:1] == "!" for each in said),
                )
        if found:
            yield found


@dataclass
class Measure:
    """What a first mapping made of one noun's tables."""

    columns: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    harmful: list[str] = field(default_factory=list)


def measured(those: list[Table]) -> dict[str, Measure]:
    """Noun → its measure."""
    found: dict[str, Measure] = {}
    for table in those:
        noun, its = NOUNS[table.noun], found.setdefault(table.noun, Measure())
        told = proposed(noun, list(table.columns), table.rows)
        taken = choices(mapping_of(tomli_w.dumps(told.told)))
        for name, (answers, cells, personal) in table.columns.items():
            target = taken.get(name, "")
            its.columns += 1
            its.right += target in answers
            if target not in answers:
                said = f"{table.name}: {name} → {target or '-'} (right: {' or '.join(answers) or '-'})"
                its.wrong.append(said)
                if target and _harms(noun, target, cells, personal=personal):
                    its.harmful.append(said)
    return found


def _field(noun: Noun, target: str) -> Field | None:
    kind, _, name = target.partition(":")
    if kind == "donor" and name in DONOR_WORDS:
        return NOUNS["donor"].fields[DONOR_FIELDS[name]]
    return noun.fields.get({"size": "dimensions", "split": "surname"}.get(kind, name))


def _harms(noun: Noun, target: str, cells: list[str], *, personal: bool) -> bool:
    fed = _field(noun, target)
    if fed is None:
        return False
    if personal and fed.data_class not in PERSONAL:
        return True
    if fed.name == noun.number:
        return True
    kind = kind_of(fed)
    return not kind.keeps_text and not kind.has_terms and any(_altered(fed, each) for each in cells if each)


def _altered(fed: Field, cell: str) -> bool:
    try:
        value = clean_field(fed, cell)
    except (Wrong, TypeError, ValueError):
        return False
    return "".join(str(value).split()) != "".join(cell.split())
