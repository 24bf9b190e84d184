"""The mapping as a person chooses it on the screen: for each column what it becomes; and back to a file.

A target is a short word: `field:title`, `size:all`, `size:height`, `donor:name`, `label:notes`; "" leaves a column out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from typing import Any

import tomli_w

from gate.fields.kinds import kind_of
from imports.formats.form import SheetRow
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.proposals import rule_for
from imports.mapping.rules import Copy, Day, DonorRule, Gathered, Measured, Several, Sized, Written
from models.data_classes import Words
from models.declaration import Noun
from models.vocabularies import terms

UNITS = ("cm", "mm", "m", "in")
DONOR_WORDS: dict[str, Words] = {
    "number": ("寄贈者番号", "Donor's number"),
    "name": ("寄贈者の氏名", "Donor's name"),
    "reading": ("寄贈者のよみ", "Donor's reading"),
    "address": ("寄贈者の住所", "Donor's address"),
    "postcode": ("寄贈者の郵便番号", "Donor's postcode"),
    "telephone": ("寄贈者の電話", "Donor's telephone"),
    "standing": ("寄贈・寄託の別", "Donor or depositor"),
}
GATHERED = ("notes", "description")


def targets(noun: Noun) -> list[tuple[str, Words]]:
    """All that a column of this noun's file can become."""
    found: list[tuple[str, Words]] = [
        (f"field:{each.name}", each.label)
        for each in noun.editable()
        if not each.declared.target and kind_of(each).from_column
    ]
    if "dimensions" in noun.fields:
        found.append(("size:all", ("寸法(まとめて書かれたもの)", "Sizes in one cell")))
        found += [
            (f"size:{code}", (f"寸法: {ja}", f"Size: {en}")) for code, (ja, en) in terms("dimension").items()
        ]
    if "acquisition_source" in noun.fields:
        found += [(f"donor:{name}", words) for name, words in DONOR_WORDS.items()]
    found += [
        (
            f"label:{name}",
            (
                f"{noun.fields[name].label[0]}に見出しつきで加える",
                f"Into {noun.fields[name].label[1]}, labelled",
            ),
        )
        for name in GATHERED
        if name in noun.fields
    ]
    return found


def choices(mapping: Mapping) -> dict[str, str]:
    """Column → target, as far as the screen can say it."""
    found: dict[str, str] = {}
    kept = {
        mapping.noun.fields[name].declared.written_in
        for name, rule in mapping.rules.items()
        if isinstance(rule, Sized)
    }
    for name, rule in mapping.rules.items():
        if name in kept:
            continue  # the cell of sizes as it is written, which goes without saying
        if isinstance(rule, Copy | Day | Several):
            found[rule.column] = f"field:{name}"
        elif isinstance(rule, Written):
            found[rule.text] = f"field:{name}"
        elif isinstance(rule, Sized):
            found[rule.column] = "size:all"
        elif isinstance(rule, Measured):
            found |= {each.column: f"size:{each.dimension}" for each in rule.measures}
        elif isinstance(rule, DonorRule):
            found |= {column: f"donor:{part}" for part, column in rule.told.items()}
        elif isinstance(rule, Gathered):
            found |= {column: f"label:{name}" for column in rule.labelled.values()}
    return found


def chosen(
    old: str,
    noun: Noun,
    asked: Table[str, str],
    rows: Sequence[SheetRow],
    *,
    unit: str,
    more: Table[str, Any],
) -> str:
    """The mapping's text after a person has chosen.

    Args:
        old: the text before; a rule for a column that stays with its field stays as it is.
        asked: column → target.
        rows: some of the file's rows, for the words of vocabularies.
        unit: the unit of sizes whose column names none.
        more: constants, options and terms, as the file has them.

    Raises:
        MappingError: it is no mapping that can be used.
    """
    told = tomllib.loads(old)
    before = choices(mapping_of(old))
    fields: dict[str, Any] = {}
    words: dict[str, Any] = {}
    sizes: list[dict[str, str]] = []
    donor_columns: dict[str, str] = {}
    for column, target in _offered(noun, asked, before):
        kind, _, name = target.partition(":")
        if kind == "size":
            _sized(fields, sizes, column, name, unit)
        elif kind == "donor":
            donor_columns[name] = column
        elif kind == "label":
            _labelled(fields, name, column)
        elif before.get(column) == target and name in told["fields"]:
            fields[name] = told["fields"][name]
        else:
            fields[name] = rule_for(noun.fields[name], column, rows, words)
    if sizes and "dimensions" not in fields:
        fields["dimensions"] = sizes
    if donor_columns:
        fields["acquisition_source"] = {"donor": donor_columns}
    terms_of = {**words, **told.get("terms", {}), **more.get("terms", {})}
    used = {each["terms"] for each in fields.values() if isinstance(each, dict) and "terms" in each}
    kept = {name: each for name, each in terms_of.items() if name in used}
    made = {"noun": noun.name, **more, "fields": fields, "terms": kept}
    text = tomli_w.dumps({name: value for name, value in made.items() if value not in ({}, None)})
    mapping_of(text)
    return text


def with_order(text: str, field: str, order: str) -> str:
    """The mapping's text with the order in which a field's days stand, `dmy` or `mdy`.

    Raises:
        MappingError: it has no such field, or the field holds no dates.
    """
    told = tomllib.loads(text)
    rule = told.get("fields", {}).get(field)
    if rule is None:
        raise MappingError("対応表にその項目はありません。", "The mapping has no such field.")
    told["fields"][field] = {**({"column": rule} if isinstance(rule, str) else dict(rule)), "order": order}
    made = tomli_w.dumps(told)
    mapping_of(made)
    return made


def _offered(noun: Noun, asked: Table[str, str], before: Table[str, str]) -> Iterator[tuple[str, str]]:
    """What the screen cannot offer, a size of our own export or a donor's number, may only stay as it is."""
    known = {target for target, _ in targets(noun)}
    for column, target in asked.items():
        if target in known or before.get(column) == target:
            yield column, target


def _sized(fields: dict[str, Any], sizes: list[dict[str, str]], column: str, name: str, unit: str) -> None:
    if name == "all":
        fields["dimensions"] = {"sizes": column, "unit": unit if unit in UNITS else "cm"}
    else:
        sizes.append({"column": column, "dimension": name, "unit": _unit(name, unit)})


def _labelled(fields: dict[str, Any], name: str, column: str) -> None:
    rule = fields.setdefault(name, {"labelled": {}})
    if isinstance(rule, dict) and "labelled" in rule:
        rule["labelled"][column] = column


def _unit(dimension: str, unit: str) -> str:
    if dimension == "weight":
        return "g"
    return unit if unit in UNITS else "cm"


def undecided(text: str) -> dict[str, dict[str, str]]:
    """The file's own words for each vocabulary and what they become, for the screen to ask about."""
    told = tomllib.loads(text)
    named = {
        rule["terms"]: name
        for name, rule in told.get("fields", {}).items()
        if isinstance(rule, dict) and "terms" in rule
    }
    return {named[key]: dict(words) for key, words in told.get("terms", {}).items() if key in named}
