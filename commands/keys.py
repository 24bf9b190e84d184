"""`flask keys`: the deployment's keys, which lie in one folder outside the store and outside every backup."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from accounts.console import NAME
from audit.events import note
from commands.opening import StoreGroup, with_bare_store
from commands.words import said, say
from models.data_classes import Words
from operations.keyring import accept as accept_keys
from operations.keyring import follow, look
from settings.keys import FACTOR, IMPORT_SOURCE, LEDGER, PEPPER, SECRET

LOST: dict[str, Words] = {
    SECRET: ("全員がサインインし直します。", "Everybody signs in again."),
    PEPPER: (
        "いまのパスワードとAPIトークンは使えなくなります。flask users reset で付け直してください。",
        "Present passwords and API tokens are of no use; make new ones with flask users reset.",
    ),
    FACTOR: (
        "確認コード(第2要素)は設定し直しです(flask users reset --factor)。",
        "Second factors are set up again (flask users reset --factor).",
    ),
    LEDGER: (
        "これまでの台帳の署名は、前の鍵がなければ確かめられません。",
        "Checkpoints signed until now cannot be verified without the former key.",
    ),
    IMPORT_SOURCE: (
        "署名していない取込の元ファイルは開けません。取込をやり直してください。",
        "Source files of imports not yet signed off cannot be opened; import them again.",
    ),
}
"""What the loss of each key means."""


@click.group(cls=StoreGroup, help="鍵を扱う。 / Operate the keys.")
def keys() -> None:
    """See the help above."""


@keys.command(help="次のペッパーを作る。 / Make the next pepper of passwords.")
def pepper() -> None:
    """See the help above."""
    made = follow(current_app.config["SETTINGS"], PEPPER)
    note("pepper_made", actor=NAME, detail=made)
    say(
        f"{made} を作りました。再起動のあと、それぞれのパスワードは次のサインインで新しいペッパーに移ります。古いファイルは消さないでください。",
        f"Made {made}. After a restart each password moves to it at its person's next sign-in. Keep the older files.",
    )


@click.command(
    help="鍵が失われたとき、いまの鍵(なければ新しく作る)をこのデータベースの鍵とする。 / Where keys are lost for good, take the ones of "
    "this machine, or new ones, for the store's."
)
@click.option("--yes", is_flag=True, help="尋ねずに行う / Do not ask")
@with_appcontext
@with_bare_store
def accept(yes: bool) -> None:
    """See the help above."""
    settings = current_app.config["SETTINGS"]
    faults = look(settings).faults
    if not faults:
        say("鍵はそろっています。", "The keys are the store's.")
        return
    for name, fault in faults.items():
        say(f"{name}: {fault[0]}。{_lost(name)[0]}", f"{name}: {fault[1]}. {_lost(name)[1]}")
    if not yes:
        click.confirm(
            said(("元に戻せません。続けますか", "This cannot be undone. Go on?")), abort=True, err=True
        )
    accept_keys(settings)
    note("keys_accepted", actor=NAME, detail=", ".join(faults))
    say(
        "この機械の鍵を受け入れました。再起動してください。",
        "The keys of this machine are taken; restart the panel.",
    )


def _lost(name: str) -> Words:
    return LOST[name.partition(".")[0]]


keys.add_command(accept)
