"""The record of an import on paper: what came, what became of it, who ran it, who looked and signed (S3)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from japanese.text import unmappable_in_cp932
from migration.batching import FATES
from migration.reconciling import agrees
from models.data_classes import Words
from models.declaration import Noun

Document = dict[str, Any]
FONT = "HeiseiKakuGo-W5"
"""One of the Japanese fonts that every reader of PDF brings: nothing is embedded."""
ZONE = ZoneInfo("Asia/Tokyo")
_PLAIN = ParagraphStyle("plain", fontName=FONT, fontSize=9, leading=14)
_HEAD = ParagraphStyle("head", parent=_PLAIN, fontSize=15, leading=22)
_PART = ParagraphStyle("part", parent=_PLAIN, fontSize=11, leading=18, spaceBefore=6)
_LINES = TableStyle([
    ("FONT", (0, 0), (-1, -1), FONT, 8.5), ("GRID", (0, 0), (-1, -1), 0.3, "#999999"), ("VALIGN", (0, 0), (-1, -1), "TOP"),
])  # fmt: skip


def pdf(run: Document, noun: Noun, people: dict[str, str], language: int) -> bytes:
    """The record as a PDF, in one language; it holds no value of any record.

    Args:
        run: the import's document, after its run.
        noun: what was imported.
        people: account → name.
        language: 0 Japanese, 1 English.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))

    def said(ja: str, en: str) -> str:
        return (ja, en)[language]

    def who(id_: str) -> str:
        return people.get(id_, id_)

    sums = run["counts"]
    parts: list[Any] = [
        Paragraph(said("データ移行の記録", "Record of an import"), _HEAD),
        _table([
            [said("取込番号", "Import"), str(run["_id"])],
            [said("館", "Institution"), run["institution"]],
            [said("記録の種類", "Kind of record"), noun.label[language]],
            [said("ファイル", "File"), f"{_plain(run['file']['name'])} ({run['file']['size']:,} bytes)"],
            ["SHA-256", run["file"]["sha256"]],
            [said("対応表", "Mapping"), f"{_plain(run['mapping'].get('name') or '—')} {run['mapping'].get('version') or ''}"],
            [said("状態", "State"), run["state"]],
        ]),
        Paragraph(said("行の行方", "What became of the rows"), _PART),
        _table(
            [[said("ファイルの行", "Rows in the file"), f"{sums['rows']:,}"]]
            + [[FATES[at][language], f"{count:,}"] for at, count in enumerate(sums["fates"])]
            + [[said("新しい寄贈者", "Donors made"), f"{sums['made']:,}"]]
        ),
    ]  # fmt: skip
    parts += _reconciled(run, noun, language)
    if sums["causes"]:
        parts.append(Paragraph(said("指摘の内訳", "What was found"), _PART))
        parts.append(_table([
            [_plain(each["column"]) or "—", each[("ja", "en")[language]], f"{each['count']:,}"] for each in sums["causes"][:60]
        ], (45, 110, 20)))  # fmt: skip
    parts.append(Paragraph(said("経過", "Steps"), _PART))
    parts.append(
        _table([[_when(each["at"]), each["state"], who(each["by"])] for each in run["history"]], (45, 55, 75))
    )
    if "signed" in run:
        signed = run["signed"]
        parts.append(
            Paragraph(said("確認(取込を行った者とは別の職員)", "Sign-off, by another than who ran it"), _PART)
        )
        parts.append(_table([
            [said("確認者", "By"), who(signed["by"])], [said("日時", "At"), _when(signed["at"])],
            [said("確かめた行", "Rows looked at"), ", ".join(map(str, signed["rows"]))],
            [said("所見", "Remark"), _plain(signed["remark"]) or "—"],
            [said("元データの消去", "Source erased"), _when(run.get("erased_at"))],
        ]))  # fmt: skip
    parts += [
        Spacer(1, 12 * mm),
        _table([[said("立会者", "Witness"), ""], [said("責任者", "Responsible"), ""]], (40, 80)),
    ]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, title=f"import {run['_id']}", topMargin=16 * mm, bottomMargin=16 * mm
    ).build(parts)
    return out.getvalue()


def _reconciled(run: Document, noun: Noun, language: int) -> list[Any]:
    found = run.get("reconciled")
    if not found:
        return []
    words: tuple[Words, Words] = (
        ("元の行と登録内容は一致しています。", "File and store agree."),
        ("一致しないところがあります。", "File and store differ."),
    )
    head = (("項目", "Field"), ("元の件数", "In the file"), ("登録の件数", "Stored"), ("照合値", "Checksum"))
    rows = [
        [
            noun.fields[name].label[language],
            f"{expected:,}",
            f"{stored:,}",
            one if one == other else f"{one} ≠ {other}",
        ]
        for name, expected, stored, one, other in found["fields"]
    ]
    return [
        Paragraph(("突合", "Reconciliation")[language], _PART),
        Paragraph(words[0 if agrees(found, run["counts"]) else 1][language], _PLAIN),
        _table([[each[language] for each in head], *rows], (55, 25, 25, 70)),
    ]


def _table(rows: list[list[str]], widths: tuple[int, ...] = (45, 130)) -> Table:
    cells = [[Paragraph(_escaped(each), _PLAIN) for each in row] for row in rows]
    return Table(cells, colWidths=[each * mm for each in widths], style=_LINES, hAlign="LEFT")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _plain(text: str) -> str:
    """Without the characters that this font has no sign for; they would print as nothing."""
    gone = {each.position for each in unmappable_in_cp932(text)}
    return "".join("〓" if at in gone else sign for at, sign in enumerate(text))


def _when(at: Any) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else "—"
