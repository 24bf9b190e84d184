"""Export to CSV and XLSX, and the ledger to print: rows from the gate as they come, formula-safe."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from flask import g, render_template, request, send_file, stream_with_context
from flask_admin import expose
from werkzeug.wrappers import Response as AnyResponse

from documents.cells import sheet_row
from documents.tables import XLSX, csv_lines, write_workbook
from gate.fields.kinds import kind_of
from gate.reading.listing import export_rows
from gate.reading.questions import institutions
from gate.reading.shown import Row
from gate.refusals import Invalid
from models.data_classes import Words
from models.declaration import Field, Noun
from views.records.list.questions import question_from
from views.records.out.sealed_export import (
    CHOOSE,
    asked_takeout,
    export_form,
    sealed_answer,
    wrong_in_takeout,
)
from views.records.out.sealed_export import XLSX_AT_MOST as SEALED_XLSX_AT_MOST
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from views.shared.leaving import attached, left, take_turn
from views.shared.purposes import given_purpose, purpose_page
from words import w
from workflows.data_release.releases import take_out

PRINTED_AT_MOST = 2_000
XLSX_AT_MOST = 1_000_000


def exported(noun: Noun) -> list[Field]:
    """The columns of an export: every declared field but the system's own and files."""
    return [each for each in noun if kind_of(each).tabular]


class ExportMixin:
    """`/export/`, `/export/csv/`, `/export/xlsx/`, `/print-list/`."""

    noun: Noun
    columns: Callable[[], list[Field]]

    @expose("/export/")
    def export_page(self) -> str:
        """What for, in which form, and whether personal data goes along."""
        institutions(actor(), self.noun, question_from(self.noun, request.args), "export")
        return self._export_form({})

    @expose("/export/csv/", methods=("POST",))
    def export_csv(self) -> AnyResponse | tuple[str, int]:
        """UTF-8 with BOM, because Excel reads a CSV without one as something else; streamed."""
        return self._export("csv")

    @expose("/export/xlsx/", methods=("POST",))
    def export_xlsx(self) -> AnyResponse | tuple[str, int]:
        """A workbook of text cells, written row by row; nothing in it is a formula."""
        return self._export("xlsx")

    def _export_form(self, errors: dict[str, Words]) -> str:
        """The page of an export; whose lists have columns of their own is offered those first."""
        return export_form(
            self.noun, errors, columns="list" if self.noun.name in g.account.columns else "all"
        )

    def _exported(self) -> list[Field]:
        """All fields, or of the list's columns those that can stand in a file."""
        if request.form.get("columns") != "list":
            return exported(self.noun)
        return [each for each in self.columns() if kind_of(each).tabular]

    def _export(self, form: str) -> AnyResponse | tuple[str, int]:
        """Personal data masked and the file plain; or, where it is asked for, in full, sealed and registered."""
        question, fields = question_from(self.noun, request.args), self._exported()
        heads, names = [w(each.label) for each in fields], [each.name for each in fields]
        institutions(actor(), self.noun, question, "export")
        errors = {} if given_purpose() else {"purpose": CHOOSE}
        if request.form.get("personal"):
            errors |= wrong_in_takeout()
        if errors:
            return self._export_form(errors), 400
        take_turn("export", self.noun.name)
        if request.form.get("personal"):
            try:
                at_most = SEALED_XLSX_AT_MOST if form == "xlsx" else None
                taken = take_out(actor(), self.noun, question, names, asked_takeout(), at_most=at_most)
            except Invalid as error:
                return self._export_form(error.errors), 400
            forget_tallies()
            return sealed_answer(self.noun.name, form, heads, _cells(fields, taken.rows))
        rows = export_rows(actor(), self.noun, question, names, purpose=given_purpose())
        left("exported", self.noun.name, given_purpose())
        return (
            _csv(self.noun, heads, _cells(fields, rows))
            if form == "csv"
            else workbook_answer(self.noun.name, heads, _cells(fields, rows))
        )

    @expose("/print-list/")
    def print_list(self) -> str:
        """The ledger (台帳) of a list, without the frame, at most PRINTED_AT_MOST records."""
        asked = request.args.copy()
        asked.poplist("purpose")
        question, purpose = question_from(self.noun, asked), given_purpose()
        institutions(actor(), self.noun, question, "print")
        if not purpose:
            return purpose_page(self.noun, f"{self.noun.name}.index_view")
        take_turn("print", self.noun.name)
        fields = [each for each in self.columns() if each.name != "institution" or not question.institution]
        names = [each.name for each in fields]
        rows = export_rows(actor(), self.noun, question, names, exit_="print", purpose=purpose)
        taken = list(islice(rows, PRINTED_AT_MOST))
        left("printed", self.noun.name, f"{len(taken)} {purpose}")
        return render_template(
            "records/print_list.html",
            noun=self.noun,
            columns=[each for each in fields if kind_of(each).tabular],
            rows=taken,
            at_most=PRINTED_AT_MOST if len(taken) == PRINTED_AT_MOST else None,
        )


def _cells(fields: list[Field], rows: Iterable[Row]) -> Iterator[list[str]]:
    return map(sheet_row(fields), rows)


def _csv(noun: Noun, heads: list[str], rows: Iterator[list[str]]) -> AnyResponse:
    return attached(stream_with_context(csv_lines(heads, rows)), "text/csv", f"{noun.name}.csv")


def workbook_answer(name: str, heads: list[str], rows: Iterator[list[str]]) -> AnyResponse:
    """A plain workbook, by that name."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to send_file, which closes it
    write_workbook(file, name, heads, islice(rows, XLSX_AT_MOST), constant_memory=True)
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")
