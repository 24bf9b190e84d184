"""`flask keys`: the deployment's keys, which lie in one folder outside the store and outside every backup."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from audit.events import note
from commands.words import say
from gate.console import NAME
from settings.keys import follow


@click.group(cls=AppGroup, help="鍵を扱う。 / Operate the keys.")
def keys() -> None:
    """See the help above."""


@keys.command(help="次のペッパーを作る。 / Make the next pepper of passwords.")
def pepper() -> None:
    """See the help above."""
    made = follow(current_app.config["SETTINGS"].var, "pepper")
    note("pepper_made", actor=NAME, detail=made)
    say(
        f"{made} を作りました。再起動のあと、それぞれのパスワードは次のサインインで新しいペッパーに移ります。古いファイルは消さないでください。",
        f"Made {made}. After a restart each password moves to it at its person's next sign-in. Keep the older files.",
    )
