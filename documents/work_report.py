"""作業報告書: what was asked and decided, who went in and out, and what the contractor's sessions did, from the ledger."""

from __future__ import annotations

from documents.cells import cell
from documents.ledger_tables import act, noun_named, particulars
from documents.names import house_named, my_name
from documents.paper import Paper, Part, Table
from gate.reading.shown import Row
from gate.store.clock import now
from words import day, t, w
from workflows.work_requests.requests import Report

REQUEST = ("request_number", "work", "why", "work_place", "contractor", "begins_at", "ends_at", "network", "witness", "notes")  # fmt: skip
DECISION = ("work_status", "created_by", "decided_by", "decided_at", "decision_note", "closed_by", "closed_at", "outcome")  # fmt: skip


def paper_of(report: Report) -> Paper:
    """The report as a paper."""
    row = report.row
    return Paper(
        title=t("作業報告書", "Work report") + f" {row.label.split(' ')[0]}",
        house=house_named(row.institution),
        about=[(t("作成", "Made"), day(now())), (t("作成者", "Made by"), my_name())],
        parts=[
            Part("request", t("申請", "Request"), facts=_facts(row, REQUEST)),
            Part("decision", t("決裁と結果", "Decision and outcome"), facts=_facts(row, DECISION)),
            _passages(row),
            _acts(report),
            Part(
                "seal",
                t("確認", "Checked"),
                facts=[(t("立会人", "Witness"), ""), (t("取扱責任者", "Responsible person"), "")],
            ),
        ],
        empty=t("記録はありません。", "Nothing is recorded."),
    )


def _facts(row: Row, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(w(row[name].field.label), cell(row, row[name])) for name in names]


def _passages(row: Row) -> Part:
    shown = row["passages"]
    title = w(shown.field.label)
    if shown.state != "shown":
        return Part("passages", title, said=w(shown.verdict.reason))
    heads = [w(sub.label) for sub in shown.field.columns]
    names = [sub.name for sub in shown.field.columns]
    rows = [[str(each.get(name) or "").replace("T", " ") for name in names] for each in shown.value or []]
    return Part("passages", title, table=Table(heads, rows, [2, 1.4, 1.4, 1.4]))


def _acts(report: Report) -> Part:
    said = t(
        "作業時間内にこのアカウントが行ったことのすべてです(操作履歴・閲覧記録の台帳から)。",
        "Everything that this account did within the window, from the ledgers.",
    )
    if not report.whole:
        said += t(f"先頭から{len(report.acts):,}件です。", f" The first {len(report.acts):,}.")
    rows: list[list[str]] = [
        [day(each["at"]), act(each), noun_named(each.get("noun")), particulars(each)] for each in report.acts
    ]
    return Part(
        "acts",
        t("行ったこと", "What was done"),
        said=said,
        table=Table(
            [
                t("日時", "When"),
                t("こと", "What"),
                t("記録の種類", "Kind of record"),
                t("詳細", "Particulars"),
            ],
            rows,
            [1.5, 1.4, 1.2, 3],
        ),
    )
