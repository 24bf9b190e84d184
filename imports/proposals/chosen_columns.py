"""The mapping as a person chooses it on the screen: for each column what it becomes; and back to a file.

A target is a short word: `field:title`, `size:all`, `size:height`, `donor:name`, `label:notes`; "" leaves a column out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from typing import Any

import tomli_w

from gate.fields.kinds import kind_of
from imports.formats.form import SheetRow
from imports.mapping.computed_columns import ENDS, Part
from imports.mapping.donor_rule import DonorRule
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.rules import Copy, Day, Gathered, Measured, Several, Sized, Written
from imports.mapping.splitting import NAME, READING, split_name
from imports.mapping.unreadable import REFUSE, choices_of, proposed_choice
from imports.proposals.proposals import fields_of_name, rule_for
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
WHOLE_NAMES: dict[str, Words] = {
    NAME: ("氏名(空白で姓と名に分ける)", "Whole name, divided at its space"),
    READING: ("氏名のよみ(空白で姓と名に分ける)", "Reading of the whole name, divided at its space"),
}
GATHERED = ("notes", "description")


def targets(noun: Noun) -> list[tuple[str, Words]]:
    """All that a column of this noun's file can become."""
    found: list[tuple[str, Words]] = [
        (f"field:{each.name}", each.label)
        for each in noun.editable()
        if not each.declared.target and kind_of(each).from_column
    ]
    if "firstname" in noun.fields:
        found += [(f"split:{name}", words) for name, words in WHOLE_NAMES.items()]
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
    whole = whole_names(mapping)
    for name, rule in mapping.rules.items():
        if name in kept:
            continue  # the cell of sizes as it is written, which goes without saying
        if isinstance(rule, Copy) and rule.column in whole:
            column, target = whole[rule.column]
            found[column] = f"split:{target}"
        elif isinstance(rule, Copy | Day | Several):
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
            found |= {rule.column: f"field:{name}"} if rule.column else {}
    return found


def whole_names(mapping: Mapping) -> dict[str, tuple[str, str]]:
    """Computed column → (column of whole names that it is a part of, NAME or READING): they come and go with that choice."""
    computed = dict(mapping.computed.columns)
    found: dict[str, tuple[str, str]] = {}
    for target in (NAME, READING):
        rules = [mapping.rules.get(name) for name in split_name(target)]
        names = [rule.column for rule in rules if isinstance(rule, Copy)]
        parts = [made for name in names if isinstance(made := computed.get(name), Part) and not made.at]
        if [part.part for part in parts] == list(ENDS) and len({part.column for part in parts}) == 1:
            found |= dict.fromkeys(names, (parts[0].column, target))
    return found


@dataclass(frozen=True)
class Asked:
    """What a person chose on the screen."""

    targets: Table[str, str]
    """Column, a computed one too → target."""
    unit: str = "cm"
    """The unit of sizes whose column names none."""
    unreadable: Table[str, str] = field(default_factory=dict)
    """Column → what becomes of its cells that cannot be read."""
    more: Table[str, Any] = field(default_factory=dict)
    """Constants and options, as the file has them."""
    words: Table[str, Table[str, str]] = field(default_factory=dict)
    """Field → the file's words → what they become."""
    computed: Sequence[Table[str, Any]] | None = None
    """The computed columns as the file has them, without those that divide a name; None leaves them as they are."""


def chosen(old: str, noun: Noun, asked: Asked, rows: Sequence[SheetRow]) -> str:
    """The mapping's text after a person has chosen.

    Args:
        old: the text before; a rule for a column that stays with its field stays as it is.
        rows: some of the file's rows, for the words of vocabularies.

    Raises:
        MappingError: it is no mapping that can be used, or two columns would become one field.
    """
    told, mapping = tomllib.loads(old), mapping_of(old)
    before, whole = choices(mapping), whole_names(mapping)
    known = told.get("computed", []) if asked.computed is None else asked.computed
    made = _Made(noun, asked.unit, [dict(each) for each in known if each["name"] not in whole])
    rows = [replace(row, cells=dict(mapping.cells(row.cells))) for row in rows]
    for column, target in _offered(noun, asked.targets, before):
        if target:
            made.add(column, target, told["fields"] if before.get(column) == target else {}, rows)
    fields = made.fields
    for name in [each for each in asked.words if each in fields and kind_of(noun.fields[each]).has_terms]:
        rule = fields[name]
        rule = {"column": rule} if isinstance(rule, str) else rule
        fields[name] = {**rule, "terms": rule.get("terms", name), "unknown": rule.get("unknown", "match")}
    terms_of = {**made.words, **told.get("terms", {})}
    used = {
        each["terms"]: name for name, each in fields.items() if isinstance(each, dict) and "terms" in each
    }
    terms_of |= {key: {**terms_of.get(key, {}), **asked.words.get(name, {})} for key, name in used.items()}
    text = {
        "noun": noun.name,
        **asked.more,
        "fields": fields,
        "terms": {name: each for name, each in terms_of.items() if name in used},
        "computed": made.computed,
        "unreadable": _unreadable(noun, fields, asked, before, mapping.unreadable),
        "institutions": told.get("institutions"),
    }
    written = tomli_w.dumps({name: value for name, value in text.items() if value not in ({}, [], None)})
    mapping_of(written)
    return written


