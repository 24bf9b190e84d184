"""A paper with its data, in one file: the PDF, a CSV of each table, and all of it as JSON."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

from documents import printed
from documents.paper import Paper, Part, Table
from documents.tables import csv_lines
from japanese.text import formula_safe_cell
from words import t

PRINTED_AT_MOST = 400
"""Rows of one table on paper; the data has them all."""


def pack(paper: Paper, name: str, made_at: datetime) -> bytes:
    """The zip.

    Args:
        paper: what is told.
        name: of the files within, without an ending.
        made_at: the time of its making.

    Raises:
        NoFont: the machine has no Japanese font for the PDF.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{name}.pdf", printed(shortened(paper), made_at))
        file.writestr(f"{name}.json", json.dumps(as_data(paper), ensure_ascii=False, indent=1))
        for part in paper.parts:
            if part.table is not None:
                lines = csv_lines(
                    part.table.heads, ([formula_safe_cell(each) for each in row] for row in part.table.rows)
                )
                file.writestr(f"{part.name}.csv", "".join(lines))
    return out.getvalue()


def shortened(paper: Paper) -> Paper:
    """The paper with long tables cut, each saying so."""
    return replace(paper, parts=[_cut(each) for each in paper.parts])


def _cut(part: Part) -> Part:
    if part.table is None or len(part.table.rows) <= PRINTED_AT_MOST:
        return part
    count = len(part.table.rows)
    said = t(
        f"{count:,}件のうち先頭の{PRINTED_AT_MOST}件。全件は {part.name}.csv にあります。",
        f"The first {PRINTED_AT_MOST} of {count:,}; {part.name}.csv holds all.",
    )
    table = Table(part.table.heads, part.table.rows[:PRINTED_AT_MOST], part.table.widths)
    return replace(part, said=f"{part.said} {said}".strip(), table=table)


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as plain data, by the names of its parts."""
    return {
        "title": paper.title,
        "institution": paper.house,
        "about": dict(paper.about),
        "parts": {
            part.name: {
                "title": part.title, "said": part.said, "facts": dict(part.facts),
                "heads": part.table.heads if part.table else [], "rows": part.table.rows if part.table else [],
            }
            for part in paper.parts
        },
    }  # fmt: skip
