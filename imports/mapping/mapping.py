"""A mapping: which column fills which field. TOML, so that a curator can read it, comment it and hand it on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imports.mapping.computed_columns import Computed, computed_of
from imports.mapping.donor_rule import DonorRule
from imports.mapping.rule_reading import only_text, order_of, rule_of, with_written
from imports.mapping.rules import Copy, Rule
from imports.mapping.unreadable import KEEP, NOTES, unreadable_of
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import terms

IMPORTABLE = ("item", "donor", "book", "patron", "exhibition", "loan")
"""The nouns whose records come in by a mapping."""
LONGEST = 200_000
REPEATED = ("refuse", "merge")
PARTS = ("noun", "options", "fields", "terms", "constants", "institutions", "computed", "unreadable")
"""The tables of a mapping's file, and no others: a word that is not read would be a rule that does not hold."""


class MappingError(Exception):
    """The mapping cannot be used: what is wrong and where."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.words: Words = (ja, en)


@dataclass(frozen=True)
class Options:
    """What holds for the whole file."""

    repeated: str = "refuse"
    """A number that stands in an earlier row: `refuse`, or `merge` where the two rows say the same."""
    revision: str = ""
    """The column with the record's revision, where the file is our own export come back (版)."""
    house: str = ""
    """The column that says whose record it is, in such a file."""
    returned: bool = False
    """The file is our own export come back: a cell as it was written out changes nothing."""


@dataclass(frozen=True)
class Mapping:
    """Field → its rule, and what every record gets alike."""

    noun: Noun
    constants: dict[str, str]
    rules: dict[str, Rule]
    options: Options = Options()
    houses: dict[str, dict[str, str]] = field(default_factory=dict)
    """Institution → field → what a record there gets where the file has nothing."""
    orders: dict[str, str] = field(default_factory=dict)
    """Field → `dmy` or `mdy`: in which order its days stand (03/04/2005). See imports.mapping.day_columns."""
    text: str = ""
    """As it was read."""
    computed: Computed = Computed()
    """The columns that it makes of the file's own."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """Field → what becomes of a row whose cell cannot be read; the row is refused where nothing is said."""

    @property
    def fields(self) -> set[str]:
        """Every field that it fills."""
        houses = (name for each in self.houses.values() for name in each)
        return {*self.constants, *self.rules, *houses, *([NOTES] if KEEP in self.unreadable.values() else [])}

    @property
    def columns(self) -> set[str]:
        """Every column of the file that it reads."""
        more = {self.options.revision, self.options.house} - {""}
        return {each for rule in self.rules.values() for each in self.sources(rule.columns)} | more

    def sources(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The file's own columns behind these."""
        return self.computed.sources(columns) if self.computed.columns else tuple(columns)

    def cells(self, raw: Table[str, str]) -> Table[str, str]:
        """A row's cells with the computed columns among them: what rules read."""
        return self.computed.cells(raw) if self.computed.columns else raw

    def misfit(self, header: Sequence[str]) -> Words | None:
        """Why a file of that header cannot be read by it; None where it can."""
        if lacking := sorted(self.columns - set(header)):
            return (
                f"ファイルにない列があります: {'、'.join(lacking)}",
                f"The file lacks columns: {', '.join(lacking)}",
            )
        if twice := sorted(self.computed.names & set(header)):
            return (
                f"加工した列の名前が、ファイルの列と同じです: {'、'.join(twice)}",
                f"Computed columns have names of columns of the file: {', '.join(twice)}",
            )
        return None

    def unfilled(self, *, updating: bool) -> list[Field]:
        """The required fields that no column fills, nor every record alike; of records that are there only the number."""
        wanted = [self.noun.fields[self.noun.number]]
        if not updating:
            wanted += [
                each
                for each in self.noun
                if each.required
                and not each.declared.kept_by_system
                and each.default in (None, "")
                and each.name != "institution"
            ]
        return [each for each in dict.fromkeys(wanted) if each.name not in {*self.rules, *self.constants}]

    def defaults(self, institution: str) -> dict[str, str]:
        """What an empty or missing cell becomes in this institution."""
        return self.houses.get(institution, {})


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file.

    Raises:
        MappingError: it is no TOML, or names what there is not. OSError: it cannot be opened.
    """
    return mapping_of(path.read_bytes(), path.name)


def mapping_of(raw: bytes | str, name: str = "") -> Mapping:
    """The mapping in a text of TOML; `name` is what the file is called in a message.

    Raises:
        MappingError: as read_mapping.
    """
    try:
        if len(raw) > LONGEST:
            raise ValueError("too long")
        told = tomllib.loads(raw.decode() if isinstance(raw, bytes) else raw)
        _only_known(told)
        noun = _noun(told)
        orders = {
            name: order for name, rule in told["fields"].items() if (order := order_of(noun, name, rule))
        }
        rules = with_written(
            noun, {name: rule_of(noun, name, rule, told) for name, rule in told["fields"].items()}
        )
        options = Options(**told.get("options", {}))
        if not isinstance(told.get("terms", {}), dict):
            raise TypeError("terms")
        only_text(rules.values(), options)
        computed = computed_of(told.get("computed", []))
        unreadable = unreadable_of(noun, told.get("unreadable", {}), rules)
        constants = {name: str(value) for name, value in told.get("constants", {}).items()}
        institutions = {
            institution: _texts(values) for institution, values in told.get("institutions", {}).items()
        }
    except (
        tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError, RecursionError
    ) as error:  # fmt: skip
        raise MappingError(
            f"対応表 {name} を読めません: {error}", f"The mapping {name} cannot be read: {error}"
        ) from error
    text = raw.decode() if isinstance(raw, bytes) else raw
    mapping = Mapping(noun, constants, rules, options, institutions, orders, text, computed, unreadable)
    if options.repeated not in REPEATED:
        raise MappingError("repeated は refuse か merge です。", "repeated is refuse or merge.")
    for each in sorted(mapping.fields):
        _check(noun, each, mapping)
    return mapping


def _noun(told: Table[str, Any]) -> Noun:
    if told["noun"] not in IMPORTABLE:
        raise ValueError(f"noun: {told['noun']}")
    return NOUNS[told["noun"]]


def _only_known(told: Table[str, Any]) -> None:
    if unknown := sorted(set(told) - set(PARTS)):
        raise ValueError(f"unknown: {', '.join(unknown)}")


def _texts(values: Table[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _check(noun: Noun, name: str, mapping: Mapping) -> None:
    declared = noun.fields.get(name)
    if declared is None or declared.declared.kept_by_system or name == "institution":
        raise MappingError(
            f"対応表の項目「{name}」はありません。", f"The mapping names no known field: {name}"
        )
    rule = mapping.rules.get(name)
    if isinstance(rule, DonorRule) and declared.declared.target != "donor":
        raise MappingError(f"「{name}」は寄贈者の項目ではありません。", f"{name} is no field of a donor.")
    if isinstance(rule, Copy) and rule.terms is not None:
        _check_terms(declared, {*rule.terms.values(), rule.otherwise})


def _check_terms(declared: Field, words: set[str]) -> None:
    known = terms(declared.declared.vocabulary) if declared.declared.vocabulary else {}
    if unknown := sorted(words - set(known) - {""}):
        raise MappingError(
            f"対応表の「{declared.name}」に、語彙にない言葉があります: {'、'.join(unknown)}",
            f"The mapping gives {declared.name} terms that its vocabulary does not have: {', '.join(unknown)}",
        )