@dataclass
class _Made:
    """A mapping's fields as they are made of one choice after another."""

    noun: Noun
    unit: str
    computed: list[dict[str, Any]]
    fields: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    _by: dict[str, str] = field(default_factory=dict)
    """Target → the column that has it."""

    def add(self, column: str, target: str, standing: Table[str, Any], rows: Sequence[SheetRow]) -> None:
        """One column's choice; `standing`: the rules before, where it is the same choice as before."""
        kind, _, name = target.partition(":")
        if kind == "label":
            self._labelled(name, column)
            return
        self._once(column, target)
        if kind == "size":
            self._sized(column, name)
        elif kind == "donor":
            self.fields.setdefault("acquisition_source", {"donor": {}})["donor"][name] = column
        elif kind == "split":
            for each in split_name(name):
                self._once(column, f"field:{each}")
            self.fields |= fields_of_name(column, name, self.computed)
        elif isinstance(self.fields.get(name), dict) and "labelled" in self.fields[name]:
            self.fields[name]["column"] = column
        else:
            rule = standing.get(name)
            gathered = isinstance(rule, dict) and "labelled" in rule
            self.fields[name] = (
                rule if rule and not gathered else rule_for(self.noun.fields[name], column, rows, self.words)
            )

    def _once(self, column: str, target: str) -> None:
        """Two columns of one field would leave one of them out, unsaid."""
        rivals: tuple[str, ...] = ("size:all", "field:dimensions") if target.startswith("size:") else ()
        if target == "size:all":
            rivals = tuple(each for each in self._by if each.startswith("size:"))
        found = next((each for each in (target, *rivals) if each in self._by), None)
        if found and (found == target == "size:all" or found != target or not target.startswith("size:")):
            ja, en = next((words for code, words in targets(self.noun) if code == target), (target, target))
            raise MappingError(
                f"「{ja}」に、列「{self._by[found]}」と列「{column}」の両方は取り込めません。片方を外すか、「列を加工する」でつないでください。",
                f"“{en}” cannot take both column “{self._by[found]}” and column “{column}”: leave one out, or join them "
                "under “Compute a column”.",
            )
        self._by[target] = column

    def _sized(self, column: str, name: str) -> None:
        if name == "all":
            self.fields["dimensions"] = {"sizes": column, "unit": self.unit if self.unit in UNITS else "cm"}
        else:
            self.fields.setdefault("dimensions", []).append(
                {"column": column, "dimension": name, "unit": _unit(name, self.unit)}
            )

    def _labelled(self, name: str, column: str) -> None:
        rule = self.fields.setdefault(name, {"labelled": {}})
        if isinstance(rule, str):
            rule = self.fields[name] = {"labelled": {}, "column": rule}
        if isinstance(rule, dict) and "labelled" in rule:
            rule["labelled"][column] = column


def _unreadable(
    noun: Noun, fields: Table[str, Any], asked: Asked, before: Table[str, str], stood: Table[str, str]
) -> dict[str, str]:
    """What becomes of unreadable cells: as chosen for a field that its column had before, else as a first mapping says."""
    column_of = {target: column for column, target in reversed(list(asked.targets.items()))}
    found = {}
    for name in fields:
        its = next((c for t, c in column_of.items() if t in (f"field:{name}", f"label:{name}") or (t.startswith("size:") and name == "dimensions")), "")  # fmt: skip
        same = bool(its) and before.get(its) == asked.targets.get(its)
        choice = (
            (asked.unreadable.get(its) or stood.get(name, REFUSE))
            if same
            else proposed_choice(noun, noun.fields[name])
        )
        if choice in choices_of(noun, noun.fields[name])[1:]:
            found[name] = choice
    return found


def _offered(noun: Noun, asked: Table[str, str], before: Table[str, str]) -> Iterator[tuple[str, str]]:
    """What the screen cannot offer, a size of our own export or a donor's number, may only stay as it is."""
    known = {target for target, _ in targets(noun)}
    for column, target in asked.items():
        if target in known or before.get(column) == target:
            yield column, target


def _unit(dimension: str, unit: str) -> str:
    if dimension == "weight":
        return "g"
    return unit if unit in UNITS else "cm"
