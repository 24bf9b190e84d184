"""`flask seed`: the demo's institutions, accounts and invented records."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app

from commands.opening import StoreGroup, with_store
from commands.words import progress, reader, said, say, stop

_count = click.IntRange(min=0, max=1_000_000)


@click.group(
    cls=StoreGroup,
    invoke_without_command=True,
    help="見本を作る。 / Make the demonstration: institutions, accounts and invented records.",
)
@click.option(
    "--if-empty",
    is_flag=True,
    help="このアプリが持つ空のデータベース(または SHUZOKO_DEMO=1)にだけ、小さな見本を作る。 / "
    "Make a small one, only in an empty store of our own (or with SHUZOKO_DEMO=1).",
)
@click.pass_context
def seed(context: click.Context, if_empty: bool) -> None:
    """See the help above."""
    if context.invoked_subcommand is not None:
        return
    if not if_empty:
        click.echo(context.get_help())
        context.exit(2)
    if demo_asked():  # else the store is not even opened
        with_store(make_where_wanted)()


def demo_asked() -> bool:
    """Whether SHUZOKO_DEMO asks for the demonstration: by default in a store of our own, not in one that MONGODB_URI names."""
    own = not current_app.config["SETTINGS"].mongodb_uri
    return os.environ.get("SHUZOKO_DEMO", "") in ("1", "" if own else "1")


def make_where_wanted() -> None:
    """Make a small demonstration in a store that is empty, or where one was cut short."""
    from seeds.demo import Sizes, wanted

    if wanted():
        _make(Sizes(), 1)


@seed.command(
    help="見本を作る。途中で止まっても、もう一度実行すれば続きから作る。 / Make the demonstration; stopped midway, run it again "
    "and it goes on."
)
@click.option("--items", type=_count, help="資料の件数(二館で半分ずつ) / Items, half for each museum")
@click.option("--donors", type=_count, help="寄贈者の人数 / Donors")
@click.option("--patrons", type=_count, help="図書館利用者の人数 / Library patrons")
@click.option("--books", type=_count, help="図書の冊数 / Books")
@click.option("--media", type=_count, help="画像の点数 / Pictures")
@click.option(
    "--number",
    type=int,
    default=1,
    show_default=True,
    help="同じ番号なら同じ記録になる。 / The same number gives the same records.",
)
def demo(number: int, **sizes: int | None) -> None:
    """Every size that was not given is the small demo's."""
    from seeds.demo import Sizes, lived_in

    if lived_in():
        stop(
            "このデータベースには館の記録があります。見本は、空のデータベースを MONGODB_URI か SHUZOKO_DATABASE で指定して作ってください。",
            "This store holds an institution's records. Name an empty one with MONGODB_URI or SHUZOKO_DATABASE for the demo.",
        )
    _make(replace(Sizes(), **{name: size for name, size in sizes.items() if size is not None}), number)


def _make(sizes: object, number: int) -> None:
    from seeds.demo import Sizes, make
    from seeds.passwords import FILE

    assert isinstance(sizes, Sizes)  # noqa: S101 - for the type checker: seeds is imported late
    var: Path = current_app.config["SETTINGS"].var
    began = time.monotonic()
    with progress(
        "見本を作成", "Making the demonstration", sizes.total(), said(("件/秒", "/s"), reader() or "ja")
    ) as (bar, task):

        def tell(noun: str, more: int) -> None:
            del noun
            bar.advance(task, more)
            done = bar.tasks[0].completed
            bar.update(task, rate=f"{done / max(0.1, time.monotonic() - began):.0f}")
            if done >= sizes.total():
                bar.update(task, description=said(("索引を作成", "Building indexes")))

        try:
            made = make(sizes, number, var=var, pepper=current_app.config["PEPPER"], tell=tell)
        except OSError as error:
            stop(f"ファイルに書けません: {error.filename}", f"Cannot write {error.filename}")
    seconds = time.monotonic() - began
    say(f"見本ができました({seconds:.1f}秒)。", f"The demonstration is ready ({seconds:.1f} s).")
    if made:
        say(f"{made}人分のパスワード: {var / FILE}", f"Passwords of {made} accounts: {var / FILE}")
