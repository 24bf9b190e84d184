"""The rules of a mapping's file: each key that a rule may have, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Table
from dataclasses import fields, replace
from typing import Any

from gate.fields.kinds import kind_of
from imports.mapping.donor_rule import DONOR_FIELDS, DonorRule
from imports.mapping.rules import (
    MATCH,
    UNKNOWN,
    Copy,
    Day,
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
from models.declaration import Noun
from models.vocabularies import offered, present


def with_written(noun: Noun, rules: dict[str, Rule]) -> dict[str, Rule]:
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


def only_text(rules: Iterable[Rule], options: Any) -> None:
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


def order_of(noun: Noun, name: str, told: Any) -> str:
    """In which order the days of this field stand, where its rule says so; else "".

    Raises:
        ValueError: no such order, or the field holds no days.
    """
    if not isinstance(told, dict) or "order" not in told:
        return ""
    if told["order"] not in ORDERS or not kind_of(noun.fields[name]).is_day:
        raise ValueError("order")
    return str(told["order"])


def rule_of(noun: Noun, name: str, said: Any, file: Table[str, Any]) -> Rule:
    """The rule of one field.

    Raises:
        ValueError, TypeError, KeyError: it says what no rule says; the field stands in the error.
    """
    try:
        return _rule(noun, name, said, file)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{name}: {error}") from error


def _rule(noun: Noun, name: str, said: Any, file: Table[str, Any]) -> Rule:
    if isinstance(said, str):
        return Copy(said)
    if isinstance(said, list):
        return Measured(tuple(Measure(**each) for each in said))
    told = {key: value for key, value in said.items() if key != "order"}
    for key, (kind, keys) in _KINDS.items():
        if key in told:
            _only(told, keys)
            return kind(told)
    if "terms" in told or told.get("unknown") == MATCH:
        _only(told, ("column", "otherwise", "terms", "unknown"))
        return _words(noun, name, told, file)
    _only(told, ("column", "otherwise", "split", "join", "prefix", "unknown"))
    return Copy(**told)


def _only(told: Table[str, Any], keys: Iterable[str]) -> None:
    if unknown := sorted(set(told) - set(keys)):
        raise ValueError(f"unknown: {', '.join(unknown)}")


def _donor_rule(told: Table[str, Any]) -> Rule:
    columns = dict(told["donor"])
    if not set(columns) <= set(DONOR_FIELDS) or not {"name", "number"} & set(columns):
        raise ValueError("donor")
    return DonorRule(columns, bool(told.get("create", True)))


_KINDS: dict[str, tuple[Callable[[Any], Rule], tuple[str, ...]]] = {
    "labelled": (
        lambda told: Gathered(dict(told["labelled"]), told.get("column", "")),
        ("labelled", "column"),
    ),
    "day": (lambda told: Day(told["day"]), ("day",)),
    "earliest": (lambda told: Written(**told), ("text", "earliest", "latest", "widen")),
    "sizes": (lambda told: Sized(told["sizes"], told.get("unit", "cm")), ("sizes", "unit")),
    "several": (
        lambda told: Several(told["several"], told.get("signs", "、,，;；/／")),
        ("several", "signs"),
    ),
    "donor": (_donor_rule, ("donor", "create")),
}
"""The key that tells a rule's kind → its maker, and all keys that it may have."""


def _words(noun: Noun, name: str, told: Table[str, Any], file: Table[str, Any]) -> Rule:
    unknown = told.get("unknown", UNKNOWN[0])
    if unknown not in UNKNOWN:
        raise ValueError("unknown")
    ours = file["terms"][told["terms"]] if "terms" in told else {}
    words = {str(theirs).casefold(): str(code) for theirs, code in ours.items()}
    labels: dict[str, str] | None = None
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
