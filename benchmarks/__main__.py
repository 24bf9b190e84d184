"""`make bench`: fill a database of its own, serve all sides, measure them in turn, print and keep the table."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from dotenv import load_dotenv
from mongoengine.connection import get_db

from benchmarks import imports, records, report
from benchmarks.browser import Browser
from benchmarks.cases import DJANGO, LIST, cases, export
from benchmarks.django_admin.database import database as django_database
from benchmarks.django_admin.filling import ACCOUNT
from benchmarks.measuring import TURNS, in_turns, interleaved, shares
from benchmarks.servers import Server, serve
from engine import start, var_folder
from engine.messages import say
from engine.places import PROJECT
from seeds import passwords

PEOPLE = 20
LEAVING = 100_000
"""Of more records than these no export and no import is measured: a peer's takes a quarter of an hour."""
FILLED = "filled"
"""Stands in a folder of --kept once all sides have their records, and says how many."""
LISTS = {"ours": LIST, "stock": LIST, "django": DJANGO, "floor": "/"}


@click.command()
@click.option("--items", default=40_000, show_default=True, help="資料の件数 / how many items")
@click.option("--donors", default=2_000, show_default=True, help="寄贈者の人数 / how many donors")
@click.option("--rounds", default=30, show_default=True, help="くり返しの回数 / how many rounds")
@click.option(
    "--kept",
    type=click.Path(path_type=Path),
    help="記録を残し、次もそれで測るフォルダー。途中で止まった登録は、はじめからやり直す"
    " / keep the records there, and measure by them next time; a fill that was cut short begins anew",
)
@click.option("--quick", is_flag=True, help="2,000件・5回で試し、記録しない / a trial that keeps nothing")
def main(items: int, donors: int, rounds: int, kept: Path | None, quick: bool) -> None:
    """同じ機械・同じ記録で、ほかの作り方と並べて速さを測ります。 / Measure side by side with other ways."""
    load_dotenv(PROJECT / ".env")
    if quick:
        items, donors, rounds = min(items, 2_000), min(donors, 200), min(rounds, 5)
    command = "make bench" if items == 40_000 else f".venv/bin/python -m benchmarks --items {items}"
    result = report.Result(items, donors, rounds, command)
    store = start(var_folder(os.environ))
    with TemporaryDirectory() as folder:
        # The run's own keys and demo accounts; the deployment's are left alone.
        var = kept or Path(folder)
        var.mkdir(parents=True, exist_ok=True)
        database = _database(var)
        records.connect(store.uri, database)
        environ = {
            **os.environ, "MONGODB_URI": store.uri, "SHUZOKO_DATABASE": database, "SHUZOKO_VAR": str(var),
            "HOST": "127.0.0.1",
        }  # fmt: skip
        try:
            if filling := not _filled(var, f"{items} {donors}"):
                get_db().client.drop_database(database)  # what a fill that was cut short left behind
                records.fill(var, items, donors)
            with django_database(store, f"{database}_django", anew=filling, kept=bool(kept)) as told:
                environ |= told
                if told and filling:
                    fill = [sys.executable, "-m", "benchmarks.django_admin"]
                    subprocess.run(fill, cwd=PROJECT, env=environ, check=True)  # noqa: S603 - our own command
                (var / FILLED).write_text(f"{items} {donors}", encoding="ascii")
                measure(result, environ, var, quick)
            rows = 2_000 if quick else imports.ROWS
            if items <= LEAVING and not kept:
                result.imported["filled"] = imports.measured(environ, rows)
            if items <= LEAVING:
                result.imported["empty"] = _into_an_empty_store(environ, rows)
        finally:
            if not kept:
                get_db().client.drop_database(database)
    report.show(result)
    if not quick:
        name = "benchmarks.md" if items == 40_000 else f"benchmarks-{items}.md"
        report.write(result, PROJECT / "docs" / name)


def _database(var: Path) -> str:
    """The name of the run's database, drawn once for each folder of keys."""
    drawn = var / "database"
    if not drawn.exists():
        drawn.write_text(f"shuzoko_bench_{uuid.uuid4().hex[:8]}", encoding="ascii")
    return drawn.read_text(encoding="ascii")


def _filled(var: Path, many: str) -> bool:
    """Whether a run before this one left all its records there."""
    if not (var / FILLED).exists():
        return False
    if (var / FILLED).read_text(encoding="ascii") != many:
        raise click.UsageError(f"{var}: 件数が違う記録があります / other records are kept there")
    return True


def _into_an_empty_store(environ: dict[str, str], rows: int) -> tuple[int, float, int]:
    say("取込", "import")
    name = f"{environ['SHUZOKO_DATABASE']}_import"
    with TemporaryDirectory() as folder:
        empty = {**environ, "SHUZOKO_DATABASE": name, "SHUZOKO_VAR": folder}
        try:
            imports.set_up(empty)
            return imports.measured(empty, rows)
        finally:
            get_db().client.drop_database(name)


def measure(result: report.Result, environ: dict[str, str], var: Path, quick: bool) -> None:
    """All of it, part by part, into `result`."""
    sides = {
        side: path for side, path in LISTS.items() if side != "django" or "BENCHMARK_POSTGRESQL" in environ
    }
    say("1ページずつ", "page by page")
    with ExitStack() as stack:
        servers = {side: stack.enter_context(serve(side, environ)) for side in sides}
        browsers = {side: open_browser(server, var) for side, server in servers.items()}
        lines = cases(browsers, open_browser(servers["ours"], var, "staff.soseki"))
        spreads = interleaved(lines, result.rounds)
        result.pages = [(each.label, found) for each, found in zip(lines, spreads, strict=True)]
        result.memories = {side: server.peak_memory() for side, server in servers.items()}
    say("サーバー内の内訳", "inside the server")
    with serve("ours", {**environ, "BENCHMARK_CLOCKS": "1"}) as server:
        result.shares = shares(open_browser(server, var), LIST, result.rounds)
    say(f"{PEOPLE}人同時", f"{PEOPLE} at once")
    with ExitStack() as stack:
        crowds = {}
        for side in sides:
            server = stack.enter_context(serve(side, environ, workers=2))
            crowds[side] = [open_browser(server, var) for _ in range(2 if quick else PEOPLE)]
        result.rates = in_turns(crowds, sides, 2 if quick else TURNS)
    if result.items > LEAVING:
        return
    say("書き出し", "export")
    for side, columns in (("ours", "list"), ("stock", "list"), ("ours", "all")):
        with serve(side, environ) as server:
            browser = open_browser(server, var, "manager")
            answer = export(side, browser, columns)
            lines_out = answer.body.count(b"\n")
            if answer.status != 200 or lines_out < result.items:
                raise RuntimeError(f"{side} exported {lines_out} lines, with status {answer.status}")
            result.exports[side, columns] = (answer.seconds, len(answer.body), server.peak_memory())


_sessions: dict[str, Browser] = {}


def open_browser(server: Server, var: Path, login_id: str = "staff.shinjuku") -> Browser:
    """A client, signed in where there is a sign-in; the session of one holds for all of a run."""
    browser = Browser(server)
    if server.side == "ours":
        if login_id not in _sessions:
            browser.sign_in(login_id, passwords.kept(var)[login_id][1])
            _sessions[login_id] = browser
        browser.cookies = _sessions[login_id].cookies
    if server.side == "django":
        if "django" not in _sessions:
            browser.sign_in(ACCOUNT[0], ACCOUNT[2], "/admin/login/", ("username", "password"))
            _sessions["django"] = browser
        browser.cookies = _sessions["django"].cookies
    return browser


if __name__ == "__main__":
    main()
