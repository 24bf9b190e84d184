"""A paper as PDF: A4, Japanese, page numbers, tables whose head stands on every sheet (fpdf2; decision 0014)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, WrapMode

from documents.fonts import japanese_font
from documents.paper import Paper, Part

FONT = "paper"
MARGIN = 16.0
INK, SOFT, LINE, WASH = 26, 90, 170, 238
"""Shades of grey: text, what stands at the edge, rules, heads."""
TEXT_AT_MOST = 600
"""Characters of one cell: a row must fit on a sheet. The data beside the paper has them all."""


class _Sheets(FPDF):
    """A4 with the institution and the title above, the number of the sheet below."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4")
        self._paper = paper
        self.add_font(FONT, fname=japanese_font())
        self.set_margins(MARGIN, 20, MARGIN)
        self.set_auto_page_break(True, 18)
        self.set_draw_color(LINE)
        self.set_line_width(0.15)
        self.set_title(paper.title)
        self.set_author(paper.house)
        self.set_lang("ja")

    def header(self) -> None:
        """The institution and the title, small."""
        self.set_font(FONT, size=7.5)
        self.set_text_color(SOFT)
        self.set_y(10)
        self.cell(self.epw / 2, 4, self._paper.house)
        self.cell(self.epw / 2, 4, self._paper.title, align="R")
        self.set_text_color(INK)
        self.set_y(20)

    def footer(self) -> None:
        """The number of the sheet, and how many there are."""
        self.set_y(-13)
        self.set_font(FONT, size=7.5)
        self.set_text_color(SOFT)
        self.cell(0, 4, f"{self.page_no()} / {{nb}}", align="C")


def pdf(paper: Paper, made_at: datetime) -> bytes:
    """The whole file.

    Args:
        paper: what stands on it.
        made_at: written into the file as the time of its making.

    Raises:
        NoFont: the machine has no Japanese font.
    """
    sheets = _Sheets(paper)
    sheets.set_creation_date(made_at)
    sheets.add_page()
    _text(sheets, paper.title, 15, 8)
    sheets.ln(2)
    _rows(sheets, [[name, value] for name, value in paper.about], [0.22, 0.78], 8.5, heads=False)
    for part in paper.parts:
        _part(sheets, part, paper.empty)
    return bytes(sheets.output())


def _part(sheets: _Sheets, part: Part, empty: str) -> None:
    # A heading at the foot of a sheet, with nothing under it, is a heading nobody finds.
    if sheets.will_page_break(32):
        sheets.add_page()
    else:
        sheets.ln(5)
    sheets.start_section(part.title)
    _text(sheets, part.title, 11, 6)
    if part.said:
        _text(sheets, part.said, 8.5, 4.6)
    sheets.ln(1)
    if part.facts:
        _rows(sheets, [list(each) for each in part.facts], [0.22, 0.78], 8.5, heads=False)
    if part.table is not None and part.table.rows:
        shares = part.table.widths or [1.0] * len(part.table.heads)
        _rows(sheets, [part.table.heads, *part.table.rows], shares, 7.5, heads=True)
    elif part.table is not None:
        _text(sheets, empty, 8.5, 4.6)


def _text(sheets: _Sheets, text: str, size: float, height: float) -> None:
    sheets.set_font(FONT, size=size)
    sheets.multi_cell(0, height, text, align="L", wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")


def _rows(
    sheets: _Sheets, rows: Sequence[Sequence[str]], shares: Sequence[float], size: float, *, heads: bool
) -> None:
    if not rows:
        return
    sheets.set_font(FONT, size=size)
    widths = [sheets.epw * each / sum(shares) for each in shares]
    with sheets.table(
        width=sheets.epw, col_widths=widths, text_align="LEFT", v_align="TOP", line_height=size * 0.52,
        first_row_as_headings=heads, headings_style=FontFace(emphasis="", fill_color=WASH),
        borders_layout=TableBordersLayout.ALL, wrapmode=WrapMode.CHAR, padding=(0.7, 1.2),
    ) as table:  # fmt: skip
        for row in rows:
            made = table.row()
            for at, each in enumerate(row):
                label = not heads and at == 0
                made.cell(_short(each), style=FontFace(fill_color=WASH) if label else None)


def _short(text: str) -> str:
    return text if len(text) <= TEXT_AT_MOST else f"{text[:TEXT_AT_MOST]}…"
