"""A mapping file: which column fills which field. TOML, so that a curator can read it and comment it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migration.rules import Copy, Day, Gathered, Measure, Measured, Rule, Written
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import terms


class MappingError(Exception):
    """The mapping file cannot be used: what is wrong and where."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.words: Words = (ja, en)


@dataclass(frozen=True)
class Mapping:
    """Field → its rule, and what every record gets alike."""

    noun: Noun
    constants: dict[str, str]
    rules: dict[str, Rule]

    @property
    def fields(self) -> set[str]:
        """Every field that it fills."""
        return {*self.constants, *self.rules}

    def lacking(self, header: list[str]) -> list[str]:
        """Columns that it reads and a file does not have."""
        return sorted({each for rule in self.rules.values() for each in rule.columns} - set(header))


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file.

    Raises:
        MappingError: it is no TOML, or names what there is not. OSError: it cannot be opened.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        noun = NOUNS[told["noun"]]
        rules = {name: _rule(rule, told) for name, rule in told["fields"].items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise MappingError(
            f"対応表 {path.name} を読めません: {error}", f"The mapping {path.name} cannot be read: {error}"
        ) from error
    mapping = Mapping(noun, dict(told.get("constants", {})), rules)
    for name in sorted(mapping.fields):
        _check(noun, name, mapping)
    return mapping


def _rule(told: Any, file: Table[str, Any]) -> Rule:
    if isinstance(told, str):
        return Copy(told)
    if isinstance(told, list):
        return Measured(tuple(Measure(**each) for each in told))
    if "labelled" in told:
        return Gathered(dict(told["labelled"]))
    if "day" in told:
        return Day(told["day"])
    if "earliest" in told:
        return Written(**told)
    if "terms" in told:
        words = {str(theirs).casefold(): ours for theirs, ours in file["terms"][told["terms"]].items()}
        return Copy(told["column"], otherwise=told.get("otherwise", ""), terms=words)
    return Copy(**told)


def _check(noun: Noun, name: str, mapping: Mapping) -> None:
    field = noun.fields.get(name)
    if field is None or field.declared.kept_by_system or name == "institution":
        raise MappingError(
            f"対応表の項目「{name}」はありません。", f"The mapping names no known field: {name}"
        )
    rule = mapping.rules.get(name)
    if isinstance(rule, Copy) and rule.terms is not None:
        _check_terms(field, {*rule.terms.values(), rule.otherwise})


def _check_terms(field: Field, words: set[str]) -> None:
    known = terms(field.declared.vocabulary) if field.declared.vocabulary else {}
    if unknown := sorted(words - set(known) - {""}):
        raise MappingError(
            f"対応表の「{field.name}」に、語彙にない言葉があります: {'、'.join(unknown)}",
            f"The mapping gives {field.name} terms that its vocabulary does not have: {', '.join(unknown)}",
        )
