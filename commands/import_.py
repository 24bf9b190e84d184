"""`flask import`: records out of a file, through a mapping and the gate's validator."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup
from pymongo.errors import PyMongoError

from audit.events import note
from commands.words import progress, reader, said, say, stop
from gate.accounts import account, circle
from gate.console import console
from gate.operating import account_named
from gate.refusals import Refused
from japanese.text import safe_cell
from migration.mapping import Mapping, MappingError, read_mapping
from migration.running import Problem, Run
from migration.sheets import SheetError, opened
from policies.actor import Actor

MAPPINGS = Path(__file__).resolve().parent.parent / "seeds" / "mappings"
SHOWN = 20
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import", cls=AppGroup, help="ファイルから記録を取り込む。 / Take records in from a file.")
def import_() -> None:
    """See the help above."""


@import_.command(
    help="CSV(UTF-8またはcp932)から資料を取り込む。良い行は登録し、悪い行は行・列・理由を示す。すべて登録できたときだけ終了コード0。 / "
    "Items from a CSV (UTF-8 or cp932). Good rows are stored; each bad one is told with row, column and reason. Exit status "
    "0 only when all are in."
)
@click.argument("file", type=_file)
@click.option(
    "--mapping",
    required=True,
    help="列と項目の対応表(TOMLファイル、または見本の名: carnegie, shinjuku-sites) / Mapping of columns to fields: a TOML "
    "file, or the name of one of ours",
)
@click.option("--institution", required=True, help="どの館の資料か(館コード) / Code of the institution")
@click.option("--as", "login", help="このログインIDの権限で取り込む / Import with this account's rights")
@click.option(
    "--problems",
    type=click.Path(dir_okay=False, path_type=Path),
    help="悪い行の一覧をこのCSVに書く / Write the bad rows to this CSV",
)
def items(file: Path, mapping: str, institution: str, login: str | None, problems: Path | None) -> None:
    """See the help above."""
    read = _mapping(mapping)
    if read.noun.name != "item":
        stop("この対応表は資料のものではありません。", "This mapping is not for items.")
    if not circle(institution):
        stop(f"館コード「{institution}」はありません。", f"There is no institution {institution}.")
    if problems and problems.resolve() == file.resolve():
        stop("--problems に元のファイルは指定できません。", "--problems cannot be the file itself.")
    actor = _actor(login) if login else console(institution)
    with _told(problems) as report:
        run = Run(actor, read, institution, report)
        seconds = _run(run, file)
    note("imported", actor=actor.user, institution=institution, noun=read.noun.name,
         detail=f"stored={run.stored} refused={run.refused}")  # fmt: skip
    say(
        f"{run.rows:,}行のうち{run.stored:,}件を登録しました({seconds:.1f}秒)。登録できなかった行: {run.refused:,}",
        f"{run.stored:,} of {run.rows:,} rows are stored ({seconds:.1f} s). Rows refused: {run.refused:,}",
    )
    if run.refused:
        raise SystemExit(1)


def _mapping(name: str) -> Mapping:
    own = MAPPINGS / f"{name}.toml"
    try:
        return read_mapping(own if own.is_file() and not Path(name).exists() else Path(name))
    except MappingError as error:
        stop(*error.words)
    except OSError:
        known = "、".join(sorted(each.stem for each in MAPPINGS.glob("*.toml")))
        stop(f"対応表「{name}」がありません。見本: {known}", f"There is no mapping {name}. Ours: {known}")


def _actor(login: str) -> Actor:
    found = account(account_named(login) or "")
    if found is None:
        stop(f"アカウント「{login}」は使えません。", f"The account {login} cannot be used.")
    return found.actor


def _run(run: Run, file: Path) -> float:
    """Read the file with a bar; returns the seconds it took."""
    began = time.monotonic()
    try:
        run.permit()
        with opened(file) as sheet:
            if lacking := run.mapping.lacking(sheet.header):
                missing = "、".join(lacking)
                stop(f"ファイルにない列があります: {missing}", f"The file lacks columns: {missing}")
            with progress("取込", "Importing", None, said(("行/秒", "/s"), reader() or "ja")) as (bar, task):

                def advance() -> None:
                    rate = f"{run.rows / max(0.1, time.monotonic() - began):.0f}"
                    # The number of rows is not known before the end: it is told from the bytes read.
                    total = max(run.rows, run.rows * sheet.size // max(1, sheet.position))
                    bar.update(task, completed=run.rows, total=total, rate=rate)

                run.read(sheet, advance)
                bar.update(task, total=run.rows)
    except SheetError as error:
        stop(*error.words)
    except Refused as error:
        stop(*error.verdict.reason)
    except PyMongoError:
        stop(
            f"データベースが答えません。{run.stored:,}件までは登録済みです。もう一度実行すると、続きが登録されます。",
            f"The store does not answer. {run.stored:,} records are in; run it again for the rest.",
        )
    return time.monotonic() - began


@contextmanager
def _told(problems: Path | None) -> Iterator[Callable[[Problem], None]]:
    """What reports a problem: to the screen the first few, to the file all."""
    count = 0
    file = problems.open("w", encoding="utf-8-sig", newline="") if problems else None
    writer = csv.writer(file) if file else None
    if writer:
        writer.writerow([said(("行", "row")), said(("列", "column")), said(("理由", "reason"))])

    def report(problem: Problem) -> None:
        nonlocal count
        count += 1
        if writer:
            writer.writerow([problem.row, safe_cell(problem.column), said(problem.reason)])
        if count <= SHOWN:
            where = f"「{problem.column}」" if problem.column else ""
            say(
                f"{problem.row}行目{where}: {problem.reason[0]}",
                f"row {problem.row}, {problem.column}: {problem.reason[1]}",
            )

    try:
        yield report
    finally:
        if file:
            file.close()
        if count > SHOWN:
            say(
                f"ほかに{count - SHOWN:,}か所。すべては --problems の一覧に。",
                f"{count - SHOWN:,} more; --problems lists all.",
            )
