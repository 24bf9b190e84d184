"""A mapping: which column fills which field. TOML, so that a curator can read it, comment it and hand it on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from gate.fields.kinds import kind_of
from imports.mapping.rules import (
    DONOR_FIELDS,
    MATCH,
    UNKNOWN,
    Copy,
    Day,
    DonorRule,
    Gathered,
    Measure,
    Measured,
    Rule,
    Several,
    Sized,
    Written,
)
from japanese.day_orders import ORDERS
from japanese.keys import search_key
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import offered, present, terms

LONGEST = 200_000
REPEATED = ("refuse", "merge")


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

    @property
    def fields(self) -> set[str]:
        """Every field that it fills."""
        return {*self.constants, *self.rules, *(name for each in self.houses.values() for name in each)}

    @property
    def columns(self) -> set[str]:
        """Every column that it reads."""
        more = {self.options.revision, self.options.house} - {""}
        return {each for rule in self.rules.values() for each in rule.columns} | more

    def lacking(self, header: list[str]) -> list[str]:
        """Columns that it reads and a file does not have."""
        return sorted(self.columns - set(header))

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
        noun = NOUNS[told["noun"]]
        orders = {
            name: _order(noun, name, rule) for name, rule in told["fields"].items() if _is_ordered(rule)
        }
        rules = {name: _rule(noun, name, _without_order(rule), told) for name, rule in told["fields"].items()}
        rules = _with_written(noun, rules)
        options = Options(**told.get("options", {}))
        if not isinstance(told.get("terms", {}), dict):
            raise TypeError("terms")
        _only_text(rules.values(), options)
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
    mapping = Mapping(noun, constants, rules, options, institutions, orders, text)
    if options.repeated not in REPEATED:
        raise MappingError("repeated は refuse か merge です。", "repeated is refuse or merge.")
    for each in sorted(mapping.fields):
        _check(noun, each, mapping)
    return mapping


def _with_written(noun: Noun, rules: dict[str, Rule]) -> dict[str, Rule]:
    """The rules with one that keeps a cell of sizes as it is written; where its field is filled otherwise, or the noun
    has none, every size of the cell must be understood."""
    found = dict(rules)
    for name, rule in rules.items():
        if isinstance(rule, Sized):
            kept = noun.fields[name].declared.written_in
            if kept and kept not in rules:
                found[kept] = Copy(rule.column)
            else:
                found[name] = replace(rule, whole=True)
    return found


def _only_text(rules: Iterable[Rule], options: Options) -> None:
    """TOML knows numbers and lists; what names a column or cuts a cell must be a text."""
    parts: list[Any] = [
        each for rule in rules for each in (rule.measures if isinstance(rule, Measured) else (rule,))
    ]
    said = [
        getattr(each, its.name) for each in [*parts, options] for its in fields(each) if its.type == "str"
    ]
    columns = [column for rule in parts for column in getattr(rule, "columns", ())]
    if not all(isinstance(each, str) for each in [*said, *columns]):
        raise TypeError("text")


def _texts(values: Table[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _is_ordered(told: Any) -> bool:
    return isinstance(told, dict) and "order" in told


def _without_order(told: Any) -> Any:
    return {key: value for key, value in told.items() if key != "order"} if _is_ordered(told) else told


def _order(noun: Noun, name: str, told: Table[str, Any]) -> str:
    if told["order"] not in ORDERS or not kind_of(noun.fields[name]).is_day:
        raise ValueError("order")
    return str(told["order"])


def _rule(noun: Noun, name: str, told: Any, file: Table[str, Any]) -> Rule:
    if isinstance(told, str):
        return Copy(told)
    if isinstance(told, list):
        return Measured(tuple(Measure(**each) for each in told))
    for key, kind in _KINDS.items():
        if key in told:
            return kind(told)
    if "terms" in told or told.get("unknown") == MATCH:
        return _words(noun, name, told, file)
    if "labels" in told:  # made of a vocabulary, never given
        raise ValueError("labels")
    return Copy(**told)


def _donor_rule(told: Table[str, Any]) -> Rule:
    columns = dict(told["donor"])
    if not set(columns) <= set(DONOR_FIELDS) or not {"name", "number"} & set(columns):
        raise ValueError("donor")
    return DonorRule(columns, bool(told.get("create", True)))


_KINDS: dict[str, Callable[[Any], Rule]] = {
    "labelled": lambda told: Gathered(dict(told["labelled"])),
    "day": lambda told: Day(told["day"]),
    "earliest": lambda told: Written(**told),
    "sizes": lambda told: Sized(told["sizes"], told.get("unit", "cm")),
    "several": lambda told: Several(told["several"], told.get("signs", "、,，;；/／")),
    "donor": _donor_rule,
}
"""The key that tells a rule's kind → its maker."""


def _words(noun: Noun, name: str, told: Table[str, Any], file: Table[str, Any]) -> Rule:
    unknown = told.get("unknown", UNKNOWN[0])
    labels: dict[str, str] | None = None
    if unknown not in UNKNOWN:
        raise ValueError("unknown")
    ours = file["terms"][told["terms"]] if "terms" in told else {}
    words = {str(theirs).casefold(): str(code) for theirs, code in ours.items()}
    if unknown == MATCH:
        vocabulary = noun.fields[name].declared.vocabulary
        labels = {}
        for each, code in present().words(vocabulary).items():
            labels.setdefault(search_key(each), code)
        # The label's parts too: 古文書 finds 古文書・文書.
        for code, said in offered(vocabulary).items():
            for part in said[0].split("・"):
                labels.setdefault(search_key(part), code)
        unknown = "refuse" if not told.get("otherwise") else UNKNOWN[0]
    return Copy(told["column"], told.get("otherwise", ""), terms=words, labels=labels, unknown=unknown)


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
