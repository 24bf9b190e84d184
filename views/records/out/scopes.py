"""What an export or a ledger holds and what it leaves out, in words; and an export as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents.cells import Cell, formula_safe_row
from documents.names import house_named
from documents.size_columns import size_columns
from documents.tables import About
from gate.lists.scopes import Scope
from gate.reading.as_text import NOTES
from gate.reading.questions import Question
from gate.reading.shown import Row
from gate.store.clock import today
from models.declaration import Field, Noun
from views.records.list.filters import said as conditions
from views.shared.frame import about
from words import t, w


def scope_words(noun: Noun, scope: Scope, at_most: int | None = None) -> list[str]:
    """How much of the list leaves, and why not the rest; one line each, the count first."""
    unit = noun.counted
    leaves = min(scope.leaves, at_most) if at_most else scope.leaves
    if leaves == scope.listed:
        return [
            t(f"一覧の{about(leaves)}{unit[0]}すべてです。", f"All {about(leaves)} {unit[1]} of the list.")
        ]
    found = [
        t(
            f"一覧の{about(scope.listed)}{unit[0]}のうち、{about(leaves)}{unit[0]}です。",
            f"{about(leaves)} of the {about(scope.listed)} {unit[1]} of the list.",
        )
    ]
    found += [
        t(
            f"{house_named(house)}の{about(number)}{unit[0]}は、あなたの役割では持ち出せないため含みません。",
            f"{about(number)} {unit[1]} of {house_named(house)} are left out: your role does not let them leave.",
        )
        for house, number in scope.left_out.items()
    ]
    if at_most and scope.leaves > at_most:
        found.append(
            t(
                f"一度に出せるのは先頭から{at_most:,}{unit[0]}までです。残りは、一覧を絞り込んで分けるか、書き出しをお使いください。",
                f"At most the first {at_most:,} {unit[1]} at once. For the rest filter the list, or export it.",
            )
        )
    return found


@dataclass(frozen=True)
class Leaving:
    """One export as a table: its file's name, headings, and cells, with what is said in it of what it leaves out."""

    noun: Noun
    question: Question
    scope: Scope
    fields: list[Field]
    form: str
    sizes: bool
    """Whether sizes have columns of their own besides."""

    @property
    def name(self) -> str:
        """Noun, institution and date: what its file is called, without an ending."""
        houses = sorted(self.scope.houses)
        house = house_named(houses[0]) if len(houses) == 1 else t("全館", "all institutions")
        return re.sub(r"[\s/\\:]+", "-", f"{w(self.noun.label)}_{house}_{today()}")

    @property
    def heads(self) -> list[str]:
        """The headings."""
        return [w(each.label) for each in self.fields] + (size_columns(self.fields)[0] if self.sizes else [])

    def cells(self, rows: Iterable[Row]) -> Iterator[list[Cell]]:
        """The rows; a CSV in which something is left out ends with rows that say so."""
        row, sizes = formula_safe_row(self.fields), size_columns(self.fields)[1]
        for each in rows:
            yield row(each) + sizes(each) if self.sizes else row(each)
        if self.form == "csv" and self.scope.left_out:
            for said in scope_words(self.noun, self.scope):
                yield [f"{t(*NOTES)} {said}"]

    def about(self) -> About:
        """The sheet of a workbook that says what the other one holds."""
        asked = t("、", "; ").join(conditions(self.noun, self.question)) or t("なし(すべて)", "none (all)")
        scope = scope_words(self.noun, self.scope)
        return t("この表について", "About this table"), [
            [t("表", "Table"), w(self.noun.label)],
            [t("館", "Institution"), t("、", ", ").join(map(house_named, sorted(self.scope.houses)))],
            [t("条件", "Conditions"), asked],
            [t("作成日", "Made on"), str(today())],
            *([t("範囲", "Scope"), each] for each in scope),
        ]
