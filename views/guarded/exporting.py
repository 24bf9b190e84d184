"""Export to CSV and XLSX, and the ledger to print: rows from the gate as they come, formula-safe."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import xlsxwriter
from flask import Response, render_template, request, send_file, stream_with_context
from flask_admin import expose
from werkzeug.wrappers import Response as AnyResponse

from audit.events import note
from gate.listing import export_rows
from gate.shown import Row, Shown
from japanese.text import safe_cell
from models.declaration import Field, Noun
from policies.masks import HIDDEN
from views.guarded.asking import question_from
from views.guarded.conflicts import readable
from views.signin import actor
from views.words import day, t, term, w

PRINTED_AT_MOST = 2_000
XLSX_AT_MOST = 1_000_000
BOM = "\ufeff"


def exported(noun: Noun) -> list[Field]:
    """The columns of an export: every declared field but the system's own and files."""
    return [each for each in noun if each.kind not in ("system", "image")]


def cell(row: Row, shown: Shown) -> str:
    """A value as one cell of text; a withheld one says so, because an empty cell means no data."""
    if shown.state == "hidden":
        return t("非表示", "withheld")
    value = shown.value
    if shown.state == "masked":
        return str(value or HIDDEN)
    if shown.field.declared.target:
        keys = value if isinstance(value, list) else [value] if value else []
        target = shown.field.declared.target
        return " / ".join(each.label for key in keys if (each := row.references.get(f"{target}:{key}")))
    if shown.field.kind == "colleague" and value:
        named = row.references.get(f"user:{value}")
        return named.label if named else ""
    if isinstance(value, datetime):
        return day(value)
    if isinstance(value, bool):
        return t("はい", "yes") if value else t("いいえ", "no")
    if shown.field.kind == "parts" and value:
        return " / ".join(_part(shown.field, each) for each in value)
    return readable(shown.field, value)


def _part(field: Field, part: dict[str, Any]) -> str:
    said = [
        term(sub.declared.vocabulary, part[sub.name]) if sub.declared.vocabulary else str(part[sub.name])
        for sub in field.parts
        if sub.kind != "system" and part.get(sub.name)
    ]
    return " ".join(said)


class ExportMixin:
    """`/export/csv/`, `/export/xlsx/`, `/print-list/`."""

    noun: Noun

    def _rows(self, fields: list[Field]) -> tuple[list[str], Iterator[list[str]]]:
        question = question_from(self.noun, request.args)
        rows = export_rows(actor(), self.noun, question, [each.name for each in fields])
        note("exported", actor=actor().user, institution=actor().institution, noun=self.noun.name)
        return [w(each.label) for each in fields], (
            [safe_cell(cell(row, each)) for each in row] for row in rows
        )

    @expose("/export/csv/", methods=("POST",))
    def export_csv(self) -> AnyResponse:
        """UTF-8 with BOM, because Excel reads a CSV without one as something else; streamed."""
        heads, rows = self._rows(exported(self.noun))
        lines = _csv_lines(heads, rows)
        answer = Response(stream_with_context(lines), mimetype="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f"attachment; filename={self.noun.name}.csv"
        return answer

    @expose("/export/xlsx/", methods=("POST",))
    def export_xlsx(self) -> AnyResponse:
        """A workbook of text cells, written row by row; nothing in it is a formula."""
        heads, rows = self._rows(exported(self.noun))
        file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to send_file, which closes it
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                   "strings_to_numbers": False}  # fmt: skip
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet(self.noun.name)
            sheet.freeze_panes(1, 2)
            sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
            for at, row in enumerate(islice(rows, XLSX_AT_MOST), start=1):
                for column, text in enumerate(row):
                    sheet.write_string(at, column, text[:32_000])
        file.seek(0)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return send_file(file, mimetype=kind, as_attachment=True, download_name=f"{self.noun.name}.xlsx")

    @expose("/print-list/")
    def print_list(self) -> str:
        """The ledger (台帳) of a list, without the frame, at most PRINTED_AT_MOST records."""
        question = question_from(self.noun, request.args)
        fields = [each for each in self.noun if each.declared.listed]
        rows = export_rows(actor(), self.noun, question, [each.name for each in fields], exit_="print")
        taken = list(islice(rows, PRINTED_AT_MOST))
        note(
            "printed",
            actor=actor().user,
            institution=actor().institution,
            noun=self.noun.name,
            detail=str(len(taken)),
        )
        return render_template(
            "print_list.html",
            noun=self.noun,
            columns=fields,
            rows=taken,
            at_most=PRINTED_AT_MOST if len(taken) == PRINTED_AT_MOST else None,
        )


def _csv_lines(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    yield BOM
    for row in [heads], rows:
        for each in row:
            writer.writerow(each)
            if out.tell() > 32_768:
                yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
