"""`flask import photographs`: a folder or zip of pictures to the items that their names tell of."""

from __future__ import annotations

from pathlib import Path

import click

from accounts.accounts import circle
from audit.events import note
from commands.import_ import actor_for
from commands.opening import with_store
from commands.words import progress, said, say, stop
from gate.refusals import Refused
from imports.formats.form import SheetError
from imports.photographs.matching import bring_in, photos, said_by
from operations.store_indexes import ensure_indexes

SHOWN = 20


@click.command(
    help="写真をファイル名(資料番号と _1・-a・(2) などの枝)で資料に付ける。フォルダーかzip。くり返しても二重にならない。 / Photographs "
    "to items by file name: accession number with a suffix such as _1, -a, (2). A folder or a zip; run again, nothing comes twice."
)
@click.argument("where", type=click.Path(exists=True, path_type=Path))
@click.option("--institution", required=True, help="どの館の資料か(館コード) / Code of the institution")
@click.option("--as", "login", help="このログインIDの権限で取り込む / Import with this account's rights")
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="ファイル名と資料番号の対応表(CSV・XLSX) / A CSV or XLSX of file names and accession numbers",
)  # fmt: skip
@click.option("--ask-password", is_flag=True, help="zipのパスワードを尋ねる / Ask for the zip's password")
@with_store
def photographs(
    where: Path, institution: str, login: str | None, mapping: Path | None, ask_password: bool
) -> None:
    """See the help above."""
    if not circle(institution):
        stop(f"館コード「{institution}」はありません。", f"There is no institution {institution}.")
    actor = actor_for(login, institution)
    password = (
        click.prompt(said(("zipのパスワード", "password of the zip")), hide_input=True)
        if ask_password
        else ""
    )
    ensure_indexes()
    came = wrong = 0
    try:
        told = said_by(mapping) if mapping else None
        with photos(where, password) as those, progress("写真", "Photographs", len(those), "") as (bar, task):
            for each in bring_in(actor, institution, those, told):
                bar.update(task, advance=1)
                came += each.came
                if each.reason:
                    wrong += 1
                    if wrong <= SHOWN:
                        say(f"{each.name}: {each.reason[0]}", f"{each.name}: {each.reason[1]}")
            total = len(those)
    except SheetError as error:
        stop(*error.words)
    except Refused as error:
        stop(*error.verdict.reason)
    note(
        "imported",
        actor=actor.user,
        institution=institution,
        noun="media",
        detail=f"came={came} wrong={wrong}",
    )
    say(
        f"{total:,}枚のうち{came:,}枚を付けました。すでにあるもの: {total - came - wrong:,}、付けられなかったもの: {wrong:,}",
        f"{came:,} of {total:,} photographs came in. There before: {total - came - wrong:,}; not brought in: {wrong:,}",
    )
    if wrong:
        raise SystemExit(1)
