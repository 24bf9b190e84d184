"""`flask import`: records out of a file, through a mapping and the gate's validator. The same machinery as /migration/."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from pymongo.errors import PyMongoError

from accounts.accounts import account, circle
from accounts.console import console
from accounts.operating import account_named
from commands.opening import StoreGroup
from commands.words import progress, reader, said, say, stop
from engine import garbage
from gate.refusals import Refused
from imports.formats.form import ENCODINGS, Form, SheetError
from imports.formats.workbook import SECONDS
from imports.mapping import source
from imports.mapping.mapping import IMPORTABLE, Mapping, MappingError, read_mapping
from imports.run import donor_matching
from imports.run.distinct_cells import NamedValues
from imports.run.indexing import build_postponed
from imports.run.outcomes import HELD, IMPORTED, MERGED, MODES, OUTCOMES, UNCHANGED, UPDATED
from imports.run.running import prepared
from imports.store import runs
from imports.store.jobs import starting
from imports.store.table import IMPORT
from imports.work import Work
from japanese.text import formula_safe_cell
from jobs.queue import Job
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from policies.actor import Actor

MAPPINGS = Path(__file__).resolve().parent.parent / "seeds" / "mappings"
SHOWN = 20
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
GOOD = (IMPORTED, UPDATED, UNCHANGED, MERGED)
ORDERED: dict[str, Words] = {
    "dmy": ("日付は日/月/年の順で読みました。", "dates were read as day/month/year."),
    "mdy": ("日付は月/日/年の順で読みました。", "dates were read as month/day/year."),
    "": (
        '03/04/2005 のような日付の日と月の順が決められません。対応表に order = "dmy" か "mdy" と書けます。',
        'the order of day and month in dates like 03/04/2005 is not clear; the mapping can say order = "dmy" or "mdy".',
    ),
}


@click.group("import", cls=StoreGroup, help="ファイルから記録を取り込む。 / Take records in from a file.")
def import_() -> None:
    """See the help above."""


def _of_noun(noun: Noun, name: str) -> None:
    """The command that imports records of one kind; `items` is what `item` was called first."""

    @import_.command(
        name,
        help=f"CSV・TSV・XLSX(パスワード付きzipでも)から{noun.label[0]}を取り込む。良い行は登録し、悪い行は行・列・理由を示す。すべて登録できたときだけ"
        f"終了コード0。 / {noun.label[1]} from a CSV, TSV or XLSX, also in a zip with a password. Good rows are stored; each bad "
        "one is told with row, column and reason. Exit status 0 only when all are in.",
    )
    @click.argument("file", type=_file)
    @click.option(
        "--mapping",
        required=True,
        help="列と項目の対応表(TOMLファイル、または見本の名: carnegie, shinjuku-sites) / Mapping of columns to fields: a TOML "
        "file, or the name of one of ours",
    )
    @click.option("--institution", required=True, help="どの館の記録か(館コード) / Code of the institution")
    @click.option("--as", "login", help="このログインIDの権限で取り込む / Import with this account's rights")
    @click.option(
        "--problems",
        type=click.Path(dir_okay=False, path_type=Path),
        help="悪い行の一覧をこのCSVに書く / Write the bad rows to this CSV",
    )
    @click.option(
        "--mode",
        type=click.Choice(list(MODES)),
        default="create",
        show_default=True,
        help="create: 新規だけ、update: 番号の同じ記録の更新だけ、both: 両方 / create, update by number, or both",
    )
    @click.option("--blank-erases", is_flag=True, help="空のセルで値を消す / An empty cell erases the value")
    @click.option(
        "--dry-run", is_flag=True, help="確かめるだけで、何も登録しない / Only check; store nothing"
    )
    @click.option(
        "--encoding",
        type=click.Choice(list(ENCODINGS)),
        help="文字コード(省くと判定) / Encoding (else detected)",
    )
    @click.option("--sheet", default="", help="XLSXのシート名 / Sheet of a workbook")
    @click.option("--ask-password", is_flag=True, help="zipのパスワードを尋ねる / Ask for the zip's password")
    def command(**asked: Any) -> None:
        _import(noun, **asked)

    command.__doc__ = "See the help above."


def _import(
    noun: Noun, file: Path, mapping: str, institution: str, login: str | None, problems: Path | None, mode: str,
    blank_erases: bool, dry_run: bool, encoding: str | None, sheet: str, ask_password: bool,
) -> None:  # fmt: skip
    read = _mapping(mapping)
    if read.noun != noun:
        stop(
            f"この対応表は「{noun.label[0]}」のものではありません(「{read.noun.label[0]}」のものです)。",
            f"This mapping is not for {noun.label[1].lower()} but for {read.noun.label[1].lower()}.",
        )
    if not circle(institution):
        stop(f"館コード「{institution}」はありません。", f"There is no institution {institution}.")
    if problems and problems.resolve() == file.resolve():
        stop("--problems に元のファイルは指定できません。", "--problems cannot be the file itself.")
    actor = actor_for(login, institution)
    password = (
        click.prompt(said(("zipのパスワード", "password of the zip")), hide_input=True)
        if ask_password
        else ""
    )
    ensure_indexes()  # the unique ones are what finds a taken number
    key = current_app.config["IMPORT_KEY"]
    try:
        prepared(actor, read, institution, mode)
        donor_matching.check(actor, read, institution)
        run = _begun(
            actor, read, institution, key, file, password, Form(encoding=encoding or "", sheet=sheet)
        )
    except SheetError as error:
        stop(*error.words)
    except Refused as error:
        stop(*error.verdict.reason)
    _tell_of_same_file(run)
    act, work = IMPORT.act("try" if dry_run else "run_at_once"), Work(key)
    with starting(run, act, by=actor.user, institution=institution) as intent:
        told = {"mode": mode, "blank_erases": blank_erases}
        runs.advance(run, act, told, by=actor.user, mark=str(intent.id))
        job = work.own(act.job, run, intent.id)
    seconds = _run(work, job, run)
    _finished(run, act.job, problems, seconds)


for _name in (*IMPORTABLE, "items"):
    _of_noun(NOUNS[_name.removesuffix("s")], _name)


def _begun(
    actor: Actor, mapping: Mapping, institution: str, key: bytes, file: Path, password: str, form: Form
) -> str:
    def begin(kept: dict[str, Any], look: source.Look) -> str:
        if misfit := mapping.misfit(look.header):
            stop(*misfit)
        for remark in look.remarks:
            say(*remark)
        told = {
            "file": kept,
            "form": look.form.as_document(),
            "mapping": {"name": "", "version": 0, "text": mapping.text},
            "mode": "create",
        }
        return runs.begin(actor, mapping.noun, institution, told)

    with file.open("rb") as binary:
        return source.begun(
            key, binary, file.name, begin,
            by=actor.user, institution=institution, password=password, form=form, rows=1, seconds=SECONDS,
        )  # fmt: skip


def _tell_of_same_file(run: str) -> None:
    """That the very same bytes came in before: whether they may again is decided by the operator who runs the command."""
    same = runs.of_same_file(runs.known(run) or {})
    if same:
        last = f"{same[0]['made_at']:%Y-%m-%d %H:%M}"
        say(
            f"中身がまったく同じファイルが、前に取り込まれています({last}、取込{same[0]['_id']})。",
            f"The very same file has been imported before ({last}, import {same[0]['_id']}).",
        )


def _mapping(name: str) -> Mapping:
    own = MAPPINGS / f"{name}.toml"
    try:
        return read_mapping(own if own.is_file() and not Path(name).exists() else Path(name))
    except MappingError as error:
        stop(*error.words)
    except OSError:
        known = "、".join(sorted(each.stem for each in MAPPINGS.glob("*.toml")))
        stop(f"対応表「{name}」がありません。見本: {known}", f"There is no mapping {name}. Ours: {known}")


def actor_for(login: str | None, institution: str) -> Actor:
    """Who imports: the account of that login id, or the console for one institution."""
    if not login:
        return console(institution)
    found = account(account_named(login) or "")
    if found is None:
        stop(f"アカウント「{login}」は使えません。", f"The account {login} cannot be used.")
    return found.actor


def _run(work: Work, job: Job, run: str) -> float:
    """Do the job here, with a bar; returns the seconds it took."""
    began = time.monotonic()
    garbage.limit_collections(garbage.BATCHES)
    try:
        with progress("取込", "Importing", None, said(("行/秒", "/s"), reader() or "ja")) as (bar, task):
            while work.one(job) and work.busy:
                done = work.progress
                rate = f"{done.rows / max(0.1, time.monotonic() - began):,.0f}"
                bar.update(task, completed=done.rows, total=max(done.total, done.rows), rate=rate)
            bar.update(task, total=work.progress.rows)
    except PyMongoError:
        stop(
            "データベースが答えません。それまでの分は登録済みで、残りは裏の仕事(worker)が続けます。",
            "The store does not answer. What came before is in; the worker goes on with the rest.",
        )
    if work.failure:
        for _ in build_postponed(run):
            pass
        stop(*work.failure)
    return time.monotonic() - began


def _finished(run: str, kind: str, problems: Path | None, seconds: float) -> None:
    found = runs.known(run) or {}
    sums: dict[str, Any] = found.get("trial" if kind == "trial" else "counts", {})
    outcomes = sums["fates"]
    _tell(run, kind, problems)
    _tell_orders(found.get("orders", {}))
    for at, words in enumerate(OUTCOMES):
        if outcomes[at] and at != IMPORTED:
            say(f"{words[0]}: {outcomes[at]:,}", f"{words[1]}: {outcomes[at]:,}")
    bad = sums["rows"] - sum(outcomes[at] for at in GOOD)
    verb = ("登録できます", "can be stored") if kind == "trial" else ("登録しました", "are stored")
    say(
        f"{sums['rows']:,}行のうち{outcomes[IMPORTED]:,}件を{verb[0]}({seconds:.1f}秒)。登録できなかった行: {bad:,}",
        f"{outcomes[IMPORTED]:,} of {sums['rows']:,} rows {verb[1]} ({seconds:.1f} s). Rows refused: {bad:,}",
    )
    if outcomes[HELD]:
        say("保留の行は /migration/ で見られます。", "Rows held are shown at /migration/.")
    if bad:
        raise SystemExit(1)


def _tell_orders(orders: dict[str, dict[str, Any]]) -> None:
    """In which order the days of each column were read (imports.mapping.day_columns)."""
    for each in orders.values():
        ja, en = ORDERED[each["order"]]
        say(f"列「{each['column']}」: {ja}", f"Column {each['column']}: {en}")


def _tell(run: str, kind: str, file: Path | None) -> None:
    """The problems that kept rows out: the first few on the screen, all of them in the file."""
    count, values = 0, NamedValues(runs.known(run) or {}, kind, current_app.config["IMPORT_KEY"])
    with _writer(file) as write:
        for batch in runs.batches(run, kind, only=("problems", "causes")):
            for row, column, cause, fatal, _ in batch["problems"]:
                ja, en = batch["causes"][cause]
                doubt = "" if fatal else said(("確認", "look"))
                write([row, formula_safe_cell(column), said((ja, en)), doubt])
                count += fatal
                if fatal and count <= SHOWN:
                    where, cell = (f"「{column}」" if column else ""), values.value(row, column)
                    named = (f"「{cell}」: ", f"“{cell}”: ") if cell else ("", "")
                    say(f"{row}行目{where}: {named[0]}{ja}", f"row {row}, {column}: {named[1]}{en}")
    if count > SHOWN:
        say(
            f"ほかに{count - SHOWN:,}か所。すべては --problems の一覧に。",
            f"{count - SHOWN:,} more; --problems lists all.",
        )


@contextmanager
def _writer(file: Path | None) -> Iterator[Any]:
    if file is None:
        yield lambda _: None
        return
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            [said(("行", "row")), said(("列", "column")), said(("理由", "reason")), said(("種類", "kind"))]
        )
        yield writer.writerow
