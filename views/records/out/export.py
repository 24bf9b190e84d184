"""Export to CSV and XLSX, and the ledger to print: rows from the gate as they come, formula-safe."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from flask import g, render_template, request, send_file, stream_with_context
from flask_admin import expose
from werkzeug.wrappers import Response as AnyResponse

from documents.cells import Cell
from documents.tables import XLSX, About, csv_lines, write_workbook
from gate.fields.kinds import kind_of
from gate.lists.scopes import scope_of
from gate.reading.listing import export_rows
from gate.refusals import Invalid
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.verdict import reach
from views.records.list.filters import said as conditions
from views.records.list.questions import question_from
from views.records.out.scopes import Leaving, scope_words
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
from workflows.data_release.releases import take_out

PRINTED_AT_MOST = 2_000
XLSX_AT_MOST = 1_000_000
TOO_MANY_ROWS: Words = (
    f"Excelの表は{XLSX_AT_MOST:,}件までです。一覧を絞り込むか、CSVにしてください。",
    f"A workbook takes {XLSX_AT_MOST:,} records at most: filter the list, or take CSV.",
)


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
        return self._export_form({})

    @expose("/export/csv/", methods=("POST",))
    def export_csv(self) -> AnyResponse | tuple[str, int]:
        """UTF-8 with BOM, because Excel reads a CSV without one as something else; streamed."""
        return self._export("csv")

    @expose("/export/xlsx/", methods=("POST",))
    def export_xlsx(self) -> AnyResponse | tuple[str, int]:
        """A workbook, written row by row, with a sheet that says what it holds; nothing in it is a formula."""
        return self._export("xlsx")

    def _export_form(self, errors: dict[str, Words]) -> str:
        """The page of an export; whose lists have columns of their own is offered those first."""
        question, noun = question_from(self.noun, request.args), self.noun
        scope = scope_words(noun, scope_of(actor(), noun, question, "export"))
        return export_form(
            noun,
            errors,
            columns="list" if noun.name in g.account.columns else "all",
            scope=scope,
            in_full=scope_words(noun, scope_of(actor(), noun, question, "takeout"))
            if reach(actor(), noun.name, "takeout")
            else scope,
            sizes=any(each.declared.written_in for each in noun),
        )

    def _exported(self) -> list[Field]:
        """All fields, or of the list's columns those that can stand in a file."""
        if request.form.get("columns") != "list":
            return exported(self.noun)
        return [each for each in self.columns() if kind_of(each).tabular]

    def _export(self, form: str) -> AnyResponse | tuple[str, int]:
        """Personal data masked and the file plain; or, where it is asked for, in full, sealed and registered."""
        question, fields = question_from(self.noun, request.args), self._exported()
        names, personal = [each.name for each in fields], bool(request.form.get("personal"))
        scope = scope_of(actor(), self.noun, question, "takeout" if personal else "export", at_most=None)
        errors = {} if given_purpose() else {"purpose": CHOOSE}
        if personal:
            errors |= wrong_in_takeout()
        elif form == "xlsx" and scope.leaves > XLSX_AT_MOST:
            errors[""] = TOO_MANY_ROWS
        if errors:
            return self._export_form(errors), 400
        take_turn("export", self.noun.name)
        leaving = Leaving(self.noun, question, scope, fields, form, sizes=bool(request.form.get("sizes")))
        if personal:
            try:
                at_most = SEALED_XLSX_AT_MOST if form == "xlsx" else None
                taken = take_out(actor(), self.noun, question, names, asked_takeout(), at_most=at_most)
            except Invalid as error:
                return self._export_form(error.errors), 400
            forget_tallies()
            rows = leaving.cells(taken.rows)
            return sealed_answer(leaving.name, form, leaving.heads, rows, leaving.about())
        shown = export_rows(actor(), self.noun, question, names, purpose=given_purpose())
        left("exported", self.noun.name, given_purpose())
        rows = leaving.cells(shown)
        if form == "xlsx":
            return workbook_answer(leaving.name, leaving.heads, rows, leaving.about())
        lines = stream_with_context(csv_lines(leaving.heads, rows))
        return attached(lines, "text/csv", f"{leaving.name}.csv")

    @expose("/print-list/")
    def print_list(self) -> str:
        """The ledger (台帳) of a list, without the frame, at most PRINTED_AT_MOST records."""
        asked = request.args.copy()
        asked.poplist("purpose")
        question, purpose = question_from(self.noun, asked), given_purpose()
        scope = scope_of(actor(), self.noun, question, "print")
        told = scope_words(self.noun, scope, PRINTED_AT_MOST)
        if not purpose:
            return purpose_page(self.noun, f"{self.noun.name}.index_view", told)
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
            told=told,
            conditions=conditions(self.noun, question),
        )


def workbook_answer(
    name: str, heads: list[str], rows: Iterable[Sequence[Cell]], about: About | None = None
) -> AnyResponse:
    """A plain workbook, by that name."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to send_file, which closes it
    write_workbook(file, name, heads, rows, constant_memory=True, about=about)
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")
