"""`flask audit`: seal what waits, look whether the ledgers are as they were written, and go on after a restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from rich.table import Table

from accounts.accounts import circle
from accounts.console import NAME, console
from accounts.operating import account_named
from audit.chain import chain, head, institutions
from audit.drain import copy_all, drain
from audit.place import Diverged, Place, copied_head
from audit.sealer import seal as seal_outboxes
from audit.segments import open_segment_after_restore
from audit.streams import forget_heads
from audit.verification.chains import WRONG, Report, verify_chain
from audit.verification.chains import verify as verify_chains
from audit.verification.live_records import WRONG as RECORDS_WRONG
from audit.verification.live_records import RecordFinding, how_many, verify_records
from audit.verification.missing_records import MissingRecords
from commands.opening import StoreGroup
from commands.words import progress, results, said, say, stop
from documents import incident as incident_paper
from documents import inspection as inspection_paper
from documents.fonts import NoFont
from documents.names import house_named
from documents.pack import pack
from documents.paper import Paper
from gate.store.clock import now
from models.registry import NOUNS
from oversight.inspection import incident as gather_incident
from oversight.inspection import inspect
from policies.work import JAPAN
from settings.environment import Settings

SHOWN = 200
"""Records that are not as the ledger says: so many are named."""


def second_place() -> Place:
    """The second place of this deployment, and the key that signs its checkpoints."""
    settings: Settings = current_app.config["SETTINGS"]
    return Place(settings.second_place, current_app.config["LEDGER_KEY"])


@click.group(cls=StoreGroup, help="操作履歴と閲覧記録の台帳を扱う。 / Operate the ledgers.")
def audit() -> None:
    """See the help above."""


@audit.command(
    help="待っている記録を台帳と写しへ送り、控えに署名する。 / Seal what waits, copy it, sign checkpoints."
)
def seal() -> None:
    """See the help above."""
    with progress("封緘", "Sealing", None, "") as (bar, task):
        while count := seal_outboxes() + drain():
            bar.advance(task, count)
        try:
            copied = copy_all(second_place(), force=True)
        except (Diverged, OSError) as error:
            stop(*_not_copied(error))
    say(f"写しに{copied:,}件を書き足しました。", f"{copied:,} entries were added to the second place.")


def _not_copied(error: Diverged | OSError) -> tuple[str, str]:
    if isinstance(error, Diverged):
        return (
            f"台帳「{error.institution}」の{error.number}番が写しにつながりません。flask audit verify で確かめてください。"
            "バックアップから戻した直後なら flask audit new-segment です。",
            f"Entry {error.number} of {error.institution} does not follow its copy; look with flask audit verify. "
            "After a restore, it is flask audit new-segment.",
        )
    return (
        f"台帳の写しに書けません({error.strerror})。SHUZOKO_LEDGER_COPY の置き場を確かめてください。",
        f"The second place cannot be written ({error.strerror}); look at the folder of SHUZOKO_LEDGER_COPY.",
    )


@audit.command(
    help="台帳がすべて書かれたときのままか、いまの記録が台帳のとおりかを確かめる。アカウント・役割・館はすべて、ほかの記録は抜き取りで見る。"
    "良いときだけ終了コード0。 / Look whether every entry is as it was written, and whether live records are as the ledger says: every "
    "account, role and institution, and a sample of the other records. Exit status 0 only when all are."
)
@click.option("--records", is_flag=True, help="記録をすべて見る / Look at every record")
def verify(records: bool) -> None:
    """See the help above."""
    place = second_place()
    bad = 0
    reports = []
    missing = MissingRecords(whole=records)
    with progress("点検", "Verifying", chain().estimated_document_count(), "") as (bar, task):
        for report in verify_chains(place, lambda count: bar.advance(task, count), missing.see):
            reports.append(report)
            bad += report.finding is not None
    for report in reports:
        click.echo(_report_line(report))
    with progress("記録の点検", "Verifying records", how_many(whole=records), "") as (bar, task):
        findings = [
            *verify_records(whole=records, tell=lambda count: bar.advance(task, count)),
            *missing.found(),
        ]
    for finding in findings[:SHOWN]:
        click.echo(_finding_line(finding))
    if len(findings) > SHOWN:
        say(f"ほか{len(findings) - SHOWN:,}件。", f"{len(findings) - SHOWN:,} more.")
    bad += len(findings)
    if not reports:
        say("台帳はまだ空です。", "The ledgers are still empty.")
    if bad:
        raise SystemExit(1)


def _finding_line(finding: RecordFinding) -> str:
    """What is wrong with a live record: its noun, number and field, and no value."""
    noun = NOUNS[finding.noun]
    field = f" {said(noun.fields[finding.field].label)} ({finding.field})" if finding.field else ""
    return f"✗ {said(noun.label)} ({noun.name}) {finding.number}{field}: {said(RECORDS_WRONG[finding.wrong])}"


def _report_line(report: Report) -> str:
    """Describe a verified chain in one line: its head, or what is wrong with it."""
    segments = "".join(
        said((f" / {number}番から新しい区間(復元)", f" / new segment at {number} (restore)"))
        for number in report.segments
    )
    if report.finding is None:
        return f"✓ {report.institution}: {report.good.number:,} {report.good.hash[:16]}{segments}"
    what = f" ({report.finding.what})" if report.finding.what else ""
    return f"✗ {report.institution}: {report.finding.number:,} {said(WRONG[report.finding.wrong])}{what}{segments}"


@audit.command(
    help="各館の台帳の末尾を、データベースと写しについて示す。 / Show where each chain and its copy end."
)
def heads() -> None:
    """See the help above."""
    place = second_place()
    table = Table(
        *(
            said(each)
            for each in (("館", "institution"), ("件数", "entries"), ("末尾", "head"), ("写し", "copy"))
        ),
        box=None,
    )
    for institution in sorted({*institutions(), *place.institutions()}):
        ends, copied = head(institution), copied_head(place, institution)
        same = "✓" if copied == ends else f"{copied.number:,}"
        table.add_row(institution, f"{ends.number:,}", ends.hash, same)
    results().print(table)


@audit.command(
    "new-segment",
    help="バックアップから戻したあと、写しに続けて新しい区間を開く。両方の末尾を記す。 / After a restore, go on behind the second place "
    "with a new segment that names both heads.",
)
@click.option("--institution", help="この館だけ / this one only")
def new_segment_(institution: str | None) -> None:
    """See the help above."""
    place = second_place()
    for each in [institution] if institution else sorted({*institutions(), *place.institutions()}):
        try:
            number = open_segment_after_restore(place, each, actor=NAME)
        except (Diverged, OSError) as error:
            stop(*_not_copied(error))
        say(f"{each}: {number:,}番から新しい区間です。", f"{each}: a new segment begins at {number:,}.")
    forget_heads(place.folder)


@audit.command(
    help="年度(4月から3月)の点検資料をPDFとデータ(zip)にする。 / The inspection pack of a fiscal year, April to March: a PDF with its data."
)
@click.argument("year", type=click.IntRange(2000, 2199))
@click.option("--institution", required=True, help="館のコード / The institution's code")
@click.option("--output", type=click.Path(dir_okay=False), help="書き出すファイル / The file to write")
def inspection(year: int, institution: str, output: str | None) -> None:
    """See the help above."""
    if institution not in circle(institution):
        stop(f"館「{institution}」はありません。", f"There is no institution {institution}.")
    actor = console(institution, frozenset(circle(institution)) - {institution})
    with progress("点検資料", "Inspection pack", None, ""):
        found = inspect(actor, institution, year)
        paper = inspection_paper.paper_of(found, verify_chain(second_place(), institution))
    _write(paper, f"inspection-{institution}-{year}", output)


@audit.command(
    help="事故報告資料をPDFとデータ(zip)にする: アカウントか記録について、だれが何を見て何をしたか。 / The incident pack: who saw and did what, "
    "of an account or a record."
)
@click.option("--institution", required=True, help="報告する館のコード / The institution that reports")
@click.option("--account", default="", help="ログインID / Login id")
@click.option("--subject", default="", help="記録のID / A record's id")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="2026-04-01T09:00")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="2026-04-01T17:00")
@click.option("--output", type=click.Path(dir_okay=False), help="書き出すファイル / The file to write")
def incident(
    institution: str, account: str, subject: str, since: datetime, until: datetime, output: str | None
) -> None:
    """See the help above."""
    if bool(account) == bool(subject):
        stop(
            "--account か --subject のどちらか一つを指定してください。", "Give either --account or --subject."
        )
    user = account_named(account) if account else ""
    if user is None:
        stop(f"アカウント「{account}」はありません。", f"There is no account {account}.")
    if institution not in circle(institution):
        stop(f"館「{institution}」はありません。", f"There is no institution {institution}.")
    actor = console(institution, frozenset(circle(institution)) - {institution})
    first, last = (each.replace(tzinfo=JAPAN).astimezone(UTC) for each in (since, until))
    found = gather_incident(actor, first, last, account=user, subject=subject)
    _write(incident_paper.paper_of(found, house_named(institution)), "incident", output)


def _write(paper: Paper, name: str, output: str | None) -> None:
    try:
        data = pack(paper, name, now())
    except NoFont:
        stop(
            "日本語フォントがないため、PDFを作れません。fonts-noto-cjk を入れてください。",
            "There is no Japanese font for the PDF; install fonts-noto-cjk.",
        )
    path = Path(output or f"{name}.zip")
    path.write_bytes(data)
    path.chmod(0o600)
    say(f"{path} を作りました。", f"{path} was made.")
