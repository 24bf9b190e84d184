"""`flask users`: accounts at the console, for when nobody can sign in to mend them."""

from __future__ import annotations

import click
from flask import current_app
from rich.table import Table

from accounts.accounts import standing
from accounts.approving import approve_at_console
from accounts.console import NAME, console
from accounts.lockout import unlock as unlock_attempts
from accounts.operating import account_named, every_account
from accounts.sign_in.passwords import set_password
from accounts.sign_in.resets import start_reset
from accounts.sign_in.unlocking import release_everywhere
from audit.events import note
from commands.init import tell_of, wrong_of
from commands.opening import StoreGroup
from commands.words import results, said, say, stop
from gate.refusals import Invalid
from models.data_classes import Words
from roles.setting_up import make_account
from seeds.passwords import new_password

NAMES: dict[str, Words] = {
    "login_id": ("ログインID", "login id"),
    "display_name": ("表示名", "display name"),
    "institution": ("館", "institution"),
    "role": ("役割", "role"),
}


@click.group(cls=StoreGroup, help="アカウントを扱う。 / Operate accounts.")
def users() -> None:
    """See the help above."""


@users.command("list", help="すべてのアカウントを一覧する。 / List all accounts.")
def list_() -> None:
    """See the help above."""
    heads = (
        ("館", "institution"),
        ("ログインID", "login id"),
        ("役割", "role"),
        ("状態", "state"),
        ("最終サインイン", "last sign-in"),
    )
    table = Table(*(said(each) for each in heads), box=None)
    for each in every_account(pepper=current_app.config["PEPPER"]):
        states = [said(words) for words, holds in (
            (("停止", "disabled"), each.disabled),
            (("ロック中", "locked"), each.locked),
        ) if holds]  # fmt: skip
        at = f"{each.signed_in_at:%Y-%m-%d %H:%M}" if each.signed_in_at else ""
        table.add_row(each.institution, each.login_id, each.role, " ".join(states), at)
    results().print(table)


@users.command(
    help="アカウントを作り、本人がパスワードを決めるリンクを表示する。 / Make an account, and print the link by which its person chooses a "
    "password."
)
@click.argument("login")
@click.option("--institution", required=True, help="館コード / Code of the institution")
@click.option("--role", required=True, help="役割のコード(例: staff) / Code of the role, such as staff")
@click.option("--name", required=True, help="表示名 / Display name")
def create(login: str, institution: str, role: str, name: str) -> None:
    """See the help above."""
    try:
        made = make_account(
            institution, role, {"login_id": login, "display_name": name}, pepper=current_app.config["PEPPER"]
        )
    except Invalid as error:
        stop(*wrong_of(error, NAMES))
    tell_of(made)


@users.command(
    help="承認する人がほかにいないとき、アカウントを承認する(24時間後から使える)。 / Approve an account where no second person can: it is usable "
    "after 24 hours."
)
@click.argument("login")
def release(login: str) -> None:
    """See the help above."""
    from_ = approve_at_console(_user(login)).astimezone()
    say(
        f"「{login}」は{from_:%Y-%m-%d %H:%M}から使えます。警告が館に表示されます。画面で承認できる人がいれば、すぐに使えます。",
        f"{login} may be used from {from_:%Y-%m-%d %H:%M}. An alarm is raised. Somebody who may approve it on screen can do so at once.",
    )


@users.command(help="パスワードを付け直す。 / Give an account a new password.")
@click.argument("login")
@click.option("--generate", is_flag=True, help="作って表示する / Make one and print it")
def password(login: str, generate: bool) -> None:
    """See the help above."""
    user = _user(login)
    chosen = new_password() if generate else click.prompt(
        said(("新しいパスワード", "New password")), hide_input=True, confirmation_prompt=said(("もう一度", "Again"))
    )  # fmt: skip
    try:
        set_password(user, chosen, pepper=current_app.config["PEPPER"], by=NAME)
    except Invalid as error:
        stop(*error.errors["password"])
    if generate:
        click.echo(chosen)
    say(f"「{login}」のパスワードを変えました。", f"The password of {login} is changed.")


@users.command(
    help="本人がパスワードを決めるリンクを作る。 / Make the link by which a person chooses a password."
)
@click.argument("login")
@click.option("--factor", is_flag=True, help="確認コードも解除する / Turn off the second factor too")
def reset(login: str, factor: bool) -> None:
    """See the help above."""
    user = _user(login)
    known = standing(user)
    if known is None:
        stop(f"アカウント「{login}」は使えません。", f"The account {login} cannot be used.")
    token, until = start_reset(
        console(known.actor.institution), user, pepper=current_app.config["PEPPER"], without_factor=factor
    )
    click.echo(f"{current_app.config['SETTINGS'].own_address}/reset/{token}")
    at = f"{until.astimezone():%Y-%m-%d %H:%M}"
    say(
        f"{at}まで、1回だけ使えます。本人に渡してください。", f"Good once, until {at}. Hand it to the person."
    )


@users.command(
    help="アカウントか接続元のロックを解く。 / Unlock an account that spent its attempts, or a network address."
)
@click.argument("login", required=False)
@click.option(
    "--address", help="多くのIDで誤りが続いた接続元 / A network address that failed with many login ids"
)
def unlock(login: str | None, address: str | None) -> None:
    """See the help above."""
    pepper = current_app.config["PEPPER"]
    if not login and not address:
        stop("ログインIDか --address を指定してください。", "Name a login id, or --address.")
    if login:
        user = _user(login)
        known = standing(user)
        unlock_attempts(login, pepper=pepper)
        note("unlocked", actor=NAME, institution=known.actor.institution if known else "", detail=user)
        say(f"「{login}」はサインインできます。", f"{login} may sign in.")
    if address:
        try:
            held = release_everywhere(address, pepper=pepper)
        except Invalid as error:
            stop(*error.errors["address"])
        if held:
            say(f"{address} からのサインインを再開しました。", f"{address} may sign in again.")
        else:
            say(f"{address} は止められていません。", f"{address} was not locked.")


def _user(login: str) -> str:
    user = account_named(login)
    if user is None:
        stop(f"アカウント「{login}」はありません。", f"There is no account {login}.")
    return user
