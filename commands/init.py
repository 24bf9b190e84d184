"""`flask init`: the first government of an empty store, or one more: its institution, roles and administrator."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from accounts.sign_in.resets import awaits_approval
from commands.opening import with_store
from commands.seed import demo_asked, make_where_wanted
from commands.upgrade import bring_up_to_date
from commands.words import said, say, stop
from gate.refusals import Invalid
from models.data_classes import Words
from operations.store_indexes import ensure_indexes
from roles.first_run import close_first_run, open_first_run
from roles.setting_up import KINDS, Invitation, set_up_government
from settings.environment import Settings

ASKED: dict[str, Words] = {
    "kind": ("最初に作るもの", "What to create first"),
    "name": ("名称", "Name"),
    "name_en": ("英語名(なければ空のまま)", "English name (may be empty)"),
    "code": ("館コード(英小文字・数字・ハイフン)", "Code (lower-case letters, digits, hyphens)"),
    "display_name": ("管理者の氏名", "Administrator's name"),
    "login_id": ("管理者のログインID", "Administrator's login id"),
}


@click.command(
    help="最初の課または館・標準の役割・管理者を作り、管理者がパスワードを決めるリンクを表示する。 / Make the first section or institution, the "
    "usual roles and an administrator, and print the link by which that person chooses a password."
)
@click.option("--kind", type=click.Choice(list(KINDS)), help="種類 / museums, museum, libraries or library")
@click.option("--name", help="名称 / Name")
@click.option("--name-en", help="英語名 / English name")
@click.option("--code", help="館コード / Code")
@click.option("--display-name", help="管理者の氏名 / Administrator's name")
@click.option("--login-id", help="管理者のログインID / Administrator's login id")
@click.option(
    "--page",
    is_flag=True,
    help="作らずに、はじめの設定の画面のアドレスを表示する / Only print the address of the first-run page",
)
@click.option("--at-start", is_flag=True, hidden=True)
@with_appcontext
@with_store
def init(page: bool, at_start: bool, **given: str | None) -> None:
    """See the help above. `--at-start` is what `make run` does before it serves."""
    if at_start:
        bring_up_to_date(quick=True)
        if demo_asked():
            make_where_wanted()
    if page or at_start:
        _page(must=page)
        return
    ensure_indexes()
    values = {name: _asked(name) if (asked := given[name]) is None else asked for name in ASKED}
    try:
        made = set_up_government(values, pepper=current_app.config["PEPPER"])
    except Invalid as error:
        stop(*wrong_of(error, ASKED))
    close_first_run()
    tell_of(made)


def _asked(name: str) -> str:
    if name == "kind":
        for code, kind in KINDS.items():
            click.echo(f"  {code}: {said(kind.label)}", err=True)
        return str(click.prompt(said(ASKED[name]), type=click.Choice(list(KINDS)), err=True))
    default = "" if name == "name_en" else "admin" if name == "login_id" else None
    return str(click.prompt(said(ASKED[name]), default=default, show_default=bool(default), err=True))


def _page(*, must: bool) -> None:
    token = open_first_run()
    if token is not None:
        ensure_indexes()
        settings: Settings = current_app.config["SETTINGS"]
        click.echo(f"{settings.own_address}/setup/{token}")
    elif must:
        stop(
            "管理者がすでにいるので、はじめの設定の画面は開きません。",
            "There is an administrator already, so the first-run page stays closed.",
        )


def tell_of(made: Invitation) -> None:
    """Print a new account's link, and what to do with it."""
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"{settings.own_address}/reset/{made.token}")
    at = f"{made.until.astimezone():%Y-%m-%d %H:%M}"
    say(
        f"「{made.login_id}」のパスワードを決めるリンクです。{at}まで、1回だけ使えます。本人に渡してください。",
        f"By this link {made.login_id} chooses a password. Good once, until {at}. Hand it to the person.",
    )
    if awaits_approval(made.token, pepper=current_app.config["PEPPER"]):
        say(
            "個人情報を扱える役割なので、画面の「アカウントの承認」で別の人が承認すると使えます(承認する人がいなければ flask users release)。",
            "Its role reaches personal data: it can be used once another person has approved it under “Approve accounts” (or, where "
            "there is none, after flask users release).",
        )


def wrong_of(error: Invalid, names: dict[str, Words]) -> Words:
    """What was wrong with each value, in one text."""
    told = [(names.get(name, (name, name)), words) for name, words in error.errors.items()]
    return (
        " ".join(f"{name[0]}: {words[0]}" if name[0] else words[0] for name, words in told),
        " ".join(f"{name[1]}: {words[1]}" if name[1] else words[1] for name, words in told),
    )
