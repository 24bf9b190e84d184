"""Merged cells of a sheet: a value that Excel shows over several rows stands in the first of them only."""

from __future__ import annotations

from collections.abc import Sequence

from imports.formats.form import RawRow
from imports.formats.xlsx.marks import COVERED, FILLED

Area = Sequence[int]
"""First row, first column, last row, last column; rows from 1, columns from 0."""


class Merged:
    """The merged cells of a sheet, met by its rows in their order."""

    def __init__(self, areas: Sequence[Area]) -> None:
        """`areas`: as the workbook has them."""
        self._waiting = sorted((tuple(each) for each in areas), reverse=True)
        self._open: list[tuple[Area, str]] = []
        """Areas that reach to the row in hand, with the text of their first cell."""

    def fill(self, row: RawRow, width: int) -> None:
        """Give a row the values of merged cells that begin above it, and mark what else merged cells cover.

        Only downwards: across, one value would become several columns'. A row that holds nothing of its own is no record.
        """
        self._open = [each for each in self._open if each[0][2] >= row.number]
        while self._waiting and self._waiting[-1][0] <= row.number:
            area = self._waiting.pop()
            first = row.cells[area[1]] if area[0] == row.number and area[1] < len(row.cells) else ""
            if area[2] >= row.number:
                self._open.append((area, first))
        for (top, left, _, right), text in self._open:
            for at in range(left, min(right + 1, width)):
                if row.number == top and at == left:
                    continue
                row.cells.extend([""] * (at + 1 - len(row.cells)))
                if row.cells[at]:
                    continue
                if at == left and text:
                    row.cells[at] = text
                    row.marks[at] = FILLED
                else:
                    row.marks[at] = COVERED
