"""Our own export come back from a spreadsheet: what was not touched changes nothing, what was is read as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from gate.reading.as_text import CELL_AT_MOST, by_number, canonical, names, names_it, says_nothing, unchanged
from imports.formats.doubts import BENT
from imports.mapping.rules import Copy
from imports.validation.row_validation import Checked, Checking
from japanese.narrow_encodings import as_saved
from japanese.text import without_formula_guard
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import present
from policies.actor import Actor

Document = dict[str, Any]
UNKNOWN_NUMBER: Words = ("この番号の記録が見つかりません。", "There is no record of this number.")
PART: Words = (
    "「高さ・縦 12.5 cm / 幅・横 3 cm」の形で書いてください。",
    "Write it as “Height 12.5 cm / Width 3 cm”.",
)
ELSEWHERE: Words = (
    "ほかの館の記録です。その館の人が取り込みます。",
    "This is another institution's record; its own people import it.",
)
CUT: Words = (
    "長すぎてExcelのセルに入りきらなかった項目です。画面で直してください。",
    "This was too long for a cell of a workbook; correct it on screen.",
)
LONGEST_NUMBER = 6
"""Words of a number, at most."""


def headed(noun: Noun, header: Sequence[str]) -> dict[str, Any] | None:
    """The mapping of a file whose header is that of our own export, in either language; None of any other.

    Our labels alone make no export of ours: a ledger may well say 資料番号 and 資料名. Revision and institution (版, 館) do.
    """
    labels = {label: each for each in noun for label in each.label if kind_of(each).tabular}
    known = [name for name in header if name in labels]
    ours = all(
        set(noun.fields[name].label) & set(header) for name in ("revision", "institution", noun.number)
    )
    if len(known) < max(3, len(header) * 3 // 4) or not ours:
        return None
    fields = {
        labels[name].name: name
        for name in known
        if not labels[name].declared.kept_by_system and labels[name].name != "institution"
    }
    options: dict[str, Any] = {"returned": True}
    for option, name in (("revision", "revision"), ("house", "institution")):
        options[option] = next((each for each in noun.fields[name].label if each in header), "")
    return {"noun": noun.name, "options": options, "fields": fields}


class Returned:
    """The cells of a returned file beside the records as they stand."""

    def __init__(self, checking: Checking, encoding: str) -> None:
        """`encoding`: of the file, "" of a workbook."""
        self.checking, self.encoding = checking, encoding
        self.noun = checking.mapping.noun
        self._names: dict[str, dict[Any, set[str]]] = {}
        self._ids: dict[str, dict[str, Any]] = {}
        self._columns = {
            name: rule.column for name, rule in checking.mapping.rules.items() if isinstance(rule, Copy)
        }
        institution = checking.filling.institution
        houses = names(checking.filling.actor, NOUNS["institution"], [institution])[institution] - {""}
        self._house = {said for name in houses for said in as_saved(name, encoding)}

    def look_up(self, actor: Actor, records: Iterable[Document], looked: Iterable[Checked]) -> None:
        """The names of all that these records and rows refer to, as far as this actor may see them: two queries a noun and batch."""
        institution = self.checking.filling.institution
        self._names, self._ids = {}, {}
        kept, rows = list(records), list(looked)
        for name, column in self._columns.items():
            target = self.noun.fields[name].declared.target
            if not target:
                continue
            ids = {id_ for each in kept for id_ in _as_list(each.get(name))}
            asked = {said for each in rows for part in _parts(_cell(each, column)) for said in _numbers(part)}
            self._names.setdefault(target, {}).update(names(actor, NOUNS[target], ids))
            self._ids.setdefault(target, {}).update(by_number(actor, NOUNS[target], institution, asked))

    def read_as_exported(self, each: Checked, record: Document) -> None:
        """Take out of a row what stands as it was written out; read the rest the way an export writes it.

        Args:
            record: as it stands; empty where the row's number has none.
        """
        untouched = set()
        for name, column in self._columns.items():
            cell = each.row.cells.get(column, "")
            field = self.noun.fields[name]
            if name == self.noun.number:
                if record:
                    untouched.add(column)
                continue
            if says_nothing(cell.strip()) or self._unchanged(field, record.get(name), cell):
                untouched.add(column)
                each.kept.pop(name, None)
                each.wrong.pop(name, None)
            elif _is_joined(field):
                self._read(each, field, cell)
        # A number that looks bent is this record's own; a doubtful character was doubtful before it was written out.
        if record and each.wrong.get(self.noun.number) == BENT:
            del each.wrong[self.noun.number]
        each.doubts = [doubt for doubt in each.doubts if doubt.column not in untouched]
        institution = canonical(_cell(each, self.checking.mapping.options.house))
        if institution and institution not in self._house:
            each.wrong[self.noun.number] = ELSEWHERE

    def _unchanged(self, field: Field, value: Any, cell: str) -> bool:
        if not field.declared.target:
            return unchanged(field, value, cell, self.encoding)
        known = self._names.get(field.declared.target, {})
        forms = (known.get(id_, ()) for id_ in _as_list(value))
        return names_it(
            cell, [{said for name in each for said in as_saved(name, self.encoding)} for each in forms]
        )

    def _read(self, each: Checked, field: Field, cell: str) -> None:
        each.wrong.pop(field.name, None)
        try:
            if len(cell) >= CELL_AT_MOST:
                raise Wrong(CUT)
            each.kept[field.name] = clean_field(
                field, self._raw(field, canonical(without_formula_guard(cell)))
            )
        except Wrong as error:
            each.kept.pop(field.name, None)
            each.wrong[field.name] = error.words

    def _raw(self, field: Field, cell: str) -> Any:
        kind = kind_of(field)
        if kind.by_rows:
            return [_part(field, each) for each in _parts(cell)]
        if kind.by_lines:
            return _parts(cell)
        known = self._ids.get(field.declared.target, {})
        # The longest that is a number: 甲 12 has a space of its own, and a name follows it.
        found = [
            next((known[said] for said in _numbers(each) if said in known), None) for each in _parts(cell)
        ]
        if None in found:
            raise Wrong(UNKNOWN_NUMBER)
        return found if kind.several else (found[0] if found else None)


def _is_joined(field: Field) -> bool:
    """Whether an export wrote its values one behind another, or names in the place of ids."""
    kind = kind_of(field)
    return kind.by_rows or kind.by_lines or bool(field.declared.target)


def _cell(each: Checked, column: str) -> str:
    return without_formula_guard(each.row.cells.get(column, ""))


def _numbers(part: str) -> list[str]:
    """What of `甲 12 壺` could be the number, the longest first."""
    words = part.split()[:LONGEST_NUMBER]
    return [" ".join(words[:count]) for count in range(len(words), 0, -1)]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _parts(cell: str) -> list[str]:
    return [each for part in re.split(r"\s+/\s+|\n", cell.strip()) if (each := part.strip())]


def _part(field: Field, text: str) -> dict[str, str]:
    """`箱 2 高さ・縦 12.5 cm`, read from its end: what stands before the dimension is the part's name, figures and all."""
    codes = {sub.name: _codes(sub) for sub in field.parts if sub.declared.vocabulary}
    said = {name: "|".join(map(re.escape, codes[name])) for name in ("dimension", "accuracy", "unit")}
    found = re.fullmatch(
        rf"(?:(?P<part>.+)\s)?(?P<dimension>{said['dimension']})\s+(?:(?P<accuracy>{said['accuracy']})\s+)?"
        rf"(?P<value>\S+)\s+(?P<unit>{said['unit']})",
        text,
    )
    if not found:
        raise Wrong(PART)
    return {
        name: codes[name].get(word, "") if name in codes else word
        for name, word in found.groupdict("").items()
    }


def _codes(field: Field) -> dict[str, str]:
    """A term in either language, what it was called before, or its code → its code."""
    return present().words(field.declared.vocabulary, field.at)
