"""The rows of a list as one piece: a template's own loop over them took longer than all else on the page.

Each row: its box for acts on many, its picture, and its cells (views.shared.cells).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from gate.fields.kinds.kind import plain
from gate.reading.shown import Row
from models.declaration import Noun
from views.records.list.highlights import found_cell
from views.shared.cells import openings, pieces
from words import t


def list_rows(
    noun: Noun, rows: Iterable[Row], columns: list[Any], record: str, *, choosing: bool, pictures: Mapping[str, str | None] | None, finding: bool
) -> Markup:  # fmt: skip
    """The body of the table.

    Args:
        noun: the kind of record.
        rows: as shown.
        columns: what to show of each, with a `name` and a `label`.
        record: the address of a record's page, without its id.
        choosing: whether each row has a box for acts on many.
        pictures: record id → address of its small picture; None where the noun has none.
        finding: whether each row says where the words were found.
    """
    choose = plain(t("を選ぶ", ": choose"))
    written: list[str] = []
    opened = openings(noun, columns)
    for row in rows:
        written += ("<tr>", _box(row, choose) if choosing else "")
        if pictures is not None:
            written.append(_picture(row, pictures))
        written += pieces(row, opened, f"{record}?id={row.id}", found_cell(row) if finding else "")
        written.append("</tr>\n")
    return Markup("".join(written))  # noqa: S704 - each piece is escaped where it is made


def _box(row: Row, choose: str) -> str:
    said = f'value="{plain(row.id)}" form="batch" aria-label="{plain(row.label)} {choose}"'
    return f'<td class="pick"><input type="checkbox" name="rowid" {said}></td>'


def _picture(row: Row, pictures: Mapping[str, str | None]) -> str:
    address = pictures.get(row.id)
    if not address:
        return '<td class="thumb"></td>'
    return f'<td class="thumb"><img src="{plain(address)}" alt="" width="32" height="32" loading="lazy"></td>'
