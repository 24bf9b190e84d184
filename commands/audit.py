"""`flask audit`: seal what waits, look whether the ledgers are as they were written, and go on after a restore."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from rich.table import Table

from audit.chain import chain, head, institutions
from audit.drain import copy_all, drain
from audit.place import Diverged, Place, copied_head
from audit.sealer import seal as seal_outboxes
from audit.segments import new_segment
from audit.verifying import WRONG, Report
from audit.verifying import verify as verify_chains
from commands.words import progress, results, said, say, stop
from gate.console import NAME
from settings import keys
from settings.environment import Settings


def second_place() -> Place:
    """The second place of this deployment, and the key that signs its checkpoints."""
    settings: Settings = current_app.config["SETTINGS"]
    return Place(settings.second_place, keys.key(settings.var, "ledger"))


@click.group(cls=AppGroup, help="操作履歴と閲覧記録の台帳を扱う。 / Operate the ledgers.")
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
    help="台帳がすべて書かれたときのままかを確かめる。良いときだけ終了コード0。 / Look whether every entry is as it was written. Exit "
    "status 0 only when all are."
)
def verify() -> None:
    """See the help above."""
    place = second_place()
    bad = 0
    reports = []
    with progress("点検", "Verifying", chain().estimated_document_count(), "") as (bar, task):
        for report in verify_chains(place, lambda count: bar.advance(task, count)):
            reports.append(report)
            bad += report.finding is not None
    for report in reports:
        click.echo(_told(report))
    if not reports:
        say("台帳はまだ空です。", "The ledgers are still empty.")
    if bad:
        raise SystemExit(1)


def _told(report: Report) -> str:
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
            number = new_segment(place, each, actor=NAME)
        except (Diverged, OSError) as error:
            stop(*_not_copied(error))
        say(f"{each}: {number:,}番から新しい区間です。", f"{each}: a new segment begins at {number:,}.")
