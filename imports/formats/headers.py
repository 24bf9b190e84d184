"""Where a table's header stands, and what its columns are called: merged cells, same names, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from imports.formats.form import MOST_COLUMNS, SheetError

LOOKED_AT = 20
Row = Sequence[str]


def place(first: Sequence[Row]) -> tuple[int, int]:
    """Row of the header (from 1) and how many rows it has, among a table's first rows.

    A ledger's title above the table fills one cell or two of many. A header of two rows shows as one whose cells are
    merged: some of its cells are empty, and below exactly those and their left neighbours stand more names.
    """
    widths = [sum(bool(each.strip()) for each in row) for row in first]
    if not any(widths):
        raise SheetError("見出しの行がありません。", "There is no header row.")
    widest = max(widths)
    at = next(at for at, width in enumerate(widths) if width * 2 >= widest)
    return at + 1, 2 if _merged(first, at) else 1


def _merged(first: Sequence[Row], at: int) -> bool:
    if at + 2 >= len(first):
        return False
    above, below = _even(first[at], first[at + 1])
    gaps = [n for n, cell in enumerate(above) if not cell and below[n]]
    # 寸法 with nothing beside it, and 縦 横 高さ below; under 名称, which runs down both rows, nothing.
    starts = {n - 1 for n in gaps if above[n - 1]} if gaps else set()
    first_named = next((n for n, cell in enumerate(above) if cell), 0)
    # A record always has what the first column holds, its number; a header's second row has nothing there.
    return bool(gaps) and not below[first_named] and all(below[n] for n in starts if n >= 0)


def _even(above: Row, below: Row) -> tuple[list[str], list[str]]:
    width = max(len(above), len(below))
    return tuple([*(each.strip() for each in row), *[""] * (width - len(row))] for row in (above, below))  # type: ignore[return-value]


def names(rows: Sequence[Row]) -> list[str]:
    """The columns' names out of the header's rows; "" for a column that has none.

    `寸法 | | ` above `縦 | 横` gives `寸法 縦`, `寸法 横`; the second 備考 is `備考 (2)`.

    Raises:
        SheetError: no column has a name, or there are more than MOST_COLUMNS.
    """
    width = max((len(row) for row in rows), default=0)
    if width > MOST_COLUMNS:
        raise SheetError(f"列は{MOST_COLUMNS}までです。", f"At most {MOST_COLUMNS} columns, please.")
    levels = [[" ".join(each.split()) for each in row] + [""] * (width - len(row)) for row in rows]
    for above in levels[:-1]:
        _spread(above, levels[-1])
    joined = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*levels, strict=True)]
    if not any(joined):
        raise SheetError("見出しの行がありません。", "There is no header row.")
    seen: Counter[str] = Counter()
    found = []
    for name in joined:
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return found


def _spread(above: list[str], below: list[str]) -> None:
    """A merged cell's words stand in its first column only: give them to those it covers."""
    for at in range(1, len(above)):
        if not above[at] and below[at] and below[at - 1]:
            above[at] = above[at - 1]


def column_letter(at: int) -> str:
    """0 → A, 26 → AA: how a spreadsheet names a column."""
    found, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(65 + rest) + found
    return found
