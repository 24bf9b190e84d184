"""Our own export come back from a spreadsheet: what was not touched changes nothing, what was is read as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from gate.as_text import by_number, numbers, says_nothing, written
from gate.typed import Wrong
from gate.validating import clean_field
from migration.checking import Checked, Checking
from migration.rules import Copy
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import terms

Document = dict[str, Any]
UNKNOWN_NUMBER: Words = ("この番号の記録が見つかりません。", "There is no record of this number.")
PART: Words = (
    "「高さ・縦 12.5 cm / 幅・横 3 cm」の形で書いてください。",
    "Write it as “Height 12.5 cm / Width 3 cm”.",
)


def headed(noun: Noun, header: Sequence[str]) -> dict[str, Any] | None:
    """The mapping of a file whose header is that of our own export, in either language; None of any other."""
    labels = {label: each for each in noun for label in each.label if each.kind not in ("system", "image")}
    known = [name for name in header if name in labels]
    number = noun.fields[noun.number]
    if len(known) < max(3, len(header) * 3 // 4) or not set(number.label) & set(header):
        return None
    revision = noun.fields["revision"].label
    fields = {
        labels[name].name: name
        for name in known
        if not labels[name].declared.kept_by_system and labels[name].name != "institution"
    }
    options = {"returned": True, "revision": next((each for each in revision if each in header), "")}
    return {"noun": noun.name, "options": options, "fields": fields}


class Returned:
    """The cells of a returned file beside the records as they stand."""

    def __init__(self, checking: Checking) -> None:
        self.checking = checking
        self.noun = checking.mapping.noun
        self._numbers: dict[str, dict[Any, str]] = {}
        self._ids: dict[str, dict[str, Any]] = {}
        self._columns = {
            name: rule.column for name, rule in checking.mapping.rules.items() if isinstance(rule, Copy)
        }

    def look_up(self, records: Iterable[Document], looked: Iterable[Checked]) -> None:
        """The numbers of all that these records and rows refer to: two queries a noun and batch."""
        house = self.checking.preparing.institution
        kept, rows = list(records), list(looked)
        for name, column in self._columns.items():
            target = self.noun.fields[name].declared.target
            if not target:
                continue
            ids = {id_ for each in kept for id_ in _as_list(each.get(name))}
            asked = {part.split()[0] for each in rows for part in _parts(each.row.cells.get(column, ""))}
            self._numbers.setdefault(target, {}).update(numbers(NOUNS[target], house, ids))
            self._ids.setdefault(target, {}).update(by_number(NOUNS[target], house, asked))

    def settle(self, each: Checked, record: Document) -> None:
        """Take out of a row what stands as it was written out; read the rest the way an export writes it."""
        for name, column in self._columns.items():
            cell = each.row.cells.get(column, "").strip()
            field = self.noun.fields[name]
            if name == self.noun.number:
                continue
            if says_nothing(cell) or self._unchanged(field, record.get(name), cell):
                each.kept.pop(name, None)
                each.wrong.pop(name, None)
            elif field.kind in ("parts", "lines") or field.declared.target:
                self._read(each, field, cell)

    def _unchanged(self, field: Field, value: Any, cell: str) -> bool:
        if field.declared.target:
            known = self._numbers.get(field.declared.target, {})
            return [known.get(id_) for id_ in _as_list(value)] == [part.split()[0] for part in _parts(cell)]
        texts = written(field, value)
        return cell in texts or cell in {each.strip() for each in texts}

    def _read(self, each: Checked, field: Field, cell: str) -> None:
        each.wrong.pop(field.name, None)
        try:
            each.kept[field.name] = clean_field(field, self._raw(field, cell))
        except Wrong as error:
            each.kept.pop(field.name, None)
            each.wrong[field.name] = error.words

    def _raw(self, field: Field, cell: str) -> Any:
        if field.kind == "parts":
            return [_part(field, each) for each in _parts(cell)]
        if field.kind == "lines":
            return _parts(cell)
        known = self._ids.get(field.declared.target, {})
        found = [known.get(each.split()[0]) for each in _parts(cell)]
        if None in found:
            raise Wrong(UNKNOWN_NUMBER)
        return found if field.kind == "references" else (found[0] if found else None)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _parts(cell: str) -> list[str]:
    return [each for part in re.split(r"\s+/\s+|\n", cell.strip()) if (each := part.strip())]


def _part(field: Field, text: str) -> dict[str, str]:
    """`箱 2 高さ・縦 12.5 cm`, read from its end: what stands before the dimension is the part's name, figures and all."""
    codes = {sub.name: _codes(sub) for sub in field.parts if sub.declared.vocabulary}
    dimension, unit = ("|".join(map(re.escape, codes[name])) for name in ("dimension", "unit"))
    found = re.fullmatch(
        rf"(?:(?P<part>.+)\s)?(?P<dimension>{dimension})\s+(?P<value>\S+)\s+(?P<unit>{unit})", text
    )
    if not found:
        raise Wrong(PART)
    return {name: codes[name][said] if name in codes else said for name, said in found.groupdict("").items()}


def _codes(field: Field) -> dict[str, str]:
    """A term in either language, or its code → its code."""
    return {each: code for code, said in terms(field.declared.vocabulary).items() for each in (*said, code)}
